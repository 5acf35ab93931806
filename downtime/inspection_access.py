"""Who may come in and do what: passwords, locks, accounts, roles. Facts from the account files as they are now."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from downtime.attempts import CODES, Attempts
from downtime.envelopes import EMERGENCY_OPERATOR
from downtime.errors import DowntimeError
from downtime.inspection_look import who
from downtime.inspection_words import (
    EVIDENCE,
    MISSING,
    OUT_OF_DATE,
    SETTINGS,
    Evidence,
    Fact,
    Told,
    age_days,
    aged,
    day,
    in_entry,
    in_file,
    named,
    plain,
)
from downtime.password_policy import policy_named
from downtime.rights import ROLES, in_one_hand
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.inspection_look import Look
    from downtime.inspection_words import State
    from downtime.slots import Slot

_ACCOUNTS = in_file("keys/slots")
_NO_ACCOUNTS = Evidence(MISSING, Told(N_("no account of a person can be read")), figures={"accounts": 0})
PRACTICE = "practice"


def password_policy(look: Look, _days: int) -> Evidence:
    """The password rules in force; those for practice prove nothing."""
    name = look.settings.access.policy
    policy = policy_named(name)
    rules = Told(
        N_("at least {length} characters of {classes} kinds, changed after {days} days, last {history} not again"),
        {"length": policy.length_min, "classes": policy.classes_min, "days": policy.days_max or "-",
         "history": policy.history},
    )  # fmt: skip
    locks = Told(N_("locked after {count} wrong passwords"), {"count": policy.failures_max})
    facts = (
        Fact(N_("Profile"), plain(name), SETTINGS),
        Fact(N_("Rules"), rules, in_file(f"policies/{name}.toml")),
        Fact(N_("Lock-out"), locks, in_file(f"policies/{name}.toml")),
    )
    figures = {
        "length_min": policy.length_min,
        "days_max": policy.days_max,
        "failures_max": policy.failures_max,
    }
    if name == PRACTICE:
        return Evidence(MISSING, Told(N_("the rules in force are those for practice")), facts, figures)
    return Evidence(EVIDENCE, Told("{name}: {rules}", {"name": name, "rules": rules}), facts, figures)


def password_age(look: Look, days: int) -> Evidence:
    """How old the passwords are, against the control's days or the policy's."""
    people = look.people()
    if not people:
        return _NO_ACCOUNTS
    limit = days or policy_named(look.settings.access.policy).days_max
    undated = [slot for slot in people if not slot.set_at]
    dated = sorted((slot for slot in people if slot.set_at), key=lambda slot: slot.set_at)
    old = [slot for slot in dated if aged(slot.set_at, look.now, limit) == OUT_OF_DATE]
    facts = tuple(
        Fact(
            N_("Password set"),
            Told(
                N_("{who}: {day}, {days} days ago"),
                {"who": who([slot])[0], "day": day(slot.set_at), "days": age_days(slot.set_at, look.now)},
            ),
            in_file(f"keys/slots/{slot.operator}.json"),
        )
        for slot in dated
    )
    oldest = age_days(dated[0].set_at, look.now) if dated else 0
    figures = {"accounts": len(people), "oldest_days": oldest, "expired": len(old), "days_max": limit}
    if undated:
        line = Told(N_("no date of the last change: {who}"), {"who": named(who(undated))})
        return Evidence(MISSING, line, facts, figures)
    if old:
        line = Told(
            N_("{count} of {total} passwords are older than {days} days: {who}"),
            {"count": len(old), "total": len(people), "days": limit, "who": named(who(old))},
        )
        return Evidence(OUT_OF_DATE, line, facts, figures)
    line = Told(N_("{total} passwords, the oldest {days} days old"), {"total": len(people), "days": oldest})
    return Evidence(EVIDENCE, line, facts, figures)


def first_passwords(look: Look, _days: int) -> Evidence:
    """Whether everybody has changed the password they were enrolled with."""
    people = look.people()
    if not people:
        return _NO_ACCOUNTS
    first = [slot for slot in people if len(slot.history) <= 1]
    facts = tuple(
        Fact(N_("Never changed"), plain(name), in_file(f"keys/slots/{slot.operator}.json"))
        for name, slot in zip(who(first), first, strict=True)
    )
    figures = {"accounts": len(people), "unchanged": len(first)}
    if first:
        line = Told(
            N_("{count} of {total} accounts still have their first password: {who}"),
            {"count": len(first), "total": len(people), "who": named(who(first))},
        )
        return Evidence(MISSING, line, facts, figures)
    line = Told(N_("all {total} accounts have changed their first password"), {"total": len(people)})
    return Evidence(EVIDENCE, line, facts or _files(people), figures)


def _files(slots: Sequence[Slot]) -> tuple[Fact, ...]:
    return tuple(
        Fact(N_("Account"), plain(name), in_file(f"keys/slots/{slot.operator}.json"))
        for name, slot in zip(who(slots), slots, strict=True)
    )


def account_locks(look: Look, _days: int) -> Evidence:
    """Wrong passwords are counted and lock an account; which are locked now."""
    limit = policy_named(look.settings.access.policy).failures_max
    attempts = Attempts(look.home.keys, look.clock)
    locked = attempts.locked(limit)
    known = {slot.operator for slot in look.slots} | {CODES}
    here = sorted(set(locked) & known)
    figures = {"failures_max": limit, "locked": len(locked)}
    facts = (
        Fact(N_("Lock-out"), Told(N_("locked after {count} wrong passwords"), {"count": limit}), SETTINGS),
        Fact(N_("Locked now"), plain(", ".join(here) or "-"), in_file("keys/attempts.json")),
        Fact(N_("Unknown names tried"), plain(len(locked) - len(here)), in_file("keys/attempts.json")),
    )
    if attempts.was_tampered:
        return Evidence(
            MISSING, Told(N_("the failure counters were changed by another hand")), facts, figures
        )
    if not limit or not look.people():
        return Evidence(MISSING, Told(N_("nothing is locked after wrong passwords")), facts, figures)
    line = Told(
        N_("locked after {count} wrong passwords; {locked} locked now"),
        {"count": limit, "locked": len(locked)},
    )
    return Evidence(EVIDENCE, line, facts, figures)


def drafted_people(look: Look, _days: int) -> Evidence:
    """People drafted for an outage keep no account when it is over."""
    if not look.slots:
        return _NO_ACCOUNTS
    drafted = [slot for slot in look.slots if slot.kind == "helper" and not slot.closed]
    outage = look.outage()
    left = [slot for slot in drafted if slot.outage != outage]
    facts = tuple(
        Fact(
            N_("Drafted"),
            Told(N_("{who} for {outage}"), {"who": who([slot])[0], "outage": slot.outage}),
            in_file(f"keys/slots/{slot.operator}.json"),
        )
        for slot in drafted
    )
    figures = {"drafted": len(drafted), "left_over": len(left)}
    if left:
        line = Told(N_("left over from an outage that is over: {who}"), {"who": named(who(left))})
        return Evidence(MISSING, line, facts, figures)
    counts = {"count": len(drafted), "total": len(look.slots)}
    line = Told(N_("{count} drafted people now, none left over; {total} account files read"), counts)
    return Evidence(
        EVIDENCE, line, facts or (Fact(N_("Account files"), plain(len(look.slots)), _ACCOUNTS),), figures
    )


def roles_apart(look: Look, _days: int) -> Evidence:
    """Who holds two roles that should be in different hands; reported, never blocked."""
    people = look.people()
    if not people:
        return _NO_ACCOUNTS
    held = {slot.operator: in_one_hand(look.roles_of(slot)) for slot in people}
    source = Told(N_("staff list in force")) if look.staff is not None else _ACCOUNTS
    both = [slot for slot in people if held[slot.operator]]
    facts = [
        Fact(
            N_("In one hand"),
            Told(
                N_("{who}: {first} and {second}"),
                {"who": who([slot])[0], "first": Told(ROLES[first]), "second": Told(ROLES[second])},
            ),
            source,
        )
        for slot in both
        for first, second in held[slot.operator]
    ]
    facts += [
        Fact(
            N_("Roles"), Told("{who}: {roles}", {"who": who([slot])[0], "roles": _roles(look, slot)}), source
        )
        for slot in people
    ]
    figures = {"accounts": len(people), "in_one_hand": len(both), "pairs": len(list(chain(*held.values())))}
    if both:
        line = Told(
            N_("{count} of {total} people hold roles that belong apart: {who}"),
            {"count": len(both), "total": len(people), "who": named(who(both))},
        )
        return Evidence(MISSING, line, tuple(facts), figures)
    line = Told(N_("no roles that belong apart in one hand among {total} people"), {"total": len(people)})
    return Evidence(EVIDENCE, line, tuple(facts), figures)


def _roles(look: Look, slot: Slot) -> tuple[Told, ...]:
    return tuple(Told(ROLES[role]) if role in ROLES else plain(role) for role in look.roles_of(slot)) or (
        plain("-"),
    )


def own_accounts(look: Look, _days: int) -> Evidence:
    """Every account belongs to one person of the staff list: nothing shared, nothing left by default."""
    people = look.people()
    if not people:
        return _NO_ACCOUNTS
    if look.staff is None:
        return Evidence(
            MISSING, Told(N_("there is no staff list to compare the accounts with")), _files(people)
        )
    strange = [slot for slot in people if slot.operator not in look.staff]
    left = [slot for slot in people if slot.operator in look.staff and look.staff[slot.operator].leaver]
    source = Told(N_("staff list in force"))
    facts = [Fact(N_("Not on the staff list"), plain(name), source) for name in who(strange)]
    facts += [Fact(N_("Has left"), plain(name), source) for name in who(left)]
    facts.append(Fact(N_("Accounts of persons"), plain(len(people)), _ACCOUNTS))
    figures = {"accounts": len(people), "not_on_list": len(strange), "left": len(left)}
    if strange or left:
        line = Told(N_("accounts of nobody on the staff list: {who}"), {"who": named(who([*strange, *left]))})
        return Evidence(MISSING, line, tuple(facts), figures)
    line = Told(
        N_("each of {total} accounts belongs to one person of the staff list"), {"total": len(people)}
    )
    return Evidence(EVIDENCE, line, tuple(facts), figures)


def emergency_envelope(look: Look, days: int) -> Evidence:
    """The one account for emergencies lies sealed; used, it must be sealed anew."""
    try:
        slot = look.home.keys.slot(EMERGENCY_OPERATOR)
    except DowntimeError as error:
        return Evidence(MISSING, plain(error.what))
    told = [
        entry for entry in look.entries("account_changed") if entry.content["operator"] == EMERGENCY_OPERATOR
    ]
    words = {"envelope_sealed": N_("sealed"), "envelope_used": N_("used")}
    facts = tuple(
        Fact(
            N_("Emergency envelope"),
            Told(
                "{what} {day}", {"what": Told(words[entry.content["change"]]), "day": day(entry.recorded_at)}
            ),
            in_entry(entry),
        )
        for entry in told
        if entry.content["change"] in words
    )
    if slot is None:
        return Evidence(MISSING, Told(N_("no emergency envelope was ever sealed")), facts)
    if slot.closed or not slot.set_at:
        return Evidence(MISSING, Told(N_("the emergency envelope was used and not sealed anew")), facts)
    state: State = aged(slot.set_at, look.now, days)
    facts += (Fact(N_("Sealed"), plain(day(slot.set_at)), in_file(f"keys/slots/{EMERGENCY_OPERATOR}.json")),)
    days_ago = age_days(slot.set_at, look.now)
    line = Told(N_("sealed on {day}, {days} days ago"), {"day": day(slot.set_at), "days": days_ago})
    return Evidence(state, line, facts, {"days": days_ago})
