"""The inbox takes whole, right sets and nothing else; whatever comes, the old data stay in force."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from typing import TYPE_CHECKING

import pytest

from downtime.i18n import choose_language, chosen_language
from downtime.practice_set import write_practice_set
from downtime.store.reference import Reference, reference_files
from sync import intake_csv
from sync.intake import take_inbox
from sync.intake_watch import watch
from tests.sync.intake_sets import ITEMS, KEY, TAKEN_AT, put_items, put_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.intake_report import IntakeReport


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = chosen_language()
    choose_language("en")
    yield
    choose_language(before)


def _take(home: Path, in_force: int | None = None, *, keep_files: bool = True) -> list[IntakeReport]:
    return take_inbox(
        home / "inbox",
        home / "reference",
        KEY,
        currency="CNY",
        in_force_version=in_force,
        keep_files=keep_files,
    )


def _refused(home: Path, in_force: int | None = None) -> IntakeReport:
    before = reference_files(home / "reference")
    (report,) = _take(home, in_force)
    assert report.status == "refused", report.text()
    assert reference_files(home / "reference") == before
    assert report.report_path is not None
    assert report.report_path.read_text("utf-8").splitlines()[1:] == report.text().splitlines()[1:]
    assert not list((home / "reference").glob("*.part")) if before else True
    return report


def test_a_complete_set_is_taken_and_its_plain_files_do_not_stay(tmp_path: Path) -> None:
    """Once the encrypted file holds the rows, no readable copy is left; the manifest is the trace."""
    write_practice_set(tmp_path / "inbox" / "night", version=7, taken_at=TAKEN_AT)
    (report,) = _take(tmp_path, keep_files=False)
    assert report.status == "taken"
    assert report.file is not None
    assert report.file.rows["patients"] == 2_000
    assert [path.name for path in (tmp_path / "inbox").rglob("*") if path.is_file()] == [
        "v000007.manifest.json"
    ]
    with Reference(report.file.path, KEY) as reference:
        assert (reference.version, reference.taken_at) == (7, TAKEN_AT)


def test_the_same_set_twice_is_taken_once(tmp_path: Path) -> None:
    """A set that is still lying there does not become a second version or a complaint."""
    put_items(tmp_path / "inbox")
    assert [report.status for report in _take(tmp_path)] == ["taken"]
    assert [report.status for report in _take(tmp_path, 1)] == ["already"]


def test_a_manifest_in_toml_does_as_well(tmp_path: Path) -> None:
    """JSON or TOML, whichever the sender can write."""
    put_items(tmp_path / "inbox")
    digest = hashlib.sha256(ITEMS.encode()).hexdigest()
    (tmp_path / "inbox" / "manifest.json").unlink()
    (tmp_path / "inbox" / "manifest.toml").write_text(
        f'version = 1\ntaken_at = "{TAKEN_AT}"\nencoding = "utf-8"\n'
        f'[[files]]\ntable = "items"\nfile = "items.csv"\nrows = 2\nsha256 = "{digest}"\n',
        encoding="utf-8",
    )
    assert [report.status for report in _take(tmp_path)] == ["taken"]


def test_gb18030_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """Chinese exports come in GB18030, spreadsheets put a mark in front of UTF-8; both are right."""
    put_items(tmp_path / "inbox" / "a", ITEMS.encode("gb18030"), encoding="gbk", version=1)
    put_items(tmp_path / "inbox" / "b", b"\xef\xbb\xbf" + ITEMS.encode(), version=2)
    for report in _take(tmp_path):
        assert report.file is not None, report.text()
        with Reference(report.file.path, KEY) as reference:
            item = reference.get_item("1")
            assert item is not None
            assert item.name == "练习血常规"


def test_what_a_set_does_not_hold_is_carried_over(tmp_path: Path) -> None:
    """A new price list does not take the patients away, and each table keeps its own age."""
    write_practice_set(tmp_path / "inbox" / "all", version=1, taken_at=TAKEN_AT)
    later = "2026-11-23T04:00:00.000+08:00"
    put_items(tmp_path / "inbox" / "prices", version=2, taken_at=later)
    assert [report.status for report in _take(tmp_path)] == ["taken", "taken"]
    with Reference(reference_files(tmp_path / "reference")[2], KEY) as reference:
        assert reference.counts["patients"] == 2_000
        assert reference.counts["items"] == 2
        assert reference.table_taken_at["items"] == later
        assert reference.taken_at == TAKEN_AT


def test_odd_rows_are_taken_as_they_are(tmp_path: Path) -> None:
    """Blank makers, full-width punctuation, unknown sexes and visits of unknown people refuse nothing."""
    put_set(
        tmp_path / "inbox",
        {
            "drugs.csv": ("drugs", "code,name,price,maker,extra\n1,练习散（外用）,1.50, ,x\n".encode()),
            "patients.csv": ("patients", "number,name,sex,birth_date\nP1,练习张三,?,19991399\n".encode()),
            "visits.csv": ("visits", b"number,patient\nV1,P9\n"),
        },
    )
    (report,) = _take(tmp_path)
    assert report.status == "taken", report.text()
    noted = "\n".join(report.notes)
    for told in ("column extra", "sex cannot be read", "birth_date cannot be read", "visits.patient"):
        assert told in noted


@pytest.mark.parametrize(
    ("content", "told", "reason"),
    [
        (ITEMS.replace("血", "\0"), {}, "NUL"),
        (ITEMS.encode("gb18030"), {}, "it reads as gb18030"),
        (ITEMS.encode() + "3,练习\n".encode("gb18030"), {}, "not utf-8"),
        (ITEMS + "3,练习尿,次,1\n4,练习便,次,1\n", {"encoding": "gb18030"}, "utf-8"),
        (ITEMS.encode("utf-16"), {}, "UTF-16"),
        ("code,name,price,name\n1,a,2,b\n", {}, "heading stands twice"),
        ("code,name\n1,a\n", {}, "required"),
        (ITEMS + "3,短\n", {}, "2 cells"),
        (ITEMS + "3,长,次,1,多,了\n", {}, "6 cells"),
        (ITEMS + "1,又一,次,3.00\n", {}, "earlier row"),
        (ITEMS + ",无码,次,3.00\n", {}, "missing"),
        (ITEMS + "4,,次,3.00\n", {}, "missing"),
        (ITEMS + "4,无价,次,\n", {}, "missing"),
        (ITEMS + "4,负价,次,-3\n", {}, "negative"),
        (ITEMS + "4,乱价,次,three\n", {}, "not an amount"),
        (ITEMS + f'4,"{"长" * 131_073}",次,3\n', {}, "field larger"),
        (ITEMS + '4,"未关,次,3\n', {}, "not a row"),
        ("", {"rows": 0}, "empty"),
        (ITEMS, {"rows": 3}, "the manifest says 3"),
        (ITEMS, {"encoding": "latin-1"}, "utf-8"),
        (ITEMS, {"version": 0}, "version"),
        (ITEMS, {"version": "1"}, "integer"),
        (ITEMS, {"surprise": 1}, "surprise"),
        (ITEMS, {"mapping": "../../etc/passwd"}, "mapping"),
        (ITEMS, {"mapping": "absent"}, "absent.toml"),
        (ITEMS, {"taken_at": "2026-11-22"}, "offset"),
    ],
)
def test_a_bad_set_is_refused_whole(
    tmp_path: Path, content: str | bytes, told: dict[str, object], reason: str
) -> None:
    """Each damage is named with its file and row, and nothing of the set comes into force."""
    put_items(tmp_path / "inbox", content, **told)
    report = _refused(tmp_path)
    assert reason in report.text()


def test_an_endless_line_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of hundreds of megabytes costs no memory: reading stops at the bound."""
    monkeypatch.setattr(intake_csv, "LINE_BYTES_MAX", 4_096)
    put_items(tmp_path / "inbox", ITEMS + "3," + "x" * 5_000_000 + ",次,1\n")
    assert "longer than 4096" in _refused(tmp_path).text()


def test_two_hundred_reasons_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    """The report stays readable and does not understate; foreign text in it is harmless."""
    rows = "".join(f"{n + 3},\x1b[31m[red],次,x{n}\n" for n in range(500))
    put_items(tmp_path / "inbox", ITEMS + rows)
    report = _refused(tmp_path)
    assert (len(report.reasons), report.reasons_total) == (200, 500)
    assert (report.reasons[0].file, report.reasons[0].row, report.reasons[0].field) == (
        "items.csv",
        4,
        "price",
    )
    assert "and 300 more" in report.text()
    assert "\x1b" not in report.text()


@pytest.mark.parametrize("version", [4, 5])
def test_the_version_must_rise(tmp_path: Path, version: int) -> None:
    """An older or equal number is refused, whatever the file holds."""
    put_items(tmp_path / "inbox", version=version)
    assert "not above 5" in _refused(tmp_path, in_force=5).text()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """Bytes that are not those of the manifest never become prices."""
    put_items(tmp_path / "inbox")
    (tmp_path / "inbox" / "items.csv").write_bytes(ITEMS.replace("18", "81").encode())
    os.utime(tmp_path / "inbox" / "items.csv", (1, 1))
    assert "SHA-256" in _refused(tmp_path).text()


def test_a_link_is_refused(tmp_path: Path) -> None:
    """A name in the inbox cannot make the intake read something elsewhere."""
    put_items(tmp_path / "inbox")
    outside = tmp_path / "outside.csv"
    (tmp_path / "inbox" / "items.csv").rename(outside)
    (tmp_path / "inbox" / "items.csv").symlink_to(outside)
    assert "cannot be read" in _refused(tmp_path).text()


@pytest.mark.parametrize("name", ["../items.csv", "/etc/passwd", "a/b.csv", "a\\b.csv", ".hidden", "C:x"])
def test_a_file_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    """Only plain names beside the manifest are read."""
    entry = {"table": "items", "file": name, "rows": 2, "sha256": "0" * 64}
    manifest = {"version": 1, "taken_at": TAKEN_AT, "encoding": "utf-8", "files": [entry]}
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "plain name" in _refused(tmp_path).text()


def test_a_set_that_is_still_coming_waits(tmp_path: Path) -> None:
    """The manifest may come before the last file; nothing is refused while something is missing."""
    put_items(tmp_path / "inbox")
    (tmp_path / "inbox" / "items.csv").rename(tmp_path / "items.csv")
    (report,) = _take(tmp_path)
    assert (report.status, report.reasons[0].file) == ("waiting", "items.csv")
    (tmp_path / "items.csv").rename(tmp_path / "inbox" / "items.csv")
    assert [later.status for later in _take(tmp_path)] == ["taken"]


def test_a_mapping_reads_another_systems_columns(tmp_path: Path) -> None:
    """Renamed, joined, constant, looked up, scaled and rounded by a TOML file; an unknown code is refused."""
    mappings = tmp_path / "inbox" / "mappings"
    mappings.mkdir(parents=True)
    (mappings / "other.toml").write_text(
        "[tables.items]\nencoding = 'gb18030'\ndelimiter = '|'\nquote = false\n[tables.items.columns]\n"
        "code = 'ID'\nname = { join = ['A', 'B'], with = '-' }\nunit = { constant = '次' }\n"
        "category = { column = 'K', codes = { 1 = '检验' } }\n"
        "price = { column = 'CENTS', scale = '0.01', decimals = 2 }\n",
        encoding="utf-8",
    )
    good = 'ID|A|B|K|CENTS\n9|练习"|尺|1|1250.5\n'
    put_items(tmp_path / "inbox" / "x", good.encode("gb18030"), mapping="other")
    (report,) = _take(tmp_path)
    assert report.file is not None, report.text()
    with Reference(report.file.path, KEY) as reference:
        item = reference.get_item("9")
        assert item is not None
        assert (item.name, item.unit, item.category, item.price_minor) == ('练习"-尺', "次", "检验", 1251)
    put_items(
        tmp_path / "inbox" / "x", good.replace("|1|", "|7|").encode("gb18030"), mapping="other", version=2
    )
    assert "table of codes" in _refused(tmp_path, in_force=1).text()


def test_the_last_seven_files_stay_and_the_one_in_force_always(tmp_path: Path) -> None:
    """A price used years ago was once in force; what nobody ever used goes first."""
    for version in range(1, 11):
        put_items(tmp_path / "inbox", version=version)
        _take(tmp_path, in_force=1 if version > 1 else None)
    assert list(reference_files(tmp_path / "reference")) == [1, 4, 5, 6, 7, 8, 9, 10]


def test_the_watch_takes_what_comes_and_stops(tmp_path: Path) -> None:
    """Standing by the inbox, a set that lies there is taken and a refused one is told once."""
    put_items(tmp_path / "inbox" / "bad", "code\n1\n", version=1)
    put_items(tmp_path / "inbox" / "good", version=2)
    stop, seen = threading.Event(), []

    def on_report(report: IntakeReport) -> None:
        seen.append(report.status)
        if len(seen) == 2:
            stop.set()

    watch(
        tmp_path / "inbox",
        tmp_path / "reference",
        KEY,
        currency="CNY",
        in_force_version=lambda: None,
        on_report=on_report,
        stop=stop,
        poll_seconds=0.5,
    )
    assert seen == ["refused", "taken"]
