"""The report of paper forms: per pack and holder what was typed in, void, returned, missing; and what is odd."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.pack_ledger import in_words
from forms.paper_pack import PAPER_KINDS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.pack_ledger import Ledger, Pack

DIFFERENCES: dict[str, str] = {
    "form": N_("kind of form"),
    "patient": N_("patient"),
    "lines": N_("lines"),
    "total": N_("sum"),
    "payments": N_("payment"),
}
"""What two typings of one paper may differ in."""

STATES = ("used", "void", "lost", "returned", "stock", "issued")


@dataclass(frozen=True, slots=True)
class Line:
    """What one holder did with forms of one pack; ``holder`` is "" for those in stock.

    Attributes:
        counts: forms by state; they add up to ``total``.
        missing: counters that nobody has accounted for, and ``skipped`` those of them in the middle of used ones.
    """

    pack: Pack
    holder: str
    holder_name: str
    total: int
    counts: dict[str, int]
    missing: tuple[int, ...]
    skipped: tuple[int, ...]


def report_lines(ledger: Ledger) -> list[Line]:
    """Return a line per pack and holder, packs in their order."""
    found = []
    for pack in ledger.packs:
        skipped = set(ledger.skipped(pack))
        by_holder: dict[str, list[int]] = {}
        names: dict[str, str] = {}
        for n in range(pack.first, pack.last + 1):
            held = ledger.forms[pack.series, n]
            by_holder.setdefault(held.holder, []).append(n)
            names[held.holder] = held.holder_name
        for holder, numbers in by_holder.items():
            states = {n: ledger.forms[pack.series, n].state for n in numbers}
            missing = tuple(n for n in numbers if states[n] == "issued")
            found.append(
                Line(
                    pack=pack,
                    holder=holder,
                    holder_name=names[holder],
                    total=len(numbers),
                    counts=dict(Counter(states.values())),
                    missing=missing,
                    skipped=tuple(n for n in missing if n in skipped),
                )
            )
    return found


def as_plain(ledger: Ledger) -> dict[str, Any]:
    """Return the report as plain values, for scripts."""
    return {
        "packs": [
            {
                "kind": line.pack.kind,
                "first": ledger.name(line.pack.series, line.pack.first),
                "last": ledger.name(line.pack.series, line.pack.last),
                "printed_at": line.pack.printed_at,
                "holder": line.holder,
                "holder_name": line.holder_name,
                "forms": line.total,
                **{state: line.counts.get(state, 0) for state in STATES if state != "issued"},
                "missing": [ledger.name(line.pack.series, n) for n in line.missing],
                "skipped": [ledger.name(line.pack.series, n) for n in line.skipped],
            }
            for line in report_lines(ledger)
        ],
        "of_no_pack": ledger.outside,
        "conflicts": [
            {"number": one.number, "differs": list(one.differs), "typed_by": one.typed_by, "id": one.id}
            for one in ledger.conflicts.values()
        ],
    }


def as_text(ledger: Ledger) -> Iterator[str]:
    """Yield the report in words."""
    if not ledger.packs:
        yield _("No paper forms were printed.")
    for line in report_lines(ledger):
        pack = line.pack
        yield _("{kind} {first} to {last}, {holder}: {total} forms").format(
            kind=_(PAPER_KINDS[pack.kind]),
            first=ledger.name(pack.series, pack.first),
            last=ledger.name(pack.series, pack.last),
            holder=f"{line.holder} {line.holder_name}".strip() or _("in stock"),
            total=line.total,
        )
        yield "  " + counts_in_words(line)
        if line.missing:
            yield "  " + _("MISSING: {numbers}").format(numbers=in_words(line.missing))
    if ledger.outside:
        yield _("Numbers of no pack: {numbers}").format(numbers=", ".join(ledger.outside))
    for one in ledger.conflicts.values():
        yield conflict_words(one.number, one.differs, one.typed_by)


def counts_in_words(line: Line) -> str:
    """Return used, void, lost, returned, in stock and missing, which add up to all."""
    told = _(
        "typed in {used}, void {void}, lost {lost}, returned {returned}, in stock {stock}, missing {issued}"
    )
    return told.format(**{state: line.counts.get(state, 0) for state in STATES})


def conflict_words(number: str, differs: tuple[str, ...], typed_by: str) -> str:
    """Return what is different about a number that was typed in twice."""
    return _("{number} was typed in again by {who}, differently: {what}").format(
        number=number, who=typed_by, what=", ".join(_(DIFFERENCES[one]) for one in differs)
    )
