"""Every fen and every number: the after-action pack held against what the simulator wrote down by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.outage.truth import Meant, Truth

TAKING: Final = ("charge", "precollection", "deposit", "payment")
BLOCK: Final = 20_000
SHOWN: Final = 12


def differences(pack: Mapping[str, Any], truth: Truth, slips: Sequence[str], accepted: set[str]) -> list[str]:
    """Return everything on which the pack and the truth do not agree.

    Args:
        pack: the JSON file of the pack.
        truth: what was meant.
        slips: receipt numbers of slips that are no entry for the HIS.
        accepted: ids of entries that stand accepted at the hub.
    """
    known = [one for one in truth if one.id not in truth.aside]
    tables = pack["tables"]
    found = [
        *_figures(pack["figures"], known, slips, accepted),
        *_receipts(tables["receipts"]["rows"], known, slips),
        *_numbers(tables["numbers"]["rows"], known, slips),
        *_methods(tables["methods"]["rows"], known),
        *_his(tables["his"]["rows"], known),
        *_with_his(tables),
    ]
    return [*found[:SHOWN], f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else found


def moved(one: Meant) -> Counter[str]:
    """Return what an entry moves in the drawer, by method: refunds by card or mobile move when they are confirmed."""
    parts: Counter[str] = Counter()
    for method, amount in one.payments:
        if one.form in TAKING:
            parts[method] += amount
        elif one.form == "reversal" or method == "cash":
            parts[method] -= amount
    return parts


def _equal(what: str, ours: object, theirs: object) -> Iterator[str]:
    if ours != theirs:
        yield f"{what}: meant {ours}, told {theirs}"


def _figures(
    figures: Mapping[str, Any], known: Sequence[Meant], slips: Sequence[str], accepted: set[str]
) -> Iterator[str]:
    numbers = [one.number for one in known if one.number]
    yield from _equal("receipts", len(numbers) + len(slips), figures["receipts"])
    yield from _equal("entries for the HIS", len(known), figures["deliverable"])
    yield from _equal("accepted", len(accepted), figures["accepted"])
    yield from _equal("money", sum(sum(moved(one).values()) for one in known), figures["net_minor"])
    yield from _equal("reversals", sum(one.form == "reversal" for one in known), figures["reversals"])


def _receipts(
    rows: Sequence[Mapping[str, Any]], known: Sequence[Meant], slips: Sequence[str]
) -> Iterator[str]:
    told = Counter(row["number"] for row in rows)
    wanted = Counter([one.number for one in known if one.number] + list(slips))
    yield from (
        f"receipt {number}: {told[number]} times"
        for number in told | wanted
        if told[number] != wanted[number]
    )
    amounts = {row["number"]: (row["form"], row["amount_minor"] or 0) for row in rows}
    for one in known:
        if one.number in amounts:
            yield from _equal(f"receipt {one.number}", (one.form, one.total_minor or 0), amounts[one.number])


def _numbers(
    rows: Sequence[Mapping[str, Any]], known: Sequence[Meant], slips: Sequence[str]
) -> Iterator[str]:
    """Used, void and unused numbers of each station come to all that were given to it."""
    used = Counter(one.number[:4] for one in known if one.number) + Counter(number[:4] for number in slips)
    told: Counter[tuple[str, str]] = Counter()
    for row in rows:
        told[row["station"], row["state"]] += row["count"]
    for station, count in used.items():
        yield from _equal(f"numbers used at {station}", count, told[station, "used"] + told[station, "void"])
        whole = sum(told[station, state] for state in {state for _station, state in told})
        yield from _equal(f"numbers of {station}", BLOCK, whole)


def _methods(rows: Sequence[Mapping[str, Any]], known: Sequence[Meant]) -> Iterator[str]:
    wanted: Counter[str] = Counter()
    for one in known:
        wanted.update(moved(one))
    told = {row["method"]: row["net_minor"] for row in rows}
    for method in wanted.keys() | told.keys():
        yield from _equal(f"by {method}", wanted[method], told.get(method, 0))


def _his(rows: Sequence[Mapping[str, Any]], known: Sequence[Meant]) -> Iterator[str]:
    """Counts and sums by state come to all entries."""
    total = sum(one.total_minor or 0 for one in known)
    for what, told in (("by state", [row for row in rows if row["state"] != "all"]), ("of all", rows)):
        share = 1 if what == "by state" else 2
        yield from _equal(f"entries {what}", share * len(known), sum(row["entries"] for row in told))
        yield from _equal(f"money {what}", share * total, sum(row["amount_minor"] or 0 for row in told))


def _with_his(tables: Mapping[str, Any]) -> Iterator[str]:
    """Where the HIS holds everything as it is, nothing is to be given back or collected because of it."""
    for row in tables["differences"]["rows"]:
        if row["kind"] == "charged":
            told = (row["taken_minor"], row["his_minor"])
            yield f"{row['form']} {row['number']} charged otherwise: {told}"
    for row in tables["three"]["rows"]:
        yield from _equal(f"receipts beside the HIS at {row['station']}", 0, row["difference_minor"])
