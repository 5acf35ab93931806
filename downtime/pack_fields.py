"""What stands on each kind of paper form: the fields the records need, in the order people write them.

Charge: domain findings 5.1 and 4.3; deposit 5.3 (fields of the white slip); bookkeeping 5.4; dispensing 5.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Cell:
    """One box to write in.

    Attributes:
        share: of the row's width.
        label: msgid, in the upper left corner.
        marks: msgids of small squares to tick.
        shape: "" a plain box, "time" date and time with their separators.
    """

    share: float
    label: str
    marks: tuple[str, ...] = ()
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the lines; ``right``: figures stand at the right."""

    share: float
    label: str


@dataclass(frozen=True, slots=True)
class FormFace:
    """One kind of form.

    Attributes:
        title: msgid.
        head: rows above the lines.
        columns: of the lines; none for a form without.
        lines: how many lines.
        money: whether it has a sum, and ``paid`` whether money changes hands.
        foot: rows below.
        row: height of a head row and ``line`` of a line, in millimetres.
    """

    title: str
    head: tuple[tuple[Cell, ...], ...]
    foot: tuple[tuple[Cell, ...], ...]
    columns: tuple[Column, ...] = ()
    lines: int = 0
    money: bool = True
    row: float = 9.0
    line: float = 6.2


_WHEN = Cell(0.40, N_("Date and time"), shape="time")
_RESCUE = Cell(0.27, N_("Rescue: written down afterwards"), (N_("yes, ended at"),))
_WRITTEN_BY = Cell(0.33, N_("Written by: staff no. and name"))
_NAME = Cell(0.24, N_("Patient's name"))
_SEX = Cell(0.15, N_("Sex"), (N_("M"), N_("F")))
_AGE = Cell(0.10, N_("Age"))
_PHONE = Cell(0.24, N_("Phone"))
_VOID = (
    Cell(0.45, N_("Void, because"), (N_("void"),)),
    Cell(0.25, N_("Patient's signature if void")),
    Cell(0.30, N_("Typed in late by, at")),
)
_PAID = (
    Cell(0.12, N_("How it was paid"), (N_("cash"),)),
    Cell(0.20, "", (N_("bank card, slip"),)),
    Cell(0.20, "", (N_("mobile pay, order"),)),
    Cell(0.48, N_("Not paid: vouched for by, phone"), (N_("arrears"), N_("green channel"))),
)

FACES: dict[str, FormFace] = {
    "charge": FormFace(
        title=N_("Emergency charge form"),
        head=(
            (_WHEN, _RESCUE, _WRITTEN_BY),
            (_NAME, _SEX, _AGE, Cell(0.27, N_("Patient or outpatient no.")), _PHONE),
            (
                Cell(0.32, N_("Department")),
                Cell(0.26, N_("Doctor")),
                Cell(0.42, N_("Payer"), (N_("self-paying"), N_("insured, settled later"))),
            ),
        ),
        columns=(
            Column(0.04, N_("No.")),
            Column(0.15, N_("Code")),
            Column(0.40, N_("Item or drug, spec")),
            Column(0.08, N_("Unit")),
            Column(0.11, N_("Unit price")),
            Column(0.08, N_("Qty")),
            Column(0.14, N_("Amount")),
        ),
        lines=7,
        foot=(
            _PAID,
            (
                Cell(0.28, N_("Payer's signature")),
                Cell(0.36, N_("Cashier: staff no., signature, seal")),
                Cell(0.36, N_("Emergency stamp")),
            ),
            _VOID,
        ),
        row=8.6,
        line=6.2,
    ),
    "deposit": FormFace(
        title=N_("Emergency deposit form"),
        head=(
            (_WHEN, _RESCUE, _WRITTEN_BY),
            (_NAME, _SEX, _AGE, Cell(0.27, N_("Inpatient or temporary no.")), _PHONE),
            (
                Cell(0.30, N_("Ward")),
                Cell(0.14, N_("Bed")),
                Cell(0.26, N_("Ward's phone")),
                Cell(0.30, N_("Deposits so far, if known")),
            ),
        ),
        foot=(
            (
                Cell(0.20, N_("How it was paid"), (N_("cash"),)),
                Cell(0.27, "", (N_("bank card, slip"),)),
                Cell(0.27, "", (N_("mobile pay, order"),)),
                Cell(0.26, N_("Payer, if not the patient")),
            ),
            (
                Cell(0.28, N_("Payer's signature")),
                Cell(0.36, N_("Cashier: staff no., signature, seal")),
                Cell(0.36, N_("Admission office stamp")),
            ),
            _VOID,
        ),
        row=14.5,
    ),
    "bookkeeping": FormFace(
        title=N_("Emergency bookkeeping form"),
        head=(
            (_WHEN, _RESCUE, _WRITTEN_BY),
            (
                _NAME,
                Cell(0.24, N_("Inpatient or temporary no.")),
                Cell(0.20, N_("Ward")),
                Cell(0.12, N_("Bed")),
                Cell(0.20, N_("Payer")),
            ),
            (
                Cell(0.34, N_("Ordering department")),
                Cell(0.26, N_("Ordering doctor")),
                Cell(0.40, N_("Performing department")),
            ),
        ),
        columns=(
            Column(0.04, N_("No.")),
            Column(0.14, N_("Code")),
            Column(0.32, N_("Item or drug, spec")),
            Column(0.07, N_("Unit")),
            Column(0.08, N_("Qty")),
            Column(0.10, N_("Unit price")),
            Column(0.12, N_("Amount")),
            Column(0.13, N_("Done at")),
        ),
        lines=8,
        foot=(
            (
                Cell(0.25, N_("Done by")),
                Cell(0.25, N_("Booked by")),
                Cell(0.25, N_("Checked by")),
                Cell(0.25, N_("Note")),
            ),
            _VOID,
        ),
        row=8.6,
        line=6.2,
    ),
    "dispense": FormFace(
        title=N_("Emergency dispensing form"),
        head=(
            (_WHEN, _RESCUE, _WRITTEN_BY),
            (_NAME, _SEX, _AGE, Cell(0.27, N_("Patient or inpatient no.")), _PHONE),
            (
                Cell(0.34, N_("Receipt or charge form no.")),
                Cell(0.26, N_("Prescription no.")),
                Cell(0.20, N_("Pharmacy, window")),
                Cell(0.20, N_("Was it paid"), (N_("yes"), N_("vouched for"))),
            ),
        ),
        columns=(
            Column(0.04, N_("No.")),
            Column(0.14, N_("Code")),
            Column(0.36, N_("Drug, spec, form")),
            Column(0.09, N_("Qty")),
            Column(0.08, N_("Unit")),
            Column(0.15, N_("Batch")),
            Column(0.14, N_("Expiry")),
        ),
        lines=7,
        money=False,
        foot=(
            (
                Cell(0.40, N_("Narcotics: ID of who collects")),
                Cell(0.20, N_("Ampoules returned")),
                Cell(0.40, N_("Above the emergency limit, because")),
            ),
            (
                Cell(0.20, N_("Reviewed")),
                Cell(0.20, N_("Made up")),
                Cell(0.20, N_("Checked")),
                Cell(0.20, N_("Handed out")),
                Cell(0.20, N_("Received by")),
            ),
            _VOID,
        ),
        row=8.6,
        line=6.2,
    ),
}

PARTS: tuple[str, ...] = (
    N_("Part 1, stub: stays here"),
    N_("Part 2, for the patient"),
    N_("Part 3, accounts"),
)
BOOKKEEPING_PARTS: tuple[str, ...] = (PARTS[0], N_("Part 2, accounts"), N_("Part 3, ward"))
DISPENSE_PARTS: tuple[str, ...] = (PARTS[0], N_("Part 2, with the prescription"), PARTS[2])
FIGURES = (
    *(N_("100,000"), N_("10,000"), N_("1,000"), N_("100"), N_("10")),
    *(N_("yuan"), N_("0.1"), N_("0.01")),
)
"""Heads of the boxes for a sum written in capital figures (拾万 万 仟 佰 拾 元 角 分)."""


def part_names(kind: str, own: Sequence[str], parts: int) -> tuple[str, ...]:
    """Return the msgids (or the site's own words) of the copies of a form."""
    usual = {"bookkeeping": BOOKKEEPING_PARTS, "dispense": DISPENSE_PARTS}.get(kind, PARTS)
    return tuple(own[n] if n < len(own) else usual[n] for n in range(parts))
