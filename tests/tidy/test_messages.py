"""No sentence reaches a person in one language only."""

from __future__ import annotations

import ast

import pytest

from tests.tidy.messages import catalogue, marked_messages, messages_in, placeholders
from tests.tidy.sources import listed


def test_every_message_can_be_translated() -> None:
    """A message is a literal with named places; values are put in after translating."""
    faults = [
        f"{marked.place}: {marked.fault}: {marked.message}" for marked in marked_messages() if marked.fault
    ]
    assert not faults, listed(faults)


def test_every_message_has_a_chinese_text() -> None:
    """The catalogue holds a finished text for each, with the same places."""
    held = catalogue()
    missing = []
    for marked in marked_messages():
        found = held.get(marked.message) if marked.message else None
        if marked.message and (found is None or not found.string):
            missing.append(f'{marked.place}: no Chinese for "{marked.message}"')
        elif found is not None and found.fuzzy:
            missing.append(f'{marked.place}: only a guess for "{marked.message}"')
    assert not missing, listed(sorted(set(missing)))


def test_translations_fill_in_the_same_places() -> None:
    """A place lost in translation would hide a name or an amount."""
    differing = [
        f"{message.id} / {message.string}"
        for message in catalogue()
        if message.id and placeholders(str(message.id)) != placeholders(str(message.string))
    ]
    assert not differing, listed(differing)


def test_the_catalogue_holds_nothing_nobody_asks_for() -> None:
    """A text whose message is gone leaves the catalogue."""
    asked = {marked.message for marked in marked_messages()}
    held = catalogue()
    unused = [str(message.id) for message in held if message.id and message.id not in asked]
    unused += [str(message) for message in held.obsolete]
    assert not unused, listed(unused)


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ('_("Row {row}: {reason}").format(row=1, reason="x")', False),
        ("_(problem.message)", False),
        ('_(f"Row {row}")', True),
        ('_("Row {}")', True),
        ('_("Row {0}")', True),
        ('_("Row {row")', True),
        ('_("Row " + row)', True),
        ('_("Row {row}".format(row=1))', True),
        ("N_(title)", True),
    ],
)
def test_the_rule_would_notice(source: str, *, faulty: bool) -> None:
    """The scan tells translatable messages from put-together ones."""
    assert any(marked.fault for marked in messages_in("sample", ast.parse(source))) is faulty
