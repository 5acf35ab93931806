"""Papers of the hospital as evidence: named by the control, dated, hashed, and gone when they are deleted."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.inspection_words import EVIDENCE, MISSING, OUT_OF_DATE
from tests.downtime.inspections import control

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downtime.inspections import Station


def _attach(station: Station, name: str, at: str = "", content: bytes = b"%PDF") -> Path:
    folder = station.path / "inspection"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    when = datetime.fromisoformat(at or station.clock.now().wall).timestamp()
    os.utime(path, (when, when))
    return path


def test_a_paper_of_the_hospital(station: Station) -> None:
    """A file named by the control is evidence with date and SHA-256; old it is out of date; deleted missing."""
    station.controls(control("emergency-plan", stale_after_days=365))

    def state() -> str:
        (only,) = station.inspect().checked
        return only.state

    assert state() == MISSING
    path = _attach(station, "emergency-plan.pdf")
    (only,) = station.inspect().checked
    assert only.state == EVIDENCE
    assert hashlib.sha256(b"%PDF").hexdigest() in only.facts[0].told.words("en")
    station.pass_days(366)
    assert state() == OUT_OF_DATE
    path.unlink()
    assert state() == MISSING


def test_a_day_in_the_name_counts_before_the_files(station: Station) -> None:
    """Copying an old plan does not make it young."""
    station.controls(control("emergency-plan", stale_after_days=365))
    _attach(station, "emergency-plan-2020-05-01.pdf")
    (only,) = station.inspect().checked
    assert only.state == OUT_OF_DATE


def test_an_empty_file_or_a_link_is_no_paper(station: Station) -> None:
    """Touching a file, or pointing at one elsewhere, proves nothing."""
    station.controls(control("emergency-plan"))
    _attach(station, "emergency-plan.pdf", content=b"")
    (station.path / "inspection" / "emergency-plan-2.pdf").symlink_to("/etc/hostname")
    (only,) = station.inspect().checked
    assert only.state == MISSING


def test_each_file_goes_to_the_longest_name(station: Station) -> None:
    """Two controls that begin alike do not share a file; what nobody asks for is listed."""
    station.controls(control("plan"), control("plan-review"))
    _attach(station, "plan-review-2026.pdf")
    _attach(station, "notes.pdf")
    found = station.inspect()
    assert [one.state for one in found.checked] == [MISSING, EVIDENCE]
    assert "notes.pdf" in " ".join(note.words("en") for note in found.notes)
