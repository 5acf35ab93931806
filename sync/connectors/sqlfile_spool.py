"""What the client wrote into its output file, believed only if every line of ours is there and in its place.

A file that is cut short, of another script, holds two runs, a line too many or one out of place is refused as a
whole, with a sentence that says what to do. Lines that are not ours are the client's own talk and are passed by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, cast

from downtime.canonical import UnsealableError
from downtime.i18n import _
from downtime.outcome import FormalDocument
from sync.connectors.staging_read import whole_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.outcome import DocumentKind, DocumentStatus
    from sync.connectors.sqlfile_script import Planned, Script
    from sync.facts import Facts

MARK: Final = "DT1|"
_FIELD: Final = r"[A-Za-z0-9._-]*"
_LINE: Final = re.compile(rf"DT1\|([a-z]+)((?:\|{_FIELD})+)\|\.[ \t]*")
_NUMBER: Final = re.compile(r"-?\d*\.?\d+")


class SpoolRefusedError(ValueError):
    """Nothing in this file is believed; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the answer says about one entry.

    Attributes:
        body_hash: of what stands there under its id; None if nothing does.
        attempt: its attempt there.
        state: "posted", "refused" or "".
        reference: the HIS's own key.
        reason: why it was refused, by the HIS or, if nothing stands there, by the database itself.
        documents: formal documents the HIS issued.
        facts: what stands there, to be compared.
    """

    body_hash: str | None
    attempt: int = 0
    state: Literal["posted", "refused", ""] = ""
    reference: str = ""
    reason: str = ""
    documents: tuple[FormalDocument, ...] = ()
    facts: Facts = field(default_factory=dict)


def answers_of(content: bytes, script: Script) -> dict[str, Held]:
    """Return what the answer to ``script`` says, by entry id.

    Raises:
        SpoolRefusedError: it is not the whole answer to one run of this script.
    """
    reader = _Reader(_lines(content), script)
    return reader.read()


def _lines(content: bytes) -> list[tuple[str, ...]]:
    if b"\0" in content:
        raise SpoolRefusedError(
            _("It is written in UTF-16; let the client write it, not a shell that converts it.")
        )
    found = []
    for row in content.decode("latin-1").split("\n"):
        line = row.rstrip("\r")
        if MARK not in line:
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise SpoolRefusedError(_("A line in it is cut, wrapped or changed; run the script again."))
        found.append((match[1], *match[2][1:].split("|")))
    return found


class _Reader:
    """Takes the lines of one answer in their only possible order."""

    def __init__(self, lines: Sequence[tuple[str, ...]], script: Script) -> None:
        self._lines = lines
        self._script = script
        self._at = 0

    def read(self) -> dict[str, Held]:
        """Return what is said of each entry."""
        script = self._script
        size = str(len(script.entries))
        if not self._lines:
            raise SpoolRefusedError(_("There is no answer in it yet; let the script run to its end."))
        begins = self._take("begin", 3)
        if begins[0] != script.batch:
            raise SpoolRefusedError(_("It is the answer to another script."))
        if begins[1:] != (script.sql.name, size):
            raise SpoolRefusedError(_("A line in it is cut, wrapped or changed; run the script again."))
        errors = [self._wrote(n) for n in range(1, len(script.entries) + 1)]
        found = {
            each.id: self._entry(n, each, error)
            for n, (each, error) in enumerate(zip(script.entries, errors, strict=True), 1)
        }
        if self._take("end", 2) != (script.batch, size) or self._at != len(self._lines):
            raise SpoolRefusedError(_("It holds more than one run; delete it and run the script again."))
        return found

    def _take(self, kind: str, fields: int, n: int | None = None) -> tuple[str, ...]:
        """Return the fields of the next line, which must be ``kind`` and, if given, of entry ``n``."""
        if self._at == len(self._lines):
            raise SpoolRefusedError(_("It ends too early: the script stopped. Run it again."))
        found, *rest = self._lines[self._at]
        self._at += 1
        expected = fields if n is None else fields + 1
        if found != kind or len(rest) != expected or (n is not None and rest[0] != str(n)):
            raise SpoolRefusedError(_("A line in it is cut, wrapped or changed; run the script again."))
        return tuple(rest if n is None else rest[1:])

    def _wrote(self, n: int) -> str:
        return self._text(self._take("wrote", 1, n)[0])

    def _entry(self, n: int, each: Planned, error: str) -> Held:
        entry_id, *counted = self._take("entry", 5, n)
        headers, lines, payments, documents = (self._number(count) for count in counted)
        if entry_id != each.id or headers not in {0, 1}:
            raise SpoolRefusedError(_("A line in it is cut, wrapped or changed; run the script again."))
        if not headers:
            return Held(None, reason=error)
        body_hash, attempt, state, reference, reason = self._take("held", 5, n)
        facts = self._facts(n, each, lines, payments)
        issued = tuple(self._document(n) for _n in range(documents))
        stated = self._text(state)
        hashed = self._text(body_hash)
        if stated not in {"posted", "refused", ""}:
            raise SpoolRefusedError(_("The HIS wrote an outcome that is neither posted nor refused."))
        if hashed == each.body_hash and (lines, payments) != (each.lines, each.payments):
            raise SpoolRefusedError(
                _("Rows of an entry are missing in the staging tables; call the HIS vendor.")
            )
        return Held(
            hashed,
            self._number(attempt),
            cast("Literal['posted', 'refused', '']", stated),
            self._text(reference),
            self._text(reason),
            issued,
            facts,
        )

    def _facts(self, n: int, each: Planned, lines: int, payments: int) -> Facts:
        head = self._take("head", 10, n)
        form, operator, happened_at, receipt, patient, visit, currency, names, reverses = (
            self._text(part) or None for part in head[:-1]
        )
        name = self._text(self._take("name", 1, n)[0]) or None
        if each.name_pieces:
            name = self._whole_name([self._take("whole", 1, n)[0] for _piece in range(each.name_pieces)])
        facts: Facts = {
            "form": form, "operator": operator, "happened_at": happened_at, "receipt_number": receipt,
            "patient": patient, "patient_name": name, "visit": visit, "currency": currency,
            "total_minor": self._amount(head[-1]), "names": names or reverses,
        }  # fmt: skip
        for _row in range(lines):
            number, code, quantity, amount, batch = self._take("line", 5, n)
            line = self._number(number)
            facts[f"line {line} code"] = self._text(code)
            facts[f"line {line} quantity"] = f"{self._decimal(quantity).normalize():f}"
            facts[f"line {line} amount_minor"] = self._amount(amount)
            facts[f"line {line} batch"] = self._text(batch) or None
        for _row in range(payments):
            number, method, amount = self._take("paid", 3, n)
            facts[f"payment {self._number(number)} method"] = self._text(method)
            facts[f"payment {self._number(number)} amount_minor"] = self._amount(amount)
        return facts

    def _document(self, n: int) -> FormalDocument:
        kind, bill_code, number, check_code, issued_at, status, reference = (
            self._text(part) for part in self._take("document", 7, n)
        )
        if kind not in {"paper_invoice", "e_invoice"} or status not in {"issued", "void"}:
            raise SpoolRefusedError(_("The HIS wrote a formal document of a kind we do not know."))
        return FormalDocument(
            cast("DocumentKind", kind), bill_code, number, check_code, issued_at,
            cast("DocumentStatus", status), reference,
        )  # fmt: skip

    def _whole_name(self, parts: Sequence[str]) -> str | None:
        """Return the name in the form as it stands there; a form that is not ours any more has none."""
        try:
            return whole_name("".join(self._text(part) for part in parts))
        except (UnsealableError, ValueError, AttributeError, TypeError):
            return None

    def _text(self, coded: str) -> str:
        """Return the text of a hexadecimal field."""
        try:
            return bytes.fromhex(coded).decode(self._script.sql.codec)
        except ValueError:
            raise SpoolRefusedError(
                _("A line in it is cut, wrapped or changed; run the script again.")
            ) from None

    def _decimal(self, text: str) -> Decimal:
        if not _NUMBER.fullmatch(text):
            raise SpoolRefusedError(_("A line in it is cut, wrapped or changed; run the script again."))
        return Decimal(text)

    def _number(self, text: str) -> int:
        number = self._decimal(text)
        if number != int(number):
            raise SpoolRefusedError(_("A line in it is cut, wrapped or changed; run the script again."))
        return int(number)

    def _amount(self, text: str) -> int | None:
        return self._number(text) if text else None
