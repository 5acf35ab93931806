"""What the HIS holds, read from files and from a database: every bad line is told, none takes another along."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from downtime.errors import RefusedInputError, WrongPlaceError
from forms.money import UnreadableNumberError
from sync.reading.extract import read_extract
from sync.reading.fields import FIELDS, read_amount, read_quantity, read_time
from sync.reading.told import read_told

if TYPE_CHECKING:
    from sync.reading.extract import Extract

QUERY = "SELECT * FROM px_fee ORDER BY id"
HEADINGS = "行号,患者号,姓名,项目,数量,金额,操作员,时间,单据,作废"
COLUMNS = """
[columns]
row = "行号"
kind = { constant = "charge" }
patient = "患者号"
name = "姓名"
item = "项目"
quantity = "数量"
amount = "金额"
operator = { column = "操作员", codes = { "007" = "px01" }, otherwise = "-" }
time = "时间"
bill = "单据"
void = { column = "作废", codes = { "冲" = "yes", "" = "no" } }
"""
TOLD = 'zone = "Asia/Shanghai"\n[files]\nencoding = "gbk"\n' + COLUMNS


def put(folder: Path, *rows: str, name: str = "his.csv", told: str = TOLD, encoding: str = "gb18030") -> Path:
    """Write an extract and what is told of it; return the TOML file."""
    (folder / name).write_bytes("\r\n".join((HEADINGS, *rows)).encode(encoding, "surrogateescape"))
    (folder / "extract.toml").write_text(told, "utf-8")
    return folder / "extract.toml"


def read(folder: Path, *rows: str, **more: str) -> Extract:
    """Return what is read of ``rows``."""
    return read_extract(put(folder, *rows, **more), "CNY")


def row(
    key: str = "F1", *, name: str = "练习患者", amount: str = "7.50", time: str = "2026-01-05 11:20"
) -> str:
    """Return one good line of the file."""
    return f"{key},PX000001,{name},PX-GLU,1,{amount},007,{time},B1,"


def test_a_row_is_read_by_the_sites_own_columns_and_codes(tmp_path: Path) -> None:
    """Renamed, given constants and translated as in the intake of reference data."""
    [found] = read(tmp_path, row()).rows
    assert (found.id, found.kind, found.patient, found.item) == ("F1", "charge", "PX000001", "PX-GLU")
    assert (found.quantity, found.amount_minor, found.operator, found.bill) == (1000, 750, "px01", "B1")
    assert not found.is_void
    assert read(tmp_path, row() + "冲").rows[0].is_void


def test_gbk_rows_whose_second_byte_is_a_delimiter_are_read_whole(tmp_path: Path) -> None:
    """蟎 and 賊 end in | and backslash, 𠮷 needs four bytes: the line is decoded before it is split."""
    told = TOLD.replace('encoding = "gbk"', 'encoding = "gbk"\ndelimiter = "|"')
    names = ["蟎螨", "賊王", "𠮷野", "欧€阳", "㛃"]
    rows = [row(f"F{n}", name=name).replace(",", "|") for n, name in enumerate(names)]
    (tmp_path / "his.csv").write_bytes("\n".join((HEADINGS.replace(",", "|"), *rows)).encode("gb18030"))
    (tmp_path / "extract.toml").write_text(told, "utf-8")
    found = read_extract(tmp_path / "extract.toml", "CNY")
    assert [one.name for one in found.rows] == names
    assert not found.reasons.total


def test_bad_lines_are_told_by_number_and_block_nothing(tmp_path: Path) -> None:
    """Broken bytes, a swallowed delimiter, no amount, no time, an unknown code, an open quotation mark."""
    good = [row("F1"), row("F9")]
    bad = [
        row("F2", name="\udcff\udcff"),
        row("F3", name="王\udca0").replace("王\udca0,", "王\udca0"),
        row("F4", amount="七元五"),
        row("F5", time="昨天"),
        row("F6").replace("007", "008").replace("px", "") + "?",
        row("F7", name='"王'),
        row("F8", amount="7.505"),
    ]
    found = read(tmp_path, good[0], *bad, good[1])
    assert [one.id for one in found.rows] == ["F1", "F9"]
    assert [(reason.row, reason.value) for reason in found.reasons.kept] == [(n, "") for n in range(3, 10)]
    assert "PX000001" in found.touched


def test_a_key_that_stands_twice_counts_once_or_not_at_all(tmp_path: Path) -> None:
    """The same row twice is one row; two rows under one key are none, and their patient is doubtful."""
    found = read(tmp_path, row("F1"), row("F1"), row("F2"), row("F2", amount="8.00"), row("F2"))
    assert [one.id for one in found.rows] == ["F1"]
    assert [reason.row for reason in found.reasons.kept] == [3, 5, 6]
    assert "PX000001" in found.touched


def test_of_two_files_the_later_ones_row_counts(tmp_path: Path) -> None:
    """What was voided since then stands in the later file."""
    put(tmp_path, row("F1"), name="his-1.csv")
    found = read_extract(put(tmp_path, row("F1") + "冲", row("F2"), name="his-2.csv"), "CNY")
    assert [(one.id, one.is_void) for one in found.rows] == [("F1", True), ("F2", False)]


def test_utf_8_declared_as_gbk_is_refused(tmp_path: Path) -> None:
    """It would read without complaint, into wrong names."""
    with pytest.raises(RefusedInputError, match="UTF-8"):
        read(tmp_path, row("F1"), row("F2"), row("F3"), encoding="utf-8")
    with pytest.raises(RefusedInputError, match="UTF-16"):
        read(tmp_path, row("F1"), encoding="utf-16")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (('zone = "Asia/Shanghai"', 'zone = "Beijing"'), "zone"),
        (('row = "行号"', 'number = "行号"'), "number"),
        (('amount = "金额"', ""), "amount"),
        (("[files]", '[sql]\nurl = ""\nquery = "DELETE FROM x"\n[files]'), "SELECT"),
    ],
)
def test_what_does_not_fit_in_the_settings_is_named(
    tmp_path: Path, wrong: tuple[str, str], told: str
) -> None:
    """With the file and the reason."""
    path = put(tmp_path, row(), told=TOLD.replace(*wrong))
    with pytest.raises(RefusedInputError, match=told):
        read_told(path)


def test_a_missing_heading_refuses_the_extract(tmp_path: Path) -> None:
    """Without the column nothing could be compared."""
    with pytest.raises(RefusedInputError) as refused:
        read(tmp_path, row(), told=TOLD.replace('"项目"', '"项目编码"'))
    assert "项目编码" in refused.value.then


def test_a_quarter_past_midnight_is_the_same_moment_in_every_zone() -> None:
    """00:30 in Shanghai is 16:30 of the day before in UTC, with or without an offset."""
    moment = int(datetime(2026, 1, 5, 0, 30, tzinfo=timezone(timedelta(hours=8))).timestamp())
    shanghai, utc = ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC")
    for written, zone in [
        ("2026-01-05 00:30", shanghai), ("2026/1/5 0:30:00", shanghai), ("20260105003000", shanghai),
        ("2026-01-05T00:30:00.000", shanghai), ("2026-01-04 16:30:00", utc), ("2026-01-04T16:30:00Z", shanghai),
        ("2026-01-05T00:30:00+08:00", utc), ("2026-01-05 00:30:00+0800", utc),
    ]:  # fmt: skip
        assert read_time(written, zone) == (moment, moment), written
    first, last = read_time("2026-01-05", shanghai)
    assert (moment - first, last - first) == (1800, 86_399)


def test_an_hour_that_came_twice_is_both_and_one_that_never_came_is_refused() -> None:
    """Where clocks are set back, a time means either hour."""
    berlin = ZoneInfo("Europe/Berlin")
    first, last = read_time("2026-10-25 02:30", berlin)
    assert last - first == 3600
    with pytest.raises(ValueError, match="02:30"):
        read_time("2026-03-29 02:30", berlin)
    for never in ("2026-13-01", "2026-1-32", "12:30", "2026112", "46348.02"):
        with pytest.raises(ValueError, match=r"."):
            read_time(never, berlin)


def test_amounts_and_quantities_are_never_rounded() -> None:
    """Signs, thousands and trailing zeros are taken; finer than a fen or a thousandth is refused."""
    assert [read_amount(each, "CNY") for each in ("7.5", "-7.5000", "1,234.50", "１２", "0")] == [
        750, -750, 123_450, 1_200, 0,
    ]  # fmt: skip
    assert [read_quantity(each) for each in ("1", "2.500", "-1", "0")] == [1000, 2500, -1000, 0]
    for each in ("", "x", "1e9999", "0.0001", "NaN"):
        with pytest.raises(ValueError, match=r"^.{0,7}$"):
            read_quantity(each)
    with pytest.raises(UnreadableNumberError):
        read_amount("7.505", "CNY")


@pytest.fixture(params=["sqlite", "postgresql"])
def view_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A HIS with a read view: a SQLite file, and a real PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path / 'view.db'}"


def test_a_read_view_is_asked_by_one_query(tmp_path: Path, view_url: str) -> None:
    """Numbers, times and empty cells come as text and are read like a file's."""
    engine = create_engine(view_url)
    with engine.begin() as his:
        his.execute(text("DROP TABLE IF EXISTS px_fee"))
        his.execute(
            text(
                "CREATE TABLE px_fee (id INTEGER, pat VARCHAR(20), item VARCHAR(20), qty NUMERIC(10,3),"
                " amt NUMERIC(10,2), made_at TIMESTAMP, inv VARCHAR(20))"
            )
        )
        for n in (1, 2):
            his.execute(
                text("INSERT INTO px_fee VALUES (:n, 'PX000001', 'PX-GLU', 1, 7.5, :at, NULL)"),
                {"n": n, "at": datetime(2026, 1, 5, 0, 30)},  # noqa: DTZ001 (a HIS writes no zone)
            ) if view_url.startswith("postgresql") else his.execute(
                text(
                    "INSERT INTO px_fee VALUES (:n, 'PX000001', 'PX-GLU', 1, 7.5, '2026-01-05 00:30:00', NULL)"
                ),
                {"n": n},
            )
    engine.dispose()
    columns = (
        '[columns]\nrow = "id"\nkind = { constant = "charge" }\npatient = "pat"\nitem = "item"\nquantity = "qty"\n'
        'amount = "amt"\ntime = "made_at"\ndocument_number = "inv"\n'
    )
    told = f'zone = "Asia/Shanghai"\n[sql]\nurl = "{view_url}"\nquery = "{QUERY}"\n{columns}'
    (tmp_path / "extract.toml").write_text(told, "utf-8")
    found = read_extract(tmp_path / "extract.toml", "CNY")
    assert [(one.id, one.quantity, one.amount_minor, one.document) for one in found.rows] == [
        ("1", 1000, 750, None),
        ("2", 1000, 750, None),
    ]
    assert found.rows[0].begins == int(datetime.fromisoformat("2026-01-05T00:30:00+08:00").timestamp())
    (tmp_path / "extract.toml").write_text(told.replace("px_fee", "px_none"), "utf-8")
    with pytest.raises(WrongPlaceError):
        read_extract(tmp_path / "extract.toml", "CNY")


def test_the_page_lists_every_field() -> None:
    """docs/tick-off.md tells every field that a mapping may give."""
    page = (Path(__file__).parents[2] / "docs" / "tick-off.md").read_text("utf-8")
    assert all(f"| `{field.name}`" in page and field.label in page for field in FIELDS)
