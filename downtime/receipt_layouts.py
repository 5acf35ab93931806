"""How each form reads on paper. A form without a function here is printed field by field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from downtime.masking import mask_field, mask_identity, mask_numbers, mask_phone
from downtime.receipt_rows import Item, Paper, Sign, shown
from forms.reversal import TAKING_MONEY
from forms.rmb import AMOUNT_FEN_MAX, in_words
from forms.tender import METHOD_WORDS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from downtime.entry import Entry

SEXES = {"male": N_("male"), "female": N_("female")}
VISIT_KINDS = {"outpatient": N_("Outpatient"), "emergency": N_("Emergency"), "inpatient": N_("Inpatient")}
PAYER_KINDS = {"self": N_("Self-pay"), "insured_pending": N_("Insurance, to be settled later")}
AUTHORISATIONS = {"arrears": N_("Arrears"), "green_channel": N_("Green channel")}
ID_KINDS = {"national_id": N_("Identity card"), "passport": N_("Passport"), "other": N_("Other document")}

_INFANT_MONTHS_MAX = 36


def charge(paper: Paper, entry: Entry) -> None:
    """Items, total, how it was paid or who vouches."""
    content = entry.content
    owed = content["total_minor"] - sum(part["amount_minor"] for part in content["payments"])
    authorised = content.get("authorisation")
    if authorised:
        kind = paper.say(AUTHORISATIONS.get(authorised["kind"], authorised["kind"]))
        words = N_("NOT FULLY PAID: {kind}") if content["payments"] else N_("NOT PAID: {kind}")
        paper.begin("warning")
        paper.banner(paper.say(words, kind=kind))
    say_people(paper, entry)
    paper.pair(N_("Payer"), paper.say(PAYER_KINDS.get(content["payer_kind"], content["payer_kind"])))
    say_lines(paper, content["lines"])
    say_total(paper, N_("Total"), content["total_minor"])
    say_payments(paper, content["payments"])
    if authorised:
        paper.pair(N_("Still owed"), paper.money(owed), "loud")
        paper.pair(N_("Guarantor"), spaced(authorised["guarantor"], mask_phone(authorised.get("phone", ""))))
        paper.pair(N_("Approved by"), authorised.get("approved_by", ""))
        paper.begin("sign")
        paper.rows.append(Sign(paper.say(N_("Guarantor's signature"))))


def payment(paper: Paper, entry: Entry) -> None:
    """Money collected later for an earlier charge."""
    say_people(paper, entry)
    paper.pair(N_("For receipt"), entry.content.get("charge_number", ""))
    say_total(paper, N_("Collected"), entry.content["total_minor"])
    say_payments(paper, entry.content["payments"])


def registration(paper: Paper, entry: Entry) -> None:
    """A new patient and the temporary number to keep."""
    content = entry.content
    patient = content["patient"]
    if content.get("identity") == "unknown_person":
        paper.begin("warning")
        paper.banner(paper.say(N_("Identity unknown")))
    say_people(paper, entry)
    paper.pair(N_("Phone"), mask_phone(patient.get("phone", "")))
    if patient.get("id_number"):
        hidden = mask_identity(patient["id_number"])
        paper.pair(ID_KINDS.get(patient.get("id_kind"), N_("Other document")), hidden)
    paper.pair(N_("Address"), mask_numbers(patient.get("address", "")))
    guardian = content.get("guardian")
    if guardian:
        relation = guardian.get("relation", "")
        paper.pair(
            N_("Guardian"),
            spaced(
                guardian["name"], f"({relation})" if relation else "", mask_phone(guardian.get("phone", ""))
            ),
        )
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content.get("note", "")))
    paper.words(paper.say(N_("Keep this paper: the number on it finds you again after the outage.")), "small")


def visit(paper: Paper, entry: Entry) -> None:
    """A patient comes to a department."""
    say_people(paper, entry)
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(entry.content.get("note", "")))


def dispense(paper: Paper, entry: Entry) -> None:
    """Drugs handed over, with batch and expiry."""
    content = entry.content
    say_people(paper, entry)
    paper.pair(N_("For receipt"), content.get("charge_number", ""))
    paper.pair(N_("Window"), content.get("window", ""))
    paper.begin("lines")
    for line in content["lines"]:
        batch = paper.say(N_("Batch {batch}"), batch=line["batch"]) if line.get("batch") else ""
        expiry = paper.say(N_("Expires {date}"), date=line["expiry"]) if line.get("expiry") else ""
        quantity = f"{line['quantity']} {line.get('unit', '')}".strip()
        paper.rows.append(
            Item(
                shown(spaced(line["name"], line.get("spec", ""))),
                spaced(batch, expiry),
                "",
                "",
                shown(quantity),
            )
        )
    paper.begin("operator")
    paper.pair(N_("Checked by"), content.get("checked_by", ""))
    paper.begin("sign")
    paper.rows.append(Sign(paper.say(N_("Received by"))))


def reversal(paper: Paper, entry: Entry) -> None:
    """An earlier entry undone, and the money given back."""
    content = entry.content
    paper.begin("warning")
    paper.banner(
        paper.say(N_("REVERSAL of {number}"), number=content.get("entry_number") or content["entry_id"])
    )
    say_people(paper, entry)
    paper.pair(N_("Reason"), mask_numbers(content["reason"]))
    paper.begin("money")
    if content["refunds"]:
        say_total(paper, N_("Refunded"), abs(content["total_minor"]))
        for part in content["refunds"]:
            paper.pair(method_of(part), spaced(slip_of(paper, part), paper.money(abs(part["amount_minor"]))))
    else:
        paper.words(paper.say(N_("No money was given back.")))
    paper.begin("sign")
    paper.rows.append(Sign(paper.say(N_("Patient's signature"))))


LAYOUTS: dict[str, Callable[[Paper, Entry], None]] = {
    "charge": charge,
    "payment": payment,
    "registration": registration,
    "visit": visit,
    "dispense": dispense,
    "reversal": reversal,
}
"""The layout of each form by its name."""


def field_by_field(paper: Paper, entry: Entry, labels: Mapping[str, str]) -> None:
    """Print any content: patient and visit as everywhere, then one row per field, labels by path or name."""
    say_people(paper, entry)
    paper.begin("lines")
    _walk(
        paper,
        {name: value for name, value in entry.content.items() if name not in {"patient", "visit"}},
        "",
        labels,
    )


def money_was_taken(entry: Entry) -> bool:
    """Tell whether the paper proves a payment."""
    return entry.form in TAKING_MONEY and bool(entry.content.get("payments"))


def _walk(paper: Paper, value: Any, path: str, labels: Mapping[str, str]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _walk(paper, inner, f"{path}.{name}" if path else name, labels)
    elif isinstance(value, list):
        for inner in value:
            paper.rule()
            _walk(paper, inner, path, labels)
    elif value is not None and value != "":
        name = path.rpartition(".")[2]
        label = (
            labels.get(path) or labels.get(name) or name.removesuffix("_minor").replace("_", " ").capitalize()
        )
        paper.pair(label, _plain(paper, name, value))


def _plain(paper: Paper, name: str, value: object) -> str:
    if isinstance(value, bool):
        return paper.say(N_("yes")) if value else paper.say(N_("no"))
    if isinstance(value, int) and name.endswith("_minor"):
        return paper.money(value)
    return mask_field(name, str(value))


def say_people(paper: Paper, entry: Entry) -> None:
    """Say who it is about, and which visit."""
    paper.begin("people")
    patient, seen = entry.content.get("patient"), entry.content.get("visit")
    if isinstance(patient, dict):
        sex = paper.say(SEXES[patient["sex"]]) if patient.get("sex") in SEXES else ""
        pays = money_was_taken(entry) and not entry.content.get("payer_name")
        paper.pair(N_("Patient, payer") if pays else N_("Patient"), patient["name"], "strong")
        age = _age(paper, patient, entry.happened_at)
        paper.pair(N_("Sex and age"), f"{sex} {age}".strip())
        temporary = paper.say(N_("(temporary)")) if patient.get("temporary") else ""
        paper.pair(N_("Patient number"), spaced(temporary, patient["number"]))
    elif entry.patient:
        paper.pair(N_("Patient number"), entry.patient)
    if isinstance(seen, dict):
        kind = paper.say(VISIT_KINDS.get(seen.get("kind") or "", ""))
        temporary = paper.say(N_("(temporary)")) if seen.get("temporary") else ""
        paper.pair(N_("Visit"), spaced(kind, temporary, seen["number"]))
        department = seen.get("department_name") or seen.get("department", "")
        paper.pair(N_("Department"), spaced(department, seen.get("doctor_name") or seen.get("doctor", "")))


def _age(paper: Paper, patient: Mapping[str, Any], happened_at: str) -> str:
    born = patient.get("birth_date")
    if not born:
        years = patient.get("age_years")
        return "" if years is None else paper.say(N_("about {years} years"), years=years)
    try:
        birth, today = date.fromisoformat(born), date.fromisoformat(happened_at[:10])
    except ValueError:
        return str(born)
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    if months < 0:
        return str(born)
    if months == 0:
        age = paper.say(N_("{days} days"), days=(today - birth).days)
    elif months < _INFANT_MONTHS_MAX:
        age = paper.say(N_("{months} months"), months=months)
    else:
        age = paper.say(N_("{years} years"), years=months // 12)
    return f"{age} {born}"


def say_lines(paper: Paper, lines: Sequence[Mapping[str, Any]]) -> None:
    """Say what was charged, line by line, and what each fee category comes to."""
    paper.begin("lines")
    head = (N_("Item"), N_("Price"), N_("Quantity"), N_("Amount"))
    item, price, quantity, amount = (paper.say(label) for label in head)
    paper.rows.append(Item("", item, price, quantity, amount))
    for line in lines:
        unlisted = line.get("kind") == "unlisted"
        paper.rows.append(
            Item(
                shown(spaced(line["name"], line.get("spec", ""))),
                paper.say(N_("price open")) if unlisted else shown(line.get("code", "")),
                paper.figure(line["unit_price_minor"]),
                shown(f"{line['quantity']} {line.get('unit', '')}".strip()),
                paper.figure(line["amount_minor"]),
            )
        )
    sums: dict[str, int] = {}
    for line in lines:
        if line.get("category"):
            sums[line["category"]] = sums.get(line["category"], 0) + line["amount_minor"]
    if sums:
        told = "  ".join(f"{category} {paper.figure(minor)}" for category, minor in sums.items())
        paper.words(paper.say(N_("By category: {sums}"), sums=told), "small")


def say_total(paper: Paper, label: str, minor: int) -> None:
    """Say a sum, in Chinese in words too."""
    paper.begin("money")
    paper.pair(label, paper.money(minor), "loud")
    if paper.language == "zh" and paper.currency == "CNY" and abs(minor) <= AMOUNT_FEN_MAX:
        paper.pair(N_("In words"), in_words(minor))


def say_payments(paper: Paper, parts: Sequence[Mapping[str, Any]]) -> None:
    """Say how it was paid."""
    for part in parts:
        paper.pair(method_of(part), spaced(slip_of(paper, part), paper.money(part["amount_minor"])))
        if part.get("unverified"):
            paper.words(
                paper.say(N_("This payment could not be seen to arrive; it is checked later.")), "small"
            )
        if part.get("change_minor") or part.get("tendered_minor", 0) > part["amount_minor"]:
            paper.pair(N_("Tendered"), paper.money(part["tendered_minor"]))
            paper.pair(N_("Change"), paper.money(part["change_minor"]), "strong")


def method_of(part: Mapping[str, Any]) -> str:
    """Return the msgid of how a part was paid."""
    return METHOD_WORDS.get(part["method"], str(part["method"]))


def slip_of(paper: Paper, part: Mapping[str, Any]) -> str:
    """Return the tail of a part's slip as it is said on paper, or ""."""
    return paper.say(N_("slip ..{tail}"), tail=part["slip_tail"]) if part.get("slip_tail") else ""


def spaced(*parts: str) -> str:
    """Return what there is of ``parts``, two spaces between."""
    return "  ".join(part for part in parts if part)
