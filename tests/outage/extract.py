"""The extract a HIS writes: GB18030, in its own time zone, with lines nobody can read and files nobody finished."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tests.outage.typed import TYPES, TYPES_BACK

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence
    from pathlib import Path

    from tests.outage.faults import Place
    from tests.outage.typed import Row, TypedHis

TOLD: Final = """
zone = "UTC"
window_hours = 240
slack_minutes = 60
covers = ["charge", "itemisation", "bookkeeping", "refund", "reversal", "deposit", "deposit_refund", "precollection",
  "payment"]
awaits_document = ["charge"]
patients = "patients.csv"
[files]
encoding = "gb18030"
pattern = "fees*.csv"
[columns]
row = "FEE_ID"
kind.column = "TYPE"
kind.codes.1 = "charge"
kind.codes.2 = "bookkeeping"
kind.codes.3 = "deposit"
kind.codes.4 = "payment"
kind.codes.5 = "refund"
kind.codes.6 = "deposit_refund"
patient = "PAT_NO"
name = "PAT_NAME"
item = "ITEM_CODE"
quantity = "QTY"
amount = { column = "FEN", scale = "0.01", decimals = 2 }
operator = "OPER"
time = "CHARGED_AT"
bill = "SETTLE_NO"
receipt = "REMARK"
void = { column = "STATE", codes = { "0" = "no", "1" = "yes" } }
voids = "RED_OF"
document_kind = { constant = "e_invoice" }
document_number = "INVOICE_NO"
"""
HEADINGS: Final = (
    *("FEE_ID", "TYPE", "PAT_NO", "PAT_NAME", "ITEM_CODE", "QTY", "FEN", "OPER", "CHARGED_AT", "SETTLE_NO"),
    *("REMARK", "STATE", "RED_OF", "INVOICE_NO"),
)
LINE_KINDS: Final = (
    *("bytes of no character", "a NUL byte", "a quote left open", "a cell too many", "a cell too few"),
    *("amount in words", "amount with letters", "no such type", "no such day", "neither void nor not"),
    *("quantity in words", "the same key again", "a line break in a name", "no patient"),
)
FILE_KINDS: Final = ("half written", "in UTF-8 after all", "without a heading", "not there", "headings twice")
OLD_SECONDS: Final = 1_700_000_000
"""When finished files were last changed, so that none of them is waited for."""


@dataclass
class ExtractWriter:
    """Writes what the HIS shows.

    Attributes:
        lines: what happens to single lines; ``files`` to whole files; ``patients`` to temporary numbers.
        bad: lines in the last file that cannot be read.
        is_whole: whether the last file can be taken at all.
    """

    folder: Path
    his: TypedHis
    lines: Place
    files: Place
    patients: Place
    bad: list[str] = field(default_factory=list)
    is_whole: bool = True
    file_kind: str = ""
    written: int = 0
    _matched: list[str] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "extract.toml").write_text(TOLD, "utf-8")

    @property
    def told(self) -> Path:
        """The file that says how the extract is read."""
        return self.folder / "extract.toml"

    def match(self, typed: Container[str]) -> None:
        """Write down which patient of the HIS each temporary number is; of some it is known only after a while."""
        for one in self.his.numbers:
            if one in self._matched or one not in typed:
                continue
            kind = self.patients.draw() if one not in self._asked else None
            self._asked.add(one)
            if kind is None:
                self._matched.append(one)
            else:
                self.patients.hit(kind, one)
        rows = [("temporary", "number"), *((one, self.his.number_of(one)) for one in self._matched)]
        (self.folder / "patients.csv").write_text("".join(f"{a},{b}\n" for a, b in rows), "utf-8")

    def write(self, *, calm: bool = False) -> None:
        """Write the extract as of now; what goes wrong is counted once it was read."""
        self.written += 1
        self.bad.clear()
        self.file_kind = "" if calm else self.files.draw() or ""
        self.is_whole = not self.file_kind
        encoded = [self._encoded(HEADINGS)]
        for row in self.his.rows:
            encoded.append(self._encoded(self._cells(row)))
            kind = None if calm else self.lines.draw()
            if kind is not None:
                encoded.append(self._spoilt(kind, row))
                self.bad.append(kind)
        self._put(b"".join(encoded))

    def taken(self, lines_not_read: int) -> None:
        """Say what the product made of the last file: its bad lines hit if every one of them was told."""
        if self.file_kind:
            self.files.hit(self.file_kind, f"extract {self.written}")
        elif self.bad:
            assert lines_not_read >= len(self.bad), (lines_not_read, self.bad)
            for kind in self.bad:
                self.lines.hit(kind, f"extract {self.written}")

    @staticmethod
    def _cells(row: Row) -> list[str]:
        back = row.kind in TYPES_BACK and row.amount_minor < 0
        amount, quantity = (abs(row.amount_minor), row.quantity) if back else (row.amount_minor, row.quantity)
        at = datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%d" if row.day_only else "%Y-%m-%d %H:%M:%S")
        return [
            row.key, (TYPES_BACK if back else TYPES)[row.kind], row.patient, row.name, row.item,
            "" if quantity is None else f"{(abs(quantity) if back else quantity) / 1000:g}", str(amount), row.operator,
            at, row.bill, row.receipt, "1" if row.is_void else "0", row.voids, row.document,
        ]  # fmt: skip

    @staticmethod
    def _encoded(cells: Sequence[str]) -> bytes:
        stored = io.StringIO()
        csv.writer(stored, lineterminator="\r\n").writerow(cells)
        return stored.getvalue().encode("gb18030")

    def _spoilt(self, kind: str, row: Row) -> bytes:
        """Return one more line that cannot be read: about a patient of today, or about nobody."""
        chance = self.lines.chance()
        cells = self._cells(row)
        if chance.random() < 0.7:
            cells[2] = f"Z{chance.randrange(10_000)}"  # nobody of ours: then it must hinder nothing
        cells[0] = row.key if kind == "the same key again" else f"T{self.written}-{self.lines.asked}"
        changed = {
            "amount in words": (6, "拾元整"), "amount with letters": (6, "12O0"), "no such type": (1, "99"),
            "no such day": (8, "2026-02-30 10:00:00"), "neither void nor not": (11, "7"),
            "quantity in words": (5, "两盒"), "no patient": (2, ""), "the same key again": (6, "1"),
        }  # fmt: skip
        if kind in changed:
            place, text = changed[kind]
            cells[place] = text
        if kind == "a line break in a name":
            cells[3] = "练习\n两行"
        whole = self._encoded(cells)
        spoils: dict[str, Callable[[bytes], bytes]] = {
            "bytes of no character": lambda line: line.replace(b",", b",\xff\xff", 4),
            "a NUL byte": lambda line: line.replace(b",", b",\0", 4),
            "a quote left open": lambda line: line.replace(b"\r\n", b',"\r\n').replace(b",", b',"', 3),
            "a cell too many": lambda line: line.replace(b"\r\n", b",1\r\n"),
            "a cell too few": lambda line: b",".join(line.split(b",")[:-1]) + b"\r\n",
        }
        return spoils[kind](whole) if kind in spoils else whole

    def _put(self, content: bytes) -> None:
        path, at = self.folder / "fees.csv", OLD_SECONDS + self.written
        path.unlink(missing_ok=True)
        if self.file_kind == "not there":
            return
        if self.file_kind == "in UTF-8 after all":
            content = content.decode("gb18030", errors="replace").encode()
        elif self.file_kind == "without a heading":
            content = content.replace(b"FEE_ID", b"FEE_NO", 1)
        elif self.file_kind == "headings twice":
            content = content.replace(b"REMARK", b"TYPE", 1)
        elif self.file_kind == "half written":
            content = content[: len(content) * 2 // 3]
        path.write_bytes(content)
        if self.file_kind != "half written":
            os.utime(path, (at, at))
