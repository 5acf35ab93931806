"""What a tick-off says in numbers that add up, in sentences, and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from downtime.clean import spreadsheet
from downtime.his_word import WHAT_WORDS
from downtime.i18n import _
from forms.money import format_amount
from forms.text import N_
from sync.tick_off import OUTCOMES, ROW_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from sync.reading.extract import Extract
    from sync.reading.fields import HisRow
    from sync.tick_off import Judged, TickedOff

OUTCOME_WORDS: Final = {
    "agreed": N_("same in the HIS"),
    "different": N_("different in the HIS"),
    "missing_there": N_("not in the HIS"),
    "doubtful": N_("doubtful, a person decides"),
    "not_covered": N_("not shown by the extract"),
    "unknown_here": N_("in the HIS only"),
    "void": N_("void in the HIS"),
    "outside": N_("of another time"),
}
COLUMNS: Final = (
    *(
        "outcome",
        "what",
        "reason",
        "score",
        "receipt",
        "form",
        "patient",
        "name",
        "operator",
        "time",
        "amount",
    ),
    *("his_rows", "his_bills", "his_patient", "his_operator", "his_time", "his_amount", "formal_documents"),
    *("entry_id", "file", "line"),
)


@dataclass(frozen=True, slots=True)
class CountLine:
    """Entries or rows in one state, and their money in minor units."""

    state: str
    count: int
    amount_minor: int


def entry_counts(ticked: TickedOff) -> list[CountLine]:
    """Return one line per outcome; together they are all entries, each once."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for one in ticked.judged:
        counts[one.outcome] += 1
        sums[one.outcome] += one.claim.amount_minor
    return [CountLine(outcome, counts[outcome], sums[outcome]) for outcome in OUTCOMES]


def row_counts(ticked: TickedOff, extract: Extract) -> list[CountLine]:
    """Return one line per state of a row; together they are all rows read, each once."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for row in extract.rows:
        state = ticked.row_states[row.id]
        counts[state] += 1
        sums[state] += row.amount_minor
    return [CountLine(state, counts[state], sums[state]) for state in ROW_STATES]


def report_json(ticked: TickedOff, extract: Extract) -> dict[str, Any]:
    """Return counts and sums as plain values; money in minor units."""
    entries, rows = entry_counts(ticked), row_counts(ticked, extract)
    return {
        "entries": {line.state: {"count": line.count, "amount_minor": line.amount_minor} for line in entries},
        "entries_total": {
            "count": len(ticked.judged),
            "amount_minor": sum(one.claim.amount_minor for one in ticked.judged),
        },
        "rows": {line.state: {"count": line.count, "amount_minor": line.amount_minor} for line in rows},
        "rows_total": {
            "count": len(extract.rows),
            "amount_minor": sum(row.amount_minor for row in extract.rows),
        },
        "lines_not_read": extract.reasons.total,
        "files": extract.files,
        "different": dict(Counter(name for one in ticked.judged for name in one.what)),
    }


def report_text(ticked: TickedOff, extract: Extract, currency: str) -> str:
    """Return counts and sums as people read them, and the lines that could not be read."""
    told = [_("Entries {count}").format(count=len(ticked.judged))]
    told += _count_lines(entry_counts(ticked), currency)
    told.append(_("Rows of the HIS {count}").format(count=len(extract.rows)))
    told += _count_lines(row_counts(ticked, extract), currency)
    if extract.reasons.total:
        told.append(_("Lines not read {count}").format(count=extract.reasons.total))
        told += [f"  {reason.line()}" for reason in extract.reasons.kept]
    return "\n".join(told)


def as_csv(ticked: TickedOff, currency: str, zone: ZoneInfo) -> bytes:
    """Return every entry and every unexplained row as CSV: UTF-8 with a byte order mark, nothing to calculate in it."""
    stored = io.StringIO()
    table = csv.writer(stored, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for cells in _table(ticked, currency, zone):
        table.writerow([_cell(str(cell)) for cell in cells])
    return b"\xef\xbb\xbf" + stored.getvalue().encode("utf-8", errors="backslashreplace")


def what_words(one: Judged) -> str:
    """Return what differs, in the language in use."""
    return ", ".join(_(WHAT_WORDS[name]) for name in one.what)


def _count_lines(lines: list[CountLine], currency: str) -> list[str]:
    return [
        f"  {_(OUTCOME_WORDS[line.state])}: {line.count}, {format_amount(line.amount_minor, currency)}"
        for line in lines
        if line.count or line.state in {"agreed", "different", "missing_there", "unknown_here"}
    ]


def _cell(text: str) -> str:
    """Return a cell that no spreadsheet calculates; a plain negative amount stays a number."""
    plain = text.removeprefix("-").replace(".", "", 1)
    return text if plain.isascii() and plain.isdigit() else spreadsheet(text)


def _table(ticked: TickedOff, currency: str, zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    for one in ticked.judged:
        claim, rows = one.claim, one.rows
        yield (
            _(OUTCOME_WORDS[one.outcome]), what_words(one), _(one.reason), one.score, claim.number, claim.form,
            claim.patient, claim.name, claim.operator, _time(claim.at, zone),
            format_amount(claim.amount_minor, currency), *_his(rows, currency, zone),
            " ".join(document.number for document in one.documents()), claim.id,
            rows[0].file if rows else "", rows[0].line if rows else "",
        )  # fmt: skip
    here_unknown = OUTCOME_WORDS["unknown_here"]
    for row in ticked.unknown:
        yield (
            _(here_unknown), "", "", "", row.receipt, row.kind, "", row.name, "", "", "",
            *_his((row,), currency, zone), row.document.number if row.document else "", "", row.file, row.line,
        )  # fmt: skip


def _his(rows: tuple[HisRow, ...], currency: str, zone: ZoneInfo) -> tuple[str, ...]:
    if not rows:
        return ("",) * 6
    return (
        " ".join(row.id for row in rows),
        " ".join(dict.fromkeys(row.bill for row in rows)),
        " ".join(dict.fromkeys(row.patient for row in rows)),
        " ".join(dict.fromkeys(row.operator for row in rows)),
        _time(min(row.begins for row in rows), zone),
        format_amount(sum(row.amount_minor for row in rows), currency),
    )


def _time(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S")
