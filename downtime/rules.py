"""What needs a second person, who that may be, and how else it may be approved here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.rights import may
from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from downtime.book import OpenBook
    from downtime.sealing import Filled
    from downtime.store.reference import Reference
    from forms.base import Form

SECOND_RIGHTS: dict[str, tuple[str, ...]] = {
    "reversal": ("approve",),
    "price_override": ("approve",),
    "controlled": ("witness",),
    "outage": ("approve", "outage"),
    "export": ("approve", "export"),
    "keys": ("approve", "keys"),
    "accounts": ("approve", "accounts"),
    "purge": ("purge", "sign_off"),
    "hand_over": ("cash", "approve"),
    "paper": ("late_entry", "approve"),
}
"""What the second person must be allowed: any one of these."""

CODE_RULES = ("reversal", "price_override", "outage")
SOLO_RULES = ("reversal", "price_override")
GIVING_BACK = ("reversal", "refund", "deposit_refund")
"""Forms that give money back: above the limit somebody else agrees."""
_WITH_A_SECOND: dict[str, str] = {
    "outage_declared": "outage",
    "outage_ended": "outage",
    "keys_renewed": "keys",
    "book_purged": "purge",
    "shift_handed_over": "hand_over",
}
_RULE_OF = {
    **dict.fromkeys(GIVING_BACK, "reversal"),
    "charge": "price_override",
    "dispense": "controlled",
    "exported": "export",
}
_ACCOUNT_RULES = {"enrolled": "accounts", "reinstated": "accounts", "envelope_sealed": "keys"}


def needs_second_always(form: str, content: Mapping[str, Any]) -> bool:
    """Return whether an entry needs an approval whatever the limits and lists of the station say."""
    if form == "exported":
        return bool(content["what"] == "book")
    if form == "account_changed":
        return content["change"] in _ACCOUNT_RULES
    return form in _WITH_A_SECOND


def rule_for(book: OpenBook, form: Form) -> str | None:
    """Return the rule under which ``form`` needs a second person, or None."""
    asked: dict[str, Callable[[], bool]] = {
        **dict.fromkeys(GIVING_BACK, lambda: _is_above_limit(book, form)),
        "charge": lambda: _overrides_price(book, form),
        "dispense": lambda: _is_controlled(book, form),
        "exported": lambda: getattr(form, "what", "") == "book",
    }
    if form.name in asked:
        return _RULE_OF[form.name] if asked[form.name]() else None
    if form.name == "paper_voided":
        is_lost = getattr(form, "state", "") == "lost"
        return "paper" if is_lost and not may(book.person.roles, "approve") else None
    if form.name != "account_changed":
        return _WITH_A_SECOND.get(form.name)
    change = getattr(form, "change", "")
    if change == "password_reset" and resets_need_two(getattr(form, "roles", ())):
        return "accounts"
    return _ACCOUNT_RULES.get(change)


def _is_above_limit(book: OpenBook, form: Form) -> bool:
    return (form.amount_minor() or 0) > book.home.settings.two_person.reversal_limit_minor


def resets_need_two(roles: Iterable[str]) -> bool:
    """Return whether resetting the password of somebody with these roles needs two people.

    Whoever could reset a second signer's password alone would hold both halves of every two-person rule.
    """
    held = tuple(roles)
    return any(may(held, right) for right in ("approve", "keys", "purge", "sign_off"))


def _overrides_price(book: OpenBook, form: Form) -> bool:
    reference = book.reference()
    if reference is None:
        return False
    for line in getattr(form, "lines", ()):
        if line.kind == "unlisted":
            continue
        row = reference.get_drug(line.code) if line.kind == "drug" else reference.get_item(line.code)
        if row is None or row.price_minor is None or row.price_minor == line.unit_price_minor:
            continue
        if not _is_package_price(reference, line.code, line.unit_price_minor):
            return True
    return False


def _is_package_price(reference: Reference, code: str, price_minor: int) -> bool:
    """Return whether a package of the lists gives this very price; only asked when the item's own differs."""
    return any(
        row.code == code and row.price_minor == price_minor  # type: ignore[attr-defined]  # rows of package_lines
        for row in reference.rows("package_lines")
    )


def _is_controlled(book: OpenBook, form: Form) -> bool:
    """Return whether a drug of the register is among the lines; 精二 needs no second name."""
    reference = book.reference()
    rows = (reference.get_drug(line.code) for line in getattr(form, "lines", ())) if reference else ()
    return any(row is not None and is_two_person_drug(row.controlled) for row in rows)


def is_two_person_drug(controlled: str) -> bool:
    """Return whether a kind of controlled drug, as the HIS names it, needs two names on issue."""
    return (
        bool(controlled.strip())
        and "精二" not in controlled
        and "精神二" not in controlled
        and "第二类" not in controlled
    )


def countersign_rights(rule: str) -> tuple[str, ...]:
    """Return the rights of which whoever countersigns under ``rule`` must have one."""
    return (*SECOND_RIGHTS[rule], "approve")


def ways_open(book: OpenBook, form: Form, rule: str) -> tuple[str, ...]:
    """Return how ``form`` may be approved here: the second person first."""
    two = book.home.settings.two_person
    found = ["second_person"]
    if rule in SOLO_RULES and (form.amount_minor() or 0) <= two.solo_limit_minor:
        found.append("solo")
    if rule in CODE_RULES:
        found.append("code")
    if rule == "controlled" and two.single_pharmacist:
        found.append("own_twice")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Needed:
    """A second person is needed before this can be recorded.

    Attributes:
        rule: which rule asks for it.
        ways: how it may be approved here, the second person first; see ``Way``.
    """

    rule: str
    ways: tuple[str, ...]


def needed(book: OpenBook, filled: Filled) -> Needed | None:
    """Return what a form still needs before ``record`` takes it, or None if recording can be tried at once.

    What cannot be recorded anyway (it stands already, it has problems, the operator may not) needs nobody:
    ``record`` answers that. An outage may be declared and ended with a start code by whoever has one.
    """
    rule = rule_for(book, filled.form)
    if rule is None or journal.body_hash_of(book.db, filled.id) is not None:
        return None
    right = filled.needs()
    if right is not None and not may(book.person.roles, right):
        return Needed(rule, ("code",)) if rule == "outage" else None
    if filled.form.problems(JournalView(book.db)):
        return None
    return Needed(rule, ways_open(book, filled.form, rule))
