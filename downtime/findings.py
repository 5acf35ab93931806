"""What a verification found: the first position that cannot be trusted, in plain words, and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.verify_row import Gap

Part = Literal["journal", "head_log", "deliveries", "file", "keys"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is not as it was written.

    Attributes:
        part: which file it concerns; journal and head log count in the same positions.
        position: first entry (journal, head log) or delivery that cannot be trusted; None for a whole file.
        what: what is wrong, one sentence.
        then: what to do, one sentence.
    """

    part: Part
    position: int | None
    what: str
    then: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a book's files prove.

    Attributes:
        book: number of the book.
        entries: entries read and found good, from the first on.
        head: chain hash after the last of them (hex).
        head_records: good records of the head log.
        receipts: receipt numbers used.
        gaps: receipt counters no entry used, and whose they are; a gap is listed, it is no damage.
        deliveries: facts in the deliveries.
        findings: what is wrong, worst first; empty for a good book.
        notes: what the next start of the app will complete by itself.
        destroyed_at: when the book was destroyed after its retention (RFC 3339), or ""; the figures are then
            those of ``certificate``, its file within the home.
    """

    book: int
    entries: int = 0
    head: str = ""
    head_records: int = 0
    receipts: int = 0
    gaps: tuple[Gap, ...] = ()
    deliveries: int = 0
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    destroyed_at: str = ""
    certificate: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first position that cannot be trusted."""
        return self.findings[0] if self.findings else None

    def lines(self) -> list[str]:
        """Return the result in words, a line each."""
        if self.destroyed_at and self.whole:
            return [
                _("Book {book} was destroyed on {day} after its retention; certificate {file}.").format(
                    book=self.book, day=self.destroyed_at[:10], file=self.certificate
                )
            ]
        counts = _(
            "Book {book}: {entries} entries, {receipts} receipts, {heads} signed heads, {deliveries} deliveries."
        )
        said = [
            counts.format(
                book=self.book,
                entries=self.entries,
                receipts=self.receipts,
                heads=self.head_records,
                deliveries=self.deliveries,
            )
        ]
        said += [
            _("Receipt numbers not used: {first} to {last} (held by {station}).").format(
                first=gap.first, last=gap.last, station=gap.held_by
            )
            for gap in self.gaps
        ]
        said += self.notes
        if self.whole:
            return [*said, _("All of it is as it was written. Last hash: {head}").format(head=self.head)]
        first, *further = self.findings
        said += [first.what, first.then]
        return said + [finding.what for finding in further]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``downtime verify --json``."""
        return {**asdict(self), "whole": self.whole, "first": asdict(self.first) if self.first else None}


@dataclass
class Report:
    """Collects findings; the earliest entry comes first, then deliveries, then files as such."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def entry(self, part: Part, position: int, reason: str) -> None:
        """Note an entry that cannot be trusted."""
        what = _("Entry {position} cannot be trusted: {reason}").format(position=position, reason=reason)
        then = _(
            "Record nothing more in this book and leave its folder as it is. Go on under a new incarnation "
            "(downtime continue) and call IT; entries before that position are good."
        )
        self.findings.append(Finding(part, position, what, then))

    def delivery(self, position: int, reason: str) -> None:
        """Note a delivery that cannot be trusted."""
        what = _("Delivery {position} cannot be trusted: {reason}").format(position=position, reason=reason)
        then = _("Deliver nothing more from this book and call IT; what the HIS holds decides.")
        self.findings.append(Finding("deliveries", position, what, then))

    def file(self, part: Part, name: str, reason: str) -> None:
        """Note a whole file that is damaged or does not open."""
        what = _("The file {file} is damaged or does not open: {reason}.").format(file=name, reason=reason)
        then = _("Leave the folder as it is, call IT, and compare with the newest verified backup.")
        self.findings.append(Finding(part, None, what, then))

    def ordered(self) -> tuple[Finding, ...]:
        """Return the findings, the first position first."""

        def rank(finding: Finding) -> tuple[int, int]:
            if finding.part == "keys":
                return 0, 0
            if finding.position is None:
                return 3, 0
            return (2 if finding.part == "deliveries" else 1), finding.position

        return tuple(sorted(self.findings, key=rank))
