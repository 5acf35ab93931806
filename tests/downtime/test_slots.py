"""An account's file: signed as a whole, opened by the password alone, and closed for good."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from downtime.errors import AccessRefusedError
from downtime.signing import SigningKey
from downtime.slots import HISTORY_MAX, Slot, closed_slot, locked_slot, open_slot, read_slot, was_used_before
from downtime.wrapping import Argon2Cost

COST = Argon2Cost(memory_kib=64, passes=1, lanes=1)
PEPPER, HOSPITAL = b"p" * 32, SigningKey(b"h" * 32)
SET_AT = "2026-01-05T08:20:00.000+08:00"
NEW = Slot("1001", "练习员王敏", ("cashier",), "person", 0, "")


def locked(slot: Slot = NEW, password: str = "Green-Kettle-63") -> Slot:  # noqa: S107 (made up)
    """Return the slot behind a password."""
    return locked_slot(slot, password, PEPPER, COST, SET_AT)


def test_written_and_read_again_it_is_the_same() -> None:
    """Nothing is lost on the way through the file."""
    slot = locked()
    assert read_slot(slot.sealed(HOSPITAL), HOSPITAL.public) == slot


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("roles", ["supervisor"]),
        ("closed", True),
        ("version", 99),
        ("kind", "break_glass"),
        ("operator", "1002"),
        ("lifted", 9),
        ("outage", "X"),
        ("signature", "00" * 64),
        ("v", 1),
        ("more", 1),
    ],
)
def test_nothing_can_be_edited_into_it(field: str, value: object) -> None:
    """Every field is under the hospital's signature."""
    stored = json.loads(locked().sealed(HOSPITAL))
    with pytest.raises(AccessRefusedError):
        read_slot(json.dumps({**stored, field: value}), HOSPITAL.public)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"signature": "zz"}', "null"])
def test_what_is_no_account_is_refused(text: str) -> None:
    """A damaged file hides nobody else and crashes nothing."""
    with pytest.raises(AccessRefusedError):
        read_slot(text, HOSPITAL.public)


def test_another_hospital_vouches_for_nobody_here() -> None:
    """The same content under another key is refused."""
    with pytest.raises(AccessRefusedError):
        read_slot(locked().sealed(SigningKey(b"o" * 32)), HOSPITAL.public)


def test_only_the_password_and_this_hospital_open_it() -> None:
    """A stolen file and the password are worth nothing without the hospital secret."""
    slot = locked()
    assert open_slot(slot, "Green-Kettle-63", PEPPER).signing.hex() == slot.signing
    for password, pepper in (("green-kettle-63", PEPPER), ("Green-Kettle-63", b"q" * 32)):
        with pytest.raises(AccessRefusedError):
            open_slot(slot, password, pepper)


def test_the_last_passwords_are_known_again() -> None:
    """As many as the profile asks for, the one in use among them; the oldest fall off at last."""
    slot = locked()
    for n in range(6):
        slot = locked(slot, f"Green-Kettle-{n}")
    assert was_used_before(slot, "Green-Kettle-5", PEPPER, 5)
    assert was_used_before(slot, "Green-Kettle-1", PEPPER, 5)
    assert not was_used_before(slot, "Green-Kettle-0", PEPPER, 5)
    for n in range(HISTORY_MAX + 3):
        slot = locked(slot, f"More-Kettle-{n}")
    assert len(slot.history) == HISTORY_MAX


def test_a_closed_account_holds_nothing_that_opens() -> None:
    """Its version counts on, its keys are gone."""
    closed = closed_slot(locked())
    assert (closed.version, closed.lock, closed.box, closed.signing) == (2, None, "", "")
    with pytest.raises(AccessRefusedError):
        open_slot(closed, "Green-Kettle-63", PEPPER)


def test_taking_a_closing_back_says_which_one() -> None:
    """An older closing that travels afterwards is known to be taken back; a password later does not forget it."""
    again = locked(closed_slot(locked()))
    assert again.lifted == 2
    assert locked(again).lifted == 2
    assert locked().lifted == 0
    assert replace(again, lifted=0).fingerprint() != again.fingerprint()
