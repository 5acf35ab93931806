"""``downtime statement`` as a script calls it: sums that add up, odd files named by line, recorded once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.downtime.commands.shell import Shell
from tests.downtime.statement_sources import AT, NOW, SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home
    from tests.downtime.commands.shell import Answer

HEAD = "练习对账单\r\n交易时间,订单号,金额\r\n"


class Desk:
    """A supervisor at a station with one unverified payment of 20.00 by mobile pay, slip 8812."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        (shell.home / "statements.toml").write_text(SOURCES, "utf-8")
        shell.password.write_text("lianxi1006\n", "utf-8")
        self.who = ["--home", str(shell.home), "--operator", "1006", "--password-file", str(shell.password)]
        self.pay("8812")

    def pay(self, tail: str, entry_id: str = "first") -> None:
        """Record one more such payment."""
        line = {"code": "PX1", "name": "练习检查", "kind": "unlisted", "unit_price_minor": 2_000}
        paid = {"method": "mobile", "amount_minor": 2_000, "slip_tail": tail, "unverified": True}
        content = {
            "patient": {"number": "P900001", "name": "练习病人甲"},
            "currency": "CNY",
            "lines": [{**line, "quantity": "1", "amount_minor": 2_000}],
            "total_minor": 2_000,
            "payments": [paid],
        }
        form = {"form": "charge", "id": f"made-up-{tail}-{entry_id}", "content": content}
        answer = self.shell("record", "-", *self.who, given=json.dumps(form))
        assert answer.code == 0, answer

    def statement(self, *rows: str, encoding: str = "gb18030", more: tuple[str, ...] = ()) -> Answer:
        """Write a statement and compare it."""
        file = self.shell.home.parent / "statement.csv"
        file.write_bytes((HEAD + "".join(f"{row}\r\n" for row in rows)).encode(encoding))
        return self.shell("statement", str(file), *self.who, *more)


@pytest.fixture
def desk(
    practice_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """Return such a station."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    return Desk(Shell(practice_home.path, tmp_path, monkeypatch, capsys))


def test_every_row_has_one_outcome(desk: Desk) -> None:
    """Matched, missing there, unknown here: counts and sums of the outcomes add up to all of them."""
    desk.pay("4444")
    answer = desk.statement(f"{AT},PX008812,20.00", f"{AT},PX009999,5.50", more=("--json",))
    assert answer.code == 1
    told = json.loads(answer.out)
    outcomes = told["outcomes"]
    total = outcomes.pop("total")
    for name in ("here", "there", "here_minor", "there_minor"):
        assert sum(one[name] for one in outcomes.values()) == total[name]
    assert (total["here_minor"], total["there_minor"]) == (4_000, 2_550)
    assert [one["outcome"] for one in told["differences"]] == ["missing_there", "unknown_here"]


def test_statement_with_duplicate_slips(desk: Desk) -> None:
    """One order twice in the file counts once; one slip on two receipts verifies one of them."""
    row = f"{AT},PX008812,20.00"
    told = json.loads(desk.statement(row, row, more=("--json",)).out)["outcomes"]
    assert (told["matched"]["there"], told["duplicate"]["there"]) == (1, 1)
    desk.pay("8812", "again")
    answer = desk.statement(row, row, more=("--json", "--record"))
    told = json.loads(answer.out)
    assert told["recorded"]["verified"] == 1
    assert (told["outcomes"]["duplicate"]["here"], told["outcomes"]["duplicate"]["there"]) == (1, 1)


def test_recorded_once(desk: Desk) -> None:
    """What it proves is verified and the outcome recorded; the same file again changes nothing and says so."""
    first = desk.statement(f"{AT},PX008812,20.00", more=("--record",))
    assert first.code == 0
    assert "Recorded: 1 payments verified." in first.out
    again = desk.statement(f"{AT},PX008812,20.00", more=("--record", "--json"))
    assert again.code == 1
    recorded = json.loads(again.out)["recorded"]
    assert recorded["verified"] == 0
    assert "matched already" in recorded["refused"]


def test_bad_files_are_named_by_line_and_lose_nothing(desk: Desk) -> None:
    """A wrong encoding, a row cut off, an amount that is none: the line is named, nothing is recorded."""
    good = f"{AT},PX008812,20.00"
    for rows, encoding, wanted in (
        ((good,), "utf-8", "Row 1"),
        ((good, f"{AT},PX1"), "gb18030", "Row 4 is cut off"),
        ((good, f"{AT},PX1,twenty"), "gb18030", "Row 4"),
        ((good, "someday,PX1,1.00"), "gb18030", "Row 4"),
        ((good, "合计,1", good), "gb18030", "Row 5 stands below the sums"),
    ):
        answer = desk.statement(*rows, encoding=encoding, more=("--record",))
        assert answer.code == 1
        assert wanted in answer.err, (rows, answer)
        assert "Nothing was compared or recorded" in answer.err
    assert desk.statement(good, more=("--record",)).code == 0


def test_other_encoding_and_other_days(desk: Desk) -> None:
    """The encoding may be told for one file; payments of other days are counted beside it, not called missing."""
    good = f"{AT},PX008812,20.00"
    answer = desk.statement(
        good, encoding="utf-8-sig", more=("--method", "mobile", "--encoding", "utf-8-sig")
    )
    assert answer.code == 0
    before = NOW - timedelta(days=3)
    told = json.loads(desk.statement(f"{before:%Y-%m-%d %H:%M:%S},PX1,1.00", more=("--json",)).out)
    assert told["outside"] == 1
    assert told["outcomes"]["total"]["here"] == 0
    answer = desk.statement(good, more=("--from", f"{before:%Y-%m-%d}", "--to", f"{before:%Y-%m-%d}"))
    assert "Row 3 is of another day" in answer.err


def test_what_a_site_must_declare(desk: Desk) -> None:
    """Without a declared source, or with a wrong key, it says what to write and where."""
    assert desk.statement(more=("--method", "card")).code == 2
    file = desk.shell.home / "statements.toml"
    file.write_text(SOURCES + "colour = 1\n", "utf-8")
    answer = desk.statement(f"{AT},PX008812,20.00")
    assert answer.code == 2
    assert "line 12" in answer.err
    file.unlink()
    answer = desk.statement(f"{AT},PX008812,20.00")
    assert answer.code == 2
    assert "statements.toml" in answer.err


def test_a_cashier_compares_and_does_not_record(desk: Desk) -> None:
    """Payee and checker are apart: recording takes the right to sign off."""
    desk.shell.password.write_text("lianxi1001\n", "utf-8")
    desk.who[desk.who.index("1006")] = "1001"
    assert desk.statement(f"{AT},PX008812,20.00").code == 0
    assert desk.statement(f"{AT},PX008812,20.00", more=("--record",)).code == 2


def test_an_auditor_records_and_leaves_the_money(desk: Desk) -> None:
    """Whoever may sign off but not take money records the outcome and says what is left to verify."""
    desk.shell.password.write_text("lianxi4003\n", "utf-8")
    desk.who[desk.who.index("1006")] = "4003"
    answer = desk.statement(f"{AT},PX008812,20.00", more=("--record",))
    assert "1 more were found" in answer.out
