"""What the client wrote is believed whole or not at all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from downtime.outcome import Accepted, HandedOver
from sync.connectors.sqlfile_script import Script, script_of
from sync.connectors.sqlfile_spool import SpoolRefusedError, answers_of
from sync.contract_entries import charge, made_up_entry
from tests.sync.sqlfile_clients import Site, site
from tests.sync.sqlfile_examples import example, example_plan
from tests.sync.test_sqlfile import decide

if TYPE_CHECKING:
    from downtime.entry import Entry

__all__ = ["site"]


def said(*lines: str) -> bytes:
    """Return an answer to the example, with lines in place of those it begins like."""
    batch, plan, _rows = example_plan()
    told = [f"DT1|begin|{batch}|postgresql|3|.", *(f"DT1|wrote|{n}||." for n in (1, 2, 3))]
    told += [f"DT1|entry|{n}|{each.id}|0|0|0|0|." for n, each in enumerate(plan, 1)]
    told.append(f"DT1|end|{batch}|3|.")
    for line in lines:
        beginning = line.split("|")[:3]
        told = [line if row.split("|")[:3] == beginning else row for row in told]
    return "\n".join(told).encode() + b"\n"


def script() -> Script:
    """Return the example's heading."""
    found = script_of(example("psql"))
    assert found is not None
    return found


def run_one(site: Site) -> tuple[list[Entry], bytes]:
    """Run a script of two entries, one of them posted; return them and the answer."""
    entries = [made_up_entry(seq, "charge", charge(seq)) for seq in (1, 2)]
    site.deliver(*entries)
    site.run_all()
    decide(site, entries[0].id, "posted")
    site.run_all()
    (script,) = site.scripts()
    return entries, script.with_suffix(".out").read_bytes()


def test_cut_at_any_byte_nothing_is_believed(site: Site) -> None:
    """Only the whole answer counts; before it every entry is as handed over as it was."""
    entries, whole = run_one(site)
    (path,) = site.scripts()
    heading = script_of(path.read_bytes())
    assert heading is not None
    ends = len(whole.rstrip())
    for at in range(ends):
        with pytest.raises(SpoolRefusedError):
            answers_of(whole[:at], heading)
    assert answers_of(whole[:ends], heading)[entries[0].id].state == "posted"
    path.with_suffix(".out").write_bytes(whole[: ends - 1])
    assert set(map(type, site.ask(*entries).values())) == {HandedOver}
    assert path.with_suffix(".problem.txt").read_text("utf-8").strip()
    path.with_suffix(".out").write_bytes(whole)
    assert isinstance(site.ask(*entries)[entries[0].id], Accepted)


def test_any_byte_changed_in_a_line_of_ours_never_accepts_the_wrong_entry(site: Site) -> None:
    """One flipped byte is refused, or says nothing else about who was posted."""
    entries, whole = run_one(site)
    heading = script_of(site.scripts()[0].read_bytes())
    assert heading is not None
    for at in range(0, len(whole), 3):
        changed = whole[:at] + bytes([whole[at] ^ 0x04]) + whole[at + 1 :]
        try:
            told = answers_of(changed, heading)
        except SpoolRefusedError:
            continue
        assert set(told) == {entry.id for entry in entries}
        assert told[entries[1].id].state == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp500"])
def test_the_wrong_encoding_is_refused(encoding: str) -> None:
    """A shell that converts the client's output makes it unreadable; the sentence says so."""
    with pytest.raises(SpoolRefusedError):
        answers_of(said().decode().encode(encoding), script())


def test_what_the_client_says_besides_is_passed_by() -> None:
    """Banners and notices, in whatever encoding, are not ours; both kinds of line end are."""
    noisy = "SQL*Plus: 已连接。\r\n".encode("gbk") + said().replace(b"\n", b"  \r\n") + "断开\n".encode("gbk")
    assert set(answers_of(noisy, script())) == {each.id for each in script().entries}


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        said() + said(),
        said()[:-1] + said(),
        said().replace(b"DT1|wrote|2||.\n", b""),
        said().replace(b"DT1|wrote|2||.\n", b"DT1|wrote|2||.\nDT1|wrote|2||.\n"),
        said().replace(b"DT1|wrote|1||.\nDT1|wrote|2||.\n", b"DT1|wrote|2||.\nDT1|wrote|1||.\n"),
        said().replace(b"|postgresql|", b"|oracle|"),
        said().replace(b"0007-", b"0008-"),
        said().replace(b"DT1|wrote|1||.", b"SQL> DT1|wrote|1||."),
        said().replace(b"DT1|wrote|1||.", b"DT1|wrote|1|zz|."),
        said().replace(b"DT1|wrote|1||.", b"DT1|wrote|1|FF|."),
        said().replace(b"|0|0|0|0|.", b"|2|0|0|0|."),
        said().replace(b"|0|0|0|0|.", b"|1|0|0|0|."),
        said().replace(script().entries[0].id.encode(), script().entries[2].id.encode(), 1),
    ],
)
def test_anything_out_of_place_is_refused(spoilt: bytes) -> None:
    """Empty, twice, a line missing, doubled, out of order, of another batch or database, wrapped, not hexadecimal."""
    assert len(answers_of(said(), script())) == 3
    with pytest.raises(SpoolRefusedError):
        answers_of(spoilt, script())


def test_the_answer_of_another_script_under_this_name_is_refused(site: Site) -> None:
    """A mixed-up file says nothing about the entries of this one."""
    first, second = (made_up_entry(seq, "charge", charge(seq)) for seq in (1, 2))
    site.deliver(first)
    site.deliver(second)
    one, two = site.scripts()
    site.run(one)
    decide(site, first.id, "posted")
    site.run(one)
    shutil.copy(one.with_suffix(".out"), two.with_suffix(".out"))
    answers = site.ask(first, second)
    assert isinstance(answers[first.id], Accepted)
    assert isinstance(answers[second.id], HandedOver)
    assert two.with_suffix(".problem.txt").is_file()


def test_an_answer_without_its_script_or_with_a_changed_one_says_nothing(site: Site) -> None:
    """Whoever changes a script is not believed; the entries are written again."""
    entries, _whole = run_one(site)
    (path,) = site.scripts()
    path.write_bytes(path.read_bytes().replace(b"1925", b"1926"))
    answers = site.ask(*entries)
    assert not [answer for answer in answers.values() if isinstance(answer, Accepted | HandedOver)]
    site.deliver(*entries)
    assert len(site.scripts()) == 2
