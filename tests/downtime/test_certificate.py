"""The certificate of a destroyed book: what stays, what it names, and what verification makes of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from downtime.backup import Made, make_backups
from downtime.certificate import read_certificate
from downtime.clock import ManualClock
from downtime.errors import WrongPlaceError
from downtime.export import export_journal
from downtime.record import record_event
from downtime.verify import verify_book
from forms.trust import BackupMade, Exported
from tests.downtime.builders import PATIENT
from tests.downtime.kept_books import (
    all_whole,
    finish_book,
    make_station,
    opened,
    pass_days,
    purge_book,
    ring_of,
    sign_off_book,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Home:
    """Return a station whose first book is finished and signed off."""
    made = make_station(tmp_path / "home", clock)
    finish_book(made, clock)
    sign_off_book(made, clock, 1)
    return made


def test_heads_totals_and_certificate_stay(home: Home, clock: ManualClock) -> None:
    """The next book still continues it, and the sums can be read."""
    before = verify_book(home, ring_of(home, "4003"), home.book(1))
    pass_days(clock, 184)
    outcome = purge_book(home, clock)
    assert outcome.entry.second_person == "4003"
    certificate = read_certificate(home.book(1).certificate)
    facts = certificate.facts
    assert certificate.is_genuine(home)
    assert certificate.approved_by["operator"] == "4003"
    assert outcome.entry.content["certificate"] == certificate.sha256
    assert (facts["head"], facts["entries"], facts["receipts"]) == (before.head, before.entries, 3)
    sums = {(total["account_class"], total["unit"]): total["amount"] for total in facts["totals"]}
    assert sums["drawer", "CNY"] == 7_500
    assert facts["forms"]["charge"] == {"entries": 3, "amount_minor": 7_500, "receipts": 3}
    after = verify_book(home, ring_of(home, "4003"), home.book(1))
    assert after.whole
    assert (after.head, after.entries, after.head_records) == (
        before.head,
        before.entries,
        before.head_records,
    )
    assert after.destroyed_at[:10] == "2026-07-08"
    assert "certificate" in after.lines()[0]
    assert all_whole(home)
    assert home.current_book().number == 2


def test_export_of_a_destroyed_book_says_so(home: Home, clock: ManualClock, tmp_path: Path) -> None:
    """It is no alarm."""
    pass_days(clock, 184)
    purge_book(home, clock)
    with pytest.raises(WrongPlaceError, match="2026-07-08"):
        export_journal(home, ring_of(home, "4003"), home.book(1), tmp_path / "export.jsonl")


def test_a_key_that_merely_vanished_is_an_alarm(home: Home, clock: ManualClock) -> None:
    """Only an entry makes it a destruction; a certificate put beside it does not."""
    (home.path / "keys" / "books" / "0001.json").unlink()
    assert not verify_book(home, ring_of(home, "4003"), home.book(1)).whole
    other = make_station(home.path.parent / "other", clock)
    finish_book(other, clock)
    sign_off_book(other, clock, 1)
    pass_days(clock, 184)
    purge_book(other, clock)
    shutil.copy(other.book(1).certificate, home.book(1).certificate)
    assert not verify_book(home, ring_of(home, "4003"), home.book(1)).whole


def test_a_certificate_with_another_sum_is_found_out(home: Home, clock: ManualClock) -> None:
    """Its facts are hashed, signed and named by the entry."""
    pass_days(clock, 184)
    purge_book(home, clock)
    path = home.book(1).certificate
    stored = json.loads(path.read_text("utf-8"))
    stored["facts"]["totals"][0]["amount"] += 1
    path.write_text(json.dumps(stored), "utf-8")
    assert not verify_book(home, ring_of(home, "4003"), home.book(1)).whole


def test_backups_that_hold_the_book_are_named(home: Home, clock: ManualClock, tmp_path: Path) -> None:
    """One whose disk is unplugged is named too; one that was rotated away is counted."""
    there = tmp_path / "copies"
    there.mkdir()
    (there / "b1").mkdir()
    book = opened(home, "4002", clock)
    for folder, file in ((there, "b1"), (there, "rotated"), (tmp_path / "unplugged", "b2")):
        record_event(
            book,
            BackupMade(folder=str(folder), file=file, sha256="00", book=2, head="00", entries=1),
            as_station=True,
        )
    record_event(
        book, Exported(what="book", book=1, entries=1, head="00", file="export.jsonl"), as_station=True
    )
    book.close()
    pass_days(clock, 184)
    content = purge_book(home, clock).entry.content
    named = " ".join(content["copies"])
    assert len(content["copies"]) == 3
    assert "b1" in named
    assert "b2" in named
    assert "export.jsonl" in named
    assert read_certificate(home.book(1).certificate).facts["copies_gone"] == 1


def test_the_certificate_reads_in_both_languages(home: Home, clock: ManualClock) -> None:
    """It can be printed, signed by hand and filed."""
    pass_days(clock, 184)
    purge_book(home, clock)
    text = "".join(
        page.extract_text() for page in PdfReader(home.book(1).certificate.with_suffix(".pdf")).pages
    )
    for said in ("Certificate of destruction", "账册", "练习管理员", "练习审计员", "75.00"):
        assert said in text
    assert PATIENT["name"] not in text


def test_a_real_backup_is_named_and_the_next_one_holds_the_certificate(
    home: Home, clock: ManualClock, tmp_path: Path
) -> None:
    """The station with a destroyed book is backed up like any other."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (before,) = make_backups(home, ring_of(home, "4002"), [disk], clock)
    assert isinstance(before, Made), before
    pass_days(clock, 184)
    content = purge_book(home, clock).entry.content
    assert content["copies"] == [f"backup: {before.copy.path}"]
    (after,) = make_backups(home, ring_of(home, "4002"), [disk], clock)
    assert isinstance(after, Made), after
    assert (after.copy.path / "books" / "0001" / "certificate.json").is_file()
    assert not (after.copy.path / "books" / "0001" / "journal.db").exists()
