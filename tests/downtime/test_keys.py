"""Promises of the keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.errors import AccessRefusedError
from downtime.keys import CHEAP_COST, KeyFolder, Keyring, Person, key_id_of, signature_is_good

if TYPE_CHECKING:
    from pathlib import Path

CASHIER = Person("1001", "练习员王敏", ("cashier",))


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    """Return a key folder with one person in it."""
    folder = KeyFolder(tmp_path / "keys")
    folder.enrol(folder.create(), CASHIER, "secret words", CHEAP_COST)
    return folder


def test_the_right_password_opens_every_key(keys: KeyFolder) -> None:
    """Book, reference and signing keys come out the same each time."""
    ring = keys.unlock("1001", "secret words")
    book = ring.new_book_key(7)

    again = keys.unlock("1001", "secret words")

    assert again.person == CASHIER
    assert again.book_key(7) == book
    assert again.reference_key() == ring.reference_key()
    assert again.signing_key().public == ring.signing_key().public


@pytest.mark.parametrize(
    ("operator", "password"),
    [("1001", "wrong"), ("1002", "secret words"), ("", ""), ("../1001", "x"), ("1001", "")],
)
def test_who_asks_wrongly_learns_nothing(keys: KeyFolder, operator: str, password: str) -> None:
    """A wrong password and an unknown operator get the same answer."""
    with pytest.raises(AccessRefusedError, match="工号或口令不对"):
        keys.unlock(operator, password)


def test_roles_cannot_be_edited_into_a_slot(keys: KeyFolder) -> None:
    """The slot does not open once somebody wrote another role into the file."""
    path = keys.folder / "slots" / "1001.json"
    slot = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**slot, "roles": ["cashier", "supervisor"]}), "utf-8")

    with pytest.raises(AccessRefusedError):
        keys.unlock("1001", "secret words")


def test_a_stolen_slot_without_the_device_secret_is_worthless(keys: KeyFolder) -> None:
    """Slot and password alone open nothing on another PC."""
    (keys.folder / "device.key").write_text("00" * 32, "utf-8")

    with pytest.raises(AccessRefusedError):
        keys.unlock("1001", "secret words")


def test_one_book_key_does_not_open_under_another_number(keys: KeyFolder) -> None:
    """A wrapped key is bound to its book."""
    ring = keys.unlock("1001", "secret words")
    first, second = ring.new_book_key(1), ring.new_book_key(2)

    assert first != second


def test_a_new_incarnation_has_its_own_key(keys: KeyFolder) -> None:
    """Both public keys stay known, so that old receipts still verify."""
    ring = keys.unlock("1001", "secret words")
    before = ring.signing_key()
    keys.add_incarnation(ring, "B")
    after = ring.signing_key()

    assert (before.incarnation, after.incarnation) == ("A", "B")
    assert keys.public_keys() == {key_id_of(key.public): key.public for key in (before, after)}


def test_signatures_hold_only_for_what_was_signed(keys: KeyFolder) -> None:
    """A changed byte, another key or a cut signature is noticed."""
    key = keys.unlock("1001", "secret words").signing_key()
    signature = key.sign(b"content")

    assert signature_is_good(key.public, signature, b"content")
    assert not signature_is_good(key.public, signature, b"Content")
    assert not signature_is_good(bytes(32), signature, b"content")
    assert not signature_is_good(key.public, signature[:-1], b"content")


def test_an_open_keyring_shows_no_key(keys: KeyFolder) -> None:
    """Tracebacks and logs print representations; none of them holds a key."""
    ring: Keyring = keys.unlock("1001", "secret words")

    assert ring.data_key.hex() not in repr(ring)
    assert repr(ring.data_key) not in repr(ring)
