"""``downtime patients``: temporary numbers, and which patient of the HIS each is."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from downtime.clean import visible
from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    require,
    unlock,
)
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.desk import Desk
    from downtime.patient_match import Candidate
    from downtime.patient_match_deciding import Matching, Temporary
    from forms.base import Form


@click.group()
def patients() -> None:
    """Temporary patients and the patients of the HIS: list, match, undo. 患者匹配"""


@contextmanager
def _desk(home_path: Path | None, operator: str | None, password_file: Path | None) -> Iterator[Desk]:
    from downtime.desk import Desk

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "deliver")
    if ring.slot is None or ring.slot.kind != "person":
        raise RefusedInputError(
            _("Whom a temporary number belongs to is decided by a person, not by the delivery account."),
            _("Give your own number: --operator ID."),
        )
    desk = Desk(home, ring)
    try:
        yield desk
    finally:
        desk.close()


def _compared(desk: Desk, version: int | None) -> Matching:
    from downtime.patient_match_deciding import match_patients
    from downtime.store.reference import Reference, reference_files

    if version is None or (desk.reference is not None and desk.reference.version == version):
        return match_patients(desk.looking(), desk.reference)
    path = reference_files(desk.home.path / "reference").get(version)
    if path is None:
        raise RefusedInputError(
            _("There is no reference version {version} here.").format(version=version),
            _("Take the set in first: downtime-sync intake."),
        )
    with Reference(path, desk.book.ring.reference_key()) as lists:
        return match_patients(desk.looking(), lists)


_lists_option = click.option(
    "--lists", "version", type=int, help="Version of the lists; by default those in force. 资料版本"
)


@patients.command("list")
@home_option
@operator_options
@_lists_option
@click.option("--open", "only_open", is_flag=True, help="Only what nobody has decided. 仅未决定")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_patients(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    version: int | None,
    only_open: bool,
    as_json: bool,
) -> int:
    """Every temporary patient with what was decided, or who it may be and why. 临时患者清单"""
    with _desk(home_path, operator, password_file) as desk:
        matching = _compared(desk, version)
        wanted = [one for one in matching.temporaries if one.is_open or not only_open]
        if as_json:
            told = {"lists": matching.version, "patients": [_as_json(one) for one in wanted]}
            click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for one in wanted:
                click.echo("\n".join(_lines(one)))
        return FOUND_A_PROBLEM if matching.open() else FINE


@patients.command("match")
@home_option
@operator_options
@_lists_option
@click.argument("temporary", required=False)
@click.argument("number", required=False)
@click.option("--nobody", is_flag=True, help="The lists do not hold this person. 名单中没有此人")
@click.option("--certain", is_flag=True, help="Record every match that is certain. 记录所有确定项")
@click.option("--note", default="", help="Why. 备注")
def match_command(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    version: int | None,
    temporary: str | None,
    number: str | None,
    nobody: bool,
    certain: bool,
    note: str,
) -> int:
    """Record that TEMPORARY is the patient NUMBER, or --nobody, or all that are --certain. 匹配患者"""
    if certain == bool(temporary) or (bool(temporary) and nobody == bool(number)):
        raise click.UsageError(
            _("Give a temporary number and a patient number or --nobody; or --certain alone.")
        )
    from downtime.patient_match_deciding import matched_form

    with _desk(home_path, operator, password_file) as desk:
        matching = _compared(desk, version)
        if certain:
            forms: list[Form] = [
                matched_form(one, one.certain, matching.version, note=note) for one in matching.certain()
            ]
            return max([_record(desk, form) for form in forms], default=FINE)
        one = _named(matching, temporary or "")
        candidate = None if nobody else _candidate(desk, matching, one, number or "", version)
        by_hand = candidate is not None and candidate not in one.candidates
        return _record(desk, matched_form(one, candidate, matching.version, by_hand=by_hand, note=note))


@patients.command("undo")
@home_option
@operator_options
@click.argument("temporary")
@click.option("--reason", required=True, help="Why it was wrong. 原因")
def undo(
    home_path: Path | None, operator: str | None, password_file: Path | None, *, temporary: str, reason: str
) -> int:
    """Undo what was decided about TEMPORARY; the decision and its undoing both stay on record. 撤销匹配"""
    from downtime.patient_match_deciding import unmatched_form
    from downtime.store.patient_match import decision_of

    with _desk(home_path, operator, password_file) as desk:
        decision = decision_of(desk.looking(), temporary)
        if decision is None:
            raise RefusedInputError(
                _("Nothing is decided about {number}.").format(number=visible(temporary, 40)),
                _("See: downtime patients list."),
            )
        return _record(desk, unmatched_form(decision, reason))


def _named(matching: Matching, temporary: str) -> Temporary:
    found = next((one for one in matching.temporaries if one.person.number == temporary), None)
    if found is None:
        raise RefusedInputError(
            _("No temporary patient {number} in this book.").format(number=visible(temporary, 40)),
            _("See: downtime patients list."),
        )
    return found


def _candidate(desk: Desk, matching: Matching, one: Temporary, number: str, version: int | None) -> Candidate:
    """Return the candidate with that number, or the patient of the lists compared by hand."""
    from downtime.patient_match_deciding import compared_by_hand
    from downtime.patient_match_people import person_of_row

    found = next((other for other in one.candidates if other.person.number == number), None)
    if found is not None:
        return found
    is_in_force = desk.reference is not None and version in {None, desk.reference.version}
    row = desk.reference.get_patient(number) if is_in_force and desk.reference is not None else None
    earlier = [other.person for other in matching.temporaries if other.person.number == number]
    if row is None and not earlier:
        raise RefusedInputError(
            _("No patient {number} in the lists.").format(number=visible(number, 40)),
            _("Put newer lists in force first: downtime reference use VERSION."),
        )
    other = person_of_row(row) if row is not None else earlier[0]
    return compared_by_hand(one.person, [other], matching.people)[0]


def _record(desk: Desk, form: Form) -> int:
    from downtime.record import Refused, new_entry_id
    from forms.patient_matched import PatientMatched

    outcome = desk.record(form, new_entry_id())
    if isinstance(outcome, Refused):
        first = outcome.problems[0]
        click.echo(_(first.message).format(**first.values), err=True)
        return FOUND_A_PROBLEM
    if isinstance(form, PatientMatched):
        told = form.other.number if form.other is not None else _("nobody in the lists")
        click.echo(visible(f"{form.patient.number}  {told}"))
    return FINE


def _lines(one: Temporary) -> Iterator[str]:
    from downtime.patient_match_words import (
        age_words,
        decision_words,
        reasons_text,
        sex_words,
        verdict_words,
        warning_words,
    )

    person = one.person
    head = (person.number, person.name, sex_words(person), age_words(person))
    yield visible("  ".join(filter(None, head)))
    if one.decision is not None:
        yield visible(f"  {decision_words(one.decision)}")
        return
    for candidate in one.candidates:
        other = candidate.person
        who = filter(None, (other.number, other.name, sex_words(other), age_words(other)))
        yield visible(f"  {verdict_words(candidate)} {candidate.score}  {'  '.join(who)}")
        yield visible(f"      {reasons_text(candidate)}")
        yield from (f"      {warning_words(warning)}" for warning in candidate.warnings)
    if not one.candidates:
        yield "  " + _("Nobody in the lists comes near.")


def _as_json(one: Temporary) -> dict[str, Any]:
    decision = one.decision
    return {
        "number": one.person.number,
        "name": one.person.name,
        "entries": one.person.entries,
        "decided": None
        if decision is None
        else {
            "id": decision.entry_id,
            "outcome": decision.form.outcome,
            "number": decision.form.other.number if decision.form.other else None,
        },
        "candidates": [
            {
                "number": other.person.number,
                "name": other.person.name,
                "temporary": other.person.temporary,
                "verdict": other.verdict,
                "score": other.score,
                "reasons": {reason.field: reason.level for reason in other.reasons},
                "warnings": list(other.warnings),
            }
            for other in one.candidates
        ],
    }
