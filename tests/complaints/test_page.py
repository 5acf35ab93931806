"""docs/complaints.md names a complaint, what is promised, and the tests that hold it; none of them is made up."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.tidy.sources import ROOT, listed

PAGE = ROOT / "docs" / "complaints.md"
NODE = re.compile(r"^- `(tests/[\w/]+\.py::\w+)`$", re.MULTILINE)
COMPLAINTS = 21
BAD_CASES = 13
"""The refund above what was paid and the refund of a refund stand apart."""
COLLECTING_SECONDS_MAX = 120


def _sections() -> dict[str, str]:
    """Return the text below each complaint."""
    parts = re.split(r"^### (.+)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _nodes() -> set[str]:
    return set(NODE.findall(PAGE.read_text("utf-8")))


def test_every_complaint_has_a_promise_and_a_test() -> None:
    """Twenty-one complaints, each with what others suffered and what happens here; and the bad cases at the window."""
    sections = _sections()
    numbered = [title for title in sections if re.match(r"\d+\. ", title)]
    assert [int(title.partition(".")[0]) for title in numbered] == list(range(1, COMPLAINTS + 1))
    assert len(sections) == COMPLAINTS + BAD_CASES
    bare = [title for title, text in sections.items() if not NODE.search(text)]
    assert not bare, listed(bare)
    for title in numbered:
        assert "**Elsewhere:**" in sections[title], title
        assert "**Here:**" in sections[title], title


def test_every_line_that_looks_like_a_test_is_one() -> None:
    """No bullet of the page is written so that it escapes the check."""
    bullets = re.findall(r"^- (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    odd = [bullet for bullet in bullets if not NODE.match(f"- {bullet}")]
    assert not odd, listed(odd)


def test_every_test_named_on_the_page_is_collected() -> None:
    """The suite finds each of them under this very name; one that was renamed or lost is told."""
    nodes = _nodes()
    paths = sorted({node.partition("::")[0] for node in nodes})
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-n0", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=COLLECTING_SECONDS_MAX,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
    )
    collected = {line.partition("[")[0].strip() for line in run.stdout.splitlines() if "::" in line}
    assert nodes <= collected, listed(sorted(nodes - collected)) + run.stderr[-2000:]


def test_every_test_of_a_complaint_stands_on_the_page() -> None:
    """A test written for a complaint is told to the reader."""
    here = {
        f"tests/complaints/{path.name}::{name}"
        for path in (ROOT / "tests" / "complaints").glob("test_*.py")
        if path.name != "test_page.py"
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert here <= _nodes(), listed(sorted(here - _nodes()))
