"""The self-inspection (等保自查): the hospital's controls, each with what this station can show for it at this moment.

Only states of evidence are given. Nothing is remembered between two looks: what was deleted is missing at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime import __version__
from downtime import inspection_access as access
from downtime import inspection_copies as copies
from downtime import inspection_machine as machine
from downtime import inspection_papers as papers
from downtime import inspection_trail as trail
from downtime.errors import DowntimeError
from downtime.i18n import chosen_language
from downtime.inspection_controls import Control, Controls, controls_of, newer_edition
from downtime.inspection_look import UNREADABLE, Look
from downtime.inspection_words import (
    BLOCKS,
    MISSING,
    NOT_APPLICABLE,
    STATES,
    TO_FILL_IN,
    Evidence,
    Fact,
    State,
    Told,
    named,
    plain,
)
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.keys import Keyring


@dataclass(frozen=True, slots=True)
class Check:
    """One thing this program can prove.

    Attributes:
        look: returns what is there now; told after how many days evidence is out of date.
        days: the days where a control names none; 0 for what is measured at the moment of looking.
    """

    look: Callable[[Look, int], Evidence]
    days: int = 0


CHECKS: dict[str, Check] = {
    "password_policy": Check(access.password_policy),
    "password_age": Check(access.password_age),
    "first_passwords": Check(access.first_passwords),
    "account_locks": Check(access.account_locks),
    "drafted_people": Check(access.drafted_people),
    "roles_apart": Check(access.roles_apart),
    "own_accounts": Check(access.own_accounts),
    "emergency_envelope": Check(access.emergency_envelope, 365),
    "idle_lock": Check(machine.idle_lock),
    "audit_span": Check(trail.audit_span, 31),
    "audit_kinds": Check(trail.audit_kinds, 31),
    "chain_verified": Check(trail.chain_verified),
    "head_mirror": Check(trail.head_mirror),
    "approvals": Check(trail.approvals, 1),
    "sign_offs": Check(trail.sign_offs, 31),
    "backups": Check(copies.backups, 1),
    "restore_test": Check(copies.restore_test, 90),
    "keys_renewed": Check(copies.keys_renewed, 183),
    "encryption": Check(copies.encryption),
    "reference_age": Check(machine.reference_age, 1),
    "printer": Check(machine.printer, 31),
    "disk_space": Check(machine.disk_space),
    "versions": Check(machine.versions),
    "home_private": Check(machine.home_private),
    "no_listening": Check(machine.no_listening),
    "outages": Check(papers.outages),
    "drills": Check(papers.drills, 365),
}
"""What a control may name as its evidence."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One control and where it stands."""

    control: Control
    state: State
    line: Told
    facts: tuple[Fact, ...]
    figures: dict[str, int]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection of one station.

    Attributes:
        made_at: RFC 3339.
        by: number and name of who made it.
        checked: every control of the hospital's file, in its order within the chapters.
        notes: what else should be known: files named by no control, a newer starting point, a drill's station.
    """

    made_at: str
    by: str
    hospital: str
    hospital_en: str
    station: str
    station_name: str
    incarnation: str
    is_drill: bool
    checked: tuple[Checked, ...]
    notes: tuple[Told, ...]

    def counts(self, block: str = "") -> dict[State, int]:
        """Return how many controls are in each state, in one chapter or in all of them."""
        mine = [one for one in self.checked if block in ("", one.control.block)]
        return {state: sum(one.state == state for one in mine) for state in STATES}

    def total(self, block: str = "") -> int:
        """Return how many controls there are, in one chapter or in all of them."""
        return sum(block in ("", one.control.block) for one in self.checked)

    def of(self, block: str) -> list[Checked]:
        """Return the controls of one chapter."""
        return [one for one in self.checked if one.control.block == block]

    def urgent_first(self) -> list[Checked]:
        """Return every control, missing ones first, in the order of the chapters within a state."""
        return sorted(self.checked, key=lambda one: STATES.index(one.state))

    def as_json(self) -> dict[str, Any]:
        """Return plain values for scripts; sentences in the language in use."""
        language = chosen_language()
        return {
            "made_at": self.made_at,
            "by": self.by,
            "hospital": self.hospital,
            "station": self.station,
            "incarnation": self.incarnation,
            "program": __version__,
            "drill": self.is_drill,
            "total": self.total(),
            "counts": self.counts(),
            "blocks": {block: {"total": self.total(block), **self.counts(block)} for block in BLOCKS},
            "notes": [note.words(language) for note in self.notes],
            "controls": [_as_json(one, language) for one in self.checked],
        }


def _as_json(one: Checked, language: Language) -> dict[str, Any]:
    from downtime.i18n import in_language

    control = one.control
    return {
        "id": control.id,
        "block": control.block,
        "state": one.state,
        "title": control.title_in(language),
        "source": control.source,
        "clause": control.clause,
        "wording": control.wording,
        "mark": control.mark,
        "verified": control.is_verified,
        "responsible": control.responsible,
        "check": control.evidence or "attached",
        "line": one.line.words(language),
        "figures": dict(one.figures),
        "facts": [
            {
                "about": in_language(fact.label, language),
                "found": fact.told.words(language),
                "from": fact.source.words(language),
            }
            for fact in one.facts
        ],
        "not_applicable": (
            {"reason": control.not_applicable_reason, "by": control.not_applicable_by}
            if one.state == NOT_APPLICABLE
            else None
        ),
    }


def inspect_station(home: Home, ring: Keyring, clock: Clock) -> Inspection:
    """Look at the station now and hold what is found against the hospital's controls.

    Args:
        home: the station; others may be recording.
        ring: open keys of somebody with the right ``inspect``.
        clock: where the time comes from.

    Raises:
        RefusedInputError: the controls file is not as it must be.
    """
    controls = controls_of(home, CHECKS)
    look = Look(home, ring, clock)
    files, unreadable = _files(home, controls)
    in_order = sorted(controls.control, key=lambda control: list(BLOCKS).index(control.block))
    checked = tuple(_checked(look, control, files) for control in in_order)
    hospital = home.settings.hospital
    person = ring.person
    return Inspection(
        made_at=look.now,
        by=f"{person.operator} {person.name}".strip(),
        hospital=hospital.name,
        hospital_en=hospital.name_en,
        station=home.settings.station.code,
        station_name=home.settings.station.name,
        incarnation=home.keys.incarnation(),
        is_drill=look.is_drill,
        checked=checked,
        notes=(*_notes(look, files, newer_edition(controls)), *unreadable),
    )


def _files(home: Home, controls: Controls) -> tuple[dict[str, list[Path]], tuple[Told, ...]]:
    """Return the hospital's papers by control; a folder that cannot be read is a note, and its papers missing."""
    try:
        return papers.files_by_control(home, [control.id for control in controls.control]), ()
    except OSError as error:
        reason = {"reason": error.strerror or str(error)}
        return {}, (Told(N_("The folder inspection/ cannot be read: {reason}"), reason),)


def _checked(look: Look, control: Control, files: dict[str, list[Path]]) -> Checked:
    if control.is_not_applicable:
        values = {"reason": control.not_applicable_reason.strip(), "who": control.not_applicable_by.strip()}
        line = Told("{reason} ({who})", values)
        facts = (Fact(N_("Not applicable"), line, Told(N_("controls file"))),)
        return Checked(control, NOT_APPLICABLE, line, facts, {})
    found = _evidence(look, control, files)
    if look.is_drill:
        line = Told(N_("this is a drill's station: nothing here is evidence"))
        return Checked(control, MISSING, line, found.facts, dict(found.figures))
    if not control.is_verified:
        line = Told(
            N_("the requirement is {blank}; found: {line}"), {"blank": Told(TO_FILL_IN), "line": found.line}
        )
        return Checked(control, MISSING, line, found.facts, dict(found.figures))
    return Checked(control, found.state, found.line, found.facts, dict(found.figures))


def _evidence(look: Look, control: Control, files: dict[str, list[Path]]) -> Evidence:
    """Return what a check found; what cannot be read is missing, and says why."""
    try:
        if control.attach:
            return papers.attached(look, control, files.get(control.id, []))
        check = CHECKS[control.evidence]
        return check.look(look, control.stale_after_days or check.days)
    except UNREADABLE as error:
        reason = error.what if isinstance(error, DowntimeError) else str(error)
        return Evidence(MISSING, Told(N_("could not be looked at: {reason}"), {"reason": plain(reason)}))


def _notes(look: Look, files: dict[str, list[Path]], newer: int) -> Iterable[Told]:
    if look.is_drill:
        yield Told(N_("A drill's station: nothing on this page is evidence about the real one."))
    for number, reason in look.broken:
        yield Told(N_("Book {book} cannot be read: {reason}"), {"book": f"{number:04d}", "reason": reason})
    strays = [path.name for path in files.get("", ())]
    if strays:
        yield Told(N_("Files in inspection/ that no control is named by: {names}"), {"names": named(strays)})
    if newer:
        values = {"edition": newer}
        yield Told(
            N_("A newer starting point of the controls (edition {edition}) came with the program."), values
        )
