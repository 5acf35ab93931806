"""Promises of the commands scripts rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.commands.common import FINE, FOUND_A_PROBLEM, WRONG_USE
from forms import FORMS
from sync.__main__ import sync

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downtime.commands.shell import Shell


@pytest.mark.parametrize("form", [form.name for form in FORMS])
def test_every_form_has_an_example_that_is_recorded(shell: Shell, form: str) -> None:
    """What --example prints, record - takes, on a station where nothing stands yet."""
    answer = shell.record(*shell.example(form))

    assert answer.code == FINE
    assert [line["ok"] for line in answer.lines] == [True] * len(answer.lines)


def test_a_repeat_is_answered_not_recorded_again(shell: Shell) -> None:
    """The same line sent twice gives the same number, marked already."""
    lines = shell.example("charge")
    first = shell.record(*lines).lines[0]
    again = shell.record(*lines, *lines).lines

    assert [(line["number"], line["already"]) for line in again] == [(first["number"], True)] * 2
    assert first["already"] is False


def test_the_same_id_with_another_body_stops_everything(shell: Shell) -> None:
    """Full stop: nothing after it is recorded, the exit code says so."""
    (charge,) = shell.example("charge")
    shell.record(charge)
    other = {**charge, "content": {**charge["content"], "payer_kind": "insured_pending"}}
    after = shell.example("registration")

    answer = shell.record(other, *after)

    assert answer.code == FOUND_A_PROBLEM
    assert [line.get("stop") for line in answer.lines] == [True]
    assert json.loads(shell("standing", "--json", *shell.who).out)["deliverable"]["entries"] == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("not json", ""),
        ('{"form":"charge","id":"a"}', ""),
        ('{"form":"charge","content":{}}', "id"),
        ('{"form":"nonsense","id":"a","content":{}}', "form"),
        ('{"form":"audit","id":"a","content":{"event":"x"}}', "form"),
        ('{"form":"charge","id":"","content":{}}', "id"),
        ('{"form":"charge","id":"a","content":{"total_minor":1.5}}', ""),
        ('{"form":"charge","id":"a","content":{},"happened_at":"yesterday"}', "happened_at"),
        ('{"form":"charge","id":"a","content":[]}', ""),
    ],
)
def test_bad_lines_are_answered_and_the_next_is_recorded(shell: Shell, line: str, field: str) -> None:
    """A bad line gets its problem beside the field; nothing is written for it and nothing stops."""
    good = json.dumps(shell.example("registration")[0])

    answer = shell("record", "-", *shell.who, given=f"{line}\n\n{good}\n")

    assert answer.code == FOUND_A_PROBLEM
    assert [entry["ok"] for entry in answer.lines] == [False, True]
    assert answer.lines[0]["problems"][0]["field"] == field
    assert answer.lines[0]["problems"][0]["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total_minor": 1}, "total_minor"),
        ({"payments": []}, "payments"),
        ({"authorisation": {"kind": "arrears", "guarantor": "x"}}, "authorisation"),
    ],
)
def test_a_wrong_sum_stands_beside_its_field(shell: Shell, change: dict[str, object], field: str) -> None:
    """Wrong total, too little paid, needless voucher: refused with the field, nothing written."""
    (charge,) = shell.example("charge")

    answer = shell.record({**charge, "content": {**charge["content"], **change}})

    assert answer.lines[0]["id"] == charge["id"]
    assert [problem["field"] for problem in answer.lines[0]["problems"]] == [field]
    assert json.loads(shell("standing", "--json", *shell.who).out)["deliverable"]["entries"] == 0


def test_hostile_text_goes_the_whole_road_unchanged(shell: Shell) -> None:
    """Escapes, markup, bidi, formulas and SQL in a name are stored and answered literally."""
    name = "王[/]\x1b]52;c;eA==\x07\u202e=cmd'; DROP|^~\\&𠮷" + "长" * 5000
    (charge,) = shell.example("charge")
    charge["content"]["patient"]["name"] = name

    number = shell.record(charge).lines[0]["number"]
    shell("export", "--journal", str(shell.home / "export.jsonl"), *shell.who, *shell.second)

    sealed = [
        json.loads(line)["sealed"]
        for line in (shell.home / "export.jsonl").read_text("utf-8").splitlines()
        if '"sealed"' in line
    ]
    names = [json.loads(text)["body"]["content"].get("patient", {}).get("name") for text in sealed]
    assert name in names
    assert shell("find", number, *shell.who).code == FINE


@pytest.mark.parametrize(
    "arguments",
    [
        ["standing"],
        ["standing", "--operator", "1001"],
        ["record"],
        ["record", "-", "--example", "charge"],
        ["nonsense"],
        ["verify", "--book", "x"],
        ["numbers", "add", "9", "1"],
    ],
)
def test_wrong_use_is_two(shell: Shell, arguments: list[str]) -> None:
    """A script can tell its own mistake from a finding."""
    home = ["--home", str(shell.home)] if arguments != ["nonsense"] else []

    assert shell(*arguments, *home).code == WRONG_USE


def test_a_wrong_password_is_refused_and_noted(shell: Shell) -> None:
    """Exit 2, no hint whether operator or password was wrong, and a line in the gate log."""
    shell.password.write_text("wrong\n", "utf-8")

    answer = shell("standing", *shell.who)

    assert answer.code == WRONG_USE
    assert "Operator number or password is wrong." in answer.err
    assert '"operator": "3004"' in (shell.home / "gate.log").read_text("utf-8")


def test_the_whole_road_by_commands(shell: Shell) -> None:
    """Recorded, delivered, accepted, formal documents found both ways, everything verified."""
    for form in FORMS:
        assert shell.record(*shell.example(form.name)).code == FINE
    once = shell("once", "--json", "--home", str(shell.home), command=sync)
    standing = json.loads(shell("standing", "--json", *shell.who).out)
    number = "W03A-000001-0"
    found = shell("find", number, *shell.who).lines[0]

    assert once.code == FINE
    assert standing["adds_up"]
    assert standing["connectors"]["practice"]["accepted"] == standing["deliverable"]
    formal = found["formal"][0]["number"]
    assert number in [line["number"] for line in shell("find", formal, *shell.who).lines]
    assert shell("verify", *shell.who).code == FINE


def test_a_scanned_receipt_is_checked_without_a_password(shell: Shell) -> None:
    """Genuine, changed and foreign codes are told apart offline."""
    shell.record(*shell.example("charge"))
    shell("export", "--journal", str(shell.home / "e.jsonl"), *shell.who, *shell.second)
    codes = [
        code
        for line in (shell.home / "e.jsonl").read_text("utf-8").splitlines()
        if '"sealed"' in line
        for code in json.loads(json.loads(line)["sealed"])["envelope"]["qr"]
    ]
    home = ["--home", str(shell.home)]
    changed = codes[0][:-1] + str((int(codes[0][-1]) + 1) % 10)

    assert shell("receipt", "check", *codes, *home).code == FINE
    assert json.loads(shell("receipt", "check", "--json", *codes, *home).out)["number"] == "W03A-000001-0"
    assert shell("receipt", "check", changed, *home).code == FOUND_A_PROBLEM
    assert shell("receipt", "check", "W03A-000001-0", *home).code == FOUND_A_PROBLEM
    assert shell("receipt", "check", "nonsense", *home).code == FOUND_A_PROBLEM


def test_a_new_book_continues_the_numbers(shell: Shell) -> None:
    """The next book goes on with the next number and the same reference data."""
    first = shell.record(*shell.example("charge")).lines[0]["number"]
    assert shell("book", "open", *shell.who).code == FINE
    second = shell.record(*shell.example("charge")).lines[0]["number"]

    assert (first[:11], second[:11]) == ("W03A-000001", "W03A-000002")
    assert shell("verify", *shell.who).code == FINE


def test_after_an_alarm_the_station_goes_on(shell: Shell) -> None:
    """A damaged journal is refused; a new incarnation records at once under another letter."""
    shell.record(*shell.example("charge"))
    (shell.home / "books" / "0001" / "head.log").write_bytes(b"x" * 4880)

    refused = shell.record({"form": "registration", "id": "a", "content": {}})
    verified = shell("verify", "--json", *shell.who)
    going_on = shell("continue", *shell.who)
    number = shell.record(*shell.example("charge")).lines[0]["number"]

    assert refused.code == FOUND_A_PROBLEM
    assert verified.code == FOUND_A_PROBLEM
    assert going_on.code == FINE
    assert number.startswith("W03B-000001")


def test_a_practice_set_taken_in_again_is_in_force(shell: Shell, tmp_path: Path) -> None:
    """Intake names the new version in force by an entry; an older one is refused."""
    from downtime.practice_set import write_practice_set

    write_practice_set(tmp_path / "newer", version=2, taken_at="2026-11-23T04:00:00.000+08:00")
    write_practice_set(tmp_path / "older", version=1, taken_at="2026-11-20T04:00:00.000+08:00")
    home = ["--home", str(shell.home)]

    newer = shell("intake", str(tmp_path / "newer"), *home, command=sync)
    older = shell("intake", str(tmp_path / "older"), *home, command=sync)

    assert (newer.code, older.code) == (FINE, FOUND_A_PROBLEM)
    standing = json.loads(shell("standing", "--json", *shell.who).out)
    assert standing["forms"]["reference_in_force"]["entries"] == 2


def test_the_example_set_is_one_that_is_taken_in(shell: Shell, tmp_path: Path) -> None:
    """What intake --example writes, intake takes, from a folder of any name."""
    home = ["--home", str(shell.home)]

    assert shell("intake", str(tmp_path / "set"), "--example", *home, command=sync).code == FINE
    assert shell("intake", str(tmp_path / "set"), *home, command=sync).code == FINE
    assert shell("intake", "--example", *home, command=sync).code == WRONG_USE


def test_accounts_travel_with_the_lists(shell: Shell, tmp_path: Path) -> None:
    """A package of accounts beside a set is taken over in the same run; one that was edited is refused in words."""
    folder = tmp_path / "lists"
    home = ["--home", str(shell.home)]
    assert shell("intake", str(folder), "--example", *home, command=sync).code == FINE
    shell.password.write_text("lianxi4002\n", "utf-8")
    administrator = [*home, "--operator", "4002", "--password-file", str(shell.password)]
    package = folder / "accounts.json"
    assert shell("accounts", "pack", str(package), *administrator).code == FINE

    taken = shell("intake", str(folder), *home, command=sync)
    package.write_bytes(package.read_bytes().replace(b"1001", b"1002", 1))
    refused = shell("intake", str(folder), *home, command=sync)

    assert taken.code == FINE, taken.err
    assert "changed something here" in taken.out
    assert refused.code == FOUND_A_PROBLEM
    assert refused.err
