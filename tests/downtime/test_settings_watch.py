"""Whoever edits the settings is not named, but that and what they changed is in the audit; a secret never is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from downtime.home import Home
from downtime.settings_watch import SETTINGS_CHANGED, SETTINGS_SEEN, last_seen, settings_lines
from tests.downtime.builders import make_home, open_current

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook

KEY = bytes(32)
SECRET = "verysecretword"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a station with a connector that has a password."""
    return make_home(
        tmp_path / "home",
        connectors={"his": {"url": f"postgresql://app:{SECRET}@his/x", "api_token": SECRET}},
    )


@pytest.fixture
def book(home: Home) -> Iterator[OpenBook]:
    """Return its open book."""
    opened = open_current(home)
    yield opened
    opened.close()


def _edit(home: Home, old: str, new: str) -> None:
    path = home.path / "station.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _before(home: Home) -> dict[str, Any]:
    (line,) = settings_lines(home, KEY, None)
    assert line.event == SETTINGS_SEEN
    return dict(json.loads(line.detail))


def test_the_first_time_they_are_only_seen_and_then_nothing_is_said(home: Home) -> None:
    """Unchanged files make no line."""
    assert settings_lines(home, KEY, _before(home)) == []


def test_a_changed_key_is_named_with_both_values(home: Home) -> None:
    """Which file, which key, from what to what; then the new content is kept."""
    before = _before(home)
    _edit(home, "练习窗口", "练习新窗口")
    changed, seen = settings_lines(Home(home.path), KEY, before)
    assert (changed.event, changed.subject) == (SETTINGS_CHANGED, "station.toml")
    assert changed.detail == "station.name: 练习窗口 -> 练习新窗口"
    assert json.loads(seen.detail)["keys"]["station.name"] == "练习新窗口"


def test_a_secret_is_never_written_but_its_change_is(home: Home) -> None:
    """Passwords in addresses and under telling names become fingerprints that need the book's key."""
    before = _before(home)
    assert SECRET not in json.dumps(before)
    assert "postgresql://his/x" in json.dumps(before)
    _edit(home, SECRET, "another")
    changed, seen = settings_lines(Home(home.path), KEY, before)
    assert "connectors.his.url" in changed.detail
    assert "connectors.his.api_token" in changed.detail
    for text in (changed.detail, seen.detail):
        assert SECRET not in text
        assert "another" not in text


def test_a_file_of_the_site_is_watched_too(home: Home) -> None:
    """A file that comes, changes or goes in the site's folder is named."""
    before = _before(home)
    (home.path / "site").mkdir()
    (home.path / "site" / "clauses.toml").write_text("a = 1\n", "utf-8")
    changed, seen = settings_lines(home, KEY, before)
    assert changed.subject == "site/clauses.toml"
    assert "site/clauses.toml" in changed.detail
    assert settings_lines(home, KEY, json.loads(seen.detail)) == []


def test_long_settings_fit_into_a_line(home: Home, book: OpenBook) -> None:
    """However long the wording on receipts is, the line is recorded and compared with."""
    from downtime.record import record_event

    with (home.path / "station.toml").open("a", encoding="utf-8") as file:
        file.write('\n[receipt]\nwording = ["' + "练习" * 900 + '"]\n')
    (seen,) = settings_lines(Home(home.path), KEY, None)
    record_event(book, seen)
    before = last_seen(book.db)
    assert before is not None
    _edit(home, "练习练习", "练习")
    changed, _seen = settings_lines(Home(home.path), KEY, before)
    assert "receipt.wording" in changed.detail
