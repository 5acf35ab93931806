"""The published fields of one row the HIS holds, and how its cells become values; nothing is guessed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from downtime.i18n import _
from downtime.outcome import DocumentKind, FormalDocument
from forms.money import UnreadableNumberError, parse_amount
from forms.typed import as_code, as_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

KINDS: Final = ("charge", "bookkeeping", "deposit", "payment", "refund", "deposit_refund")
_BACK: Final = {"refund": "charge", "deposit_refund": "deposit"}
_DOCUMENT_KINDS: Final = ("paper_invoice", "e_invoice")
_YES: Final = frozenset({"1", "true", "yes", "y", "是"})
_NO: Final = frozenset({"", "0", "false", "no", "n", "否"})
_DAY_SECONDS: Final = 86_400
_APART = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?")
_TOGETHER = re.compile(r"(\d{4})()(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
_OFFSET = re.compile(r"^(?P<time>.*?\d)\s*(?P<offset>Z|[+-]\d{2}:?\d{2})$")


REQUIRED: Final = ("row", "kind", "patient", "time")
"""What every row must have; the amount as well, or a price with a quantity."""


class ExtractField(NamedTuple):
    """One published field: name, 中文 label, and what it holds."""

    name: str
    label: str
    holds: str


FIELDS: Final = (
    ExtractField("row", "HIS 行号", "the HIS's own key of the row, never twice"),
    ExtractField("kind", "类别", "charge, bookkeeping, deposit, payment, refund or deposit_refund"),
    ExtractField("patient", "患者号", "patient number, or the temporary number where the HIS kept it"),
    ExtractField("name", "姓名", "patient's name"),
    ExtractField("item", "项目编码", "code of the item or drug; empty for money received"),
    ExtractField("item_name", "项目名称", "its name"),
    ExtractField("quantity", "数量", "at most three decimals; not compared where it is empty"),
    ExtractField("amount", "金额", "decimal, negative for money or items taken back"),
    ExtractField("price", "单价", "of one unit; gives the amount where that is empty"),
    ExtractField("operator", "操作员", "number of the operator; not compared where it is empty"),
    ExtractField("time", "时间", "when it was charged or typed, in the zone of the file or with an offset"),
    ExtractField("bill", "单据号", "number of the bill or settlement it stands on"),
    ExtractField("receipt", "应急收据号", "our receipt number, where people type it into a remark"),
    ExtractField("void", "作废", "yes: the row does not count any more (作废、已冲红)"),
    ExtractField("voids", "冲红原行", "key of the row, or number of the bill, that this row takes back"),
    ExtractField("document_kind", "票据种类", "paper_invoice or e_invoice"),
    ExtractField("document_code", "票据代码", "code of the bill series"),
    ExtractField("document_number", "票据号码", "number of the formal document"),
    ExtractField("check_code", "校验码", "code that lets the payer check it"),
    ExtractField("issued_at", "开票时间", "as the HIS writes it"),
)
FIELD_NAMES: Final = tuple(field.name for field in FIELDS)


class HisRow(NamedTuple):
    """One row the HIS holds.

    Attributes:
        id: the HIS's key.
        kind: charge, bookkeeping, deposit or payment; what is taken back has a negative amount.
        patient: number as the HIS has it.
        quantity: thousandths, signed; None if not told.
        amount_minor: minor units, signed.
        begins: first second it may be of (Unix time); ``ends`` the last: a whole day where there is no clock.
        is_void: it does not count any more.
        voids: key or bill of what it takes back, or "".
        document: formal document, or None.
        file: name of the file, or of the query; ``line`` its line there.
    """

    id: str
    kind: str
    patient: str
    name: str
    item: str
    item_name: str
    quantity: int | None
    amount_minor: int
    operator: str
    begins: int
    ends: int
    bill: str
    receipt: str
    is_void: bool
    voids: str
    document: FormalDocument | None
    file: str
    line: int


class BadCellError(ValueError):
    """One cell cannot be read; the reason is translated already."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@lru_cache(maxsize=1 << 16)
def read_amount(text: str, currency: str) -> int:
    """Return signed minor units.

    Raises:
        UnreadableNumberError: not an amount, or finer than the currency.
    """
    number = as_number(text)
    minus = number.startswith("-")
    whole, point, part = number.removeprefix("-").removeprefix("+").partition(".")
    minor = parse_amount(whole + point + part.rstrip("0") if point else whole, currency)
    return -minor if minus else minor


@lru_cache(maxsize=1 << 14)
def read_quantity(text: str) -> int:
    """Return signed thousandths.

    Raises:
        ValueError: not a quantity, or finer than a thousandth.
    """
    try:
        number = Decimal(as_number(text))
        thousandths = number * 1000
        if number.is_finite() and abs(number.adjusted()) <= len("000000000") and thousandths % 1 == 0:
            return int(thousandths)
    except InvalidOperation:
        pass
    raise ValueError(text)


@lru_cache(maxsize=1 << 16)
def read_time(text: str, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first and last second (Unix time) that ``text`` may mean.

    Raises:
        ValueError: not a time, or one that the zone's clocks never showed.
    """
    written = text.strip()
    offset = _OFFSET.match(written)
    explicit = ""
    if offset and (":" in offset["time"] or "T" in offset["time"]):
        written, explicit = offset["time"], offset["offset"].replace("Z", "+00:00")
    found = _APART.fullmatch(written) or _TOGETHER.fullmatch(written)
    if found is None:
        raise ValueError(text)
    year, _sign, month, day, hour, minute, second = found.groups()
    plain = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001 (the zone follows)
    if explicit:
        began = int(datetime.fromisoformat(plain.isoformat() + explicit).timestamp())
        return began, began
    # An hour that came twice is both: the earlier reading begins it, the later one ends it.
    first, last = (int(plain.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if datetime.fromtimestamp(first, zone).replace(tzinfo=None) != plain:
        raise ValueError(text)
    if hour is None:
        after = (plain + timedelta(days=1)).replace(tzinfo=zone)
        return first, int(after.timestamp()) - 1
    return first, max(first, last)


class RowReading:
    """Makes rows of named text; equal text is kept once, because extracts repeat themselves."""

    def __init__(self, zone: ZoneInfo, currency: str) -> None:
        self._zone = zone
        self._currency = currency
        self._kept: dict[str, str] = {}
        self._documents: dict[tuple[str, ...], FormalDocument] = {}

    def row(self, told: Mapping[str, str], file: str, line: int) -> HisRow:
        """Return the row that ``told`` (published name to text) says.

        Raises:
            BadCellError: the first cell that cannot be read.
        """
        given = {name: text.strip() for name, text in told.items() if text}
        for name in REQUIRED:
            if not given.get(name):
                raise BadCellError(name, _("missing"))
        kind = given["kind"]
        if kind not in KINDS:
            raise BadCellError("kind", _("not one of {kinds}").format(kinds=", ".join(KINDS)))
        quantity = self._quantity(given.get("quantity", ""))
        amount = self._amount(given, quantity)
        if kind in _BACK:
            amount = -abs(amount)
            quantity = None if quantity is None else -abs(quantity)
        try:
            begins, ends = read_time(given["time"], self._zone)
        except (ValueError, OverflowError) as error:
            raise BadCellError("time", _("not a time; write it as 2026-11-22 00:30:15")) from error
        keep = self._keep
        return HisRow(
            given["row"], keep(_BACK.get(kind, kind)), keep(as_code(given["patient"])), keep(given.get("name", "")),
            keep(as_code(given.get("item", ""))), keep(given.get("item_name", "")), quantity, amount,
            keep(given.get("operator", "")), begins, ends, keep(given.get("bill", "")),
            as_code(given.get("receipt", "")).upper(), self._is_void(given.get("void", "")),
            given.get("voids", ""), self._document(given), keep(file), line,
        )  # fmt: skip

    def _keep(self, text: str) -> str:
        return self._kept.setdefault(text, text)

    @staticmethod
    def _quantity(text: str) -> int | None:
        try:
            return read_quantity(text) if text else None
        except ValueError as error:
            raise BadCellError("quantity", _("not a quantity")) from error

    def _amount(self, given: Mapping[str, str], quantity: int | None) -> int:
        field = "amount" if given.get("amount") else "price"
        try:
            if field == "amount":
                return read_amount(given["amount"], self._currency)
            if not given.get("price") or quantity is None:
                raise BadCellError("amount", _("missing"))
            exact = Decimal(read_amount(given["price"], self._currency)) * quantity / 1000
            return int(exact.quantize(Decimal(1), "ROUND_HALF_UP"))
        except UnreadableNumberError as error:
            raise BadCellError(field, _(error.msgid).format(**error.fields)) from error

    @staticmethod
    def _is_void(text: str) -> bool:
        folded = text.lower()
        if folded in _YES:
            return True
        if folded in _NO:
            return False
        raise BadCellError("void", _("neither yes nor no"))

    def _document(self, given: Mapping[str, str]) -> FormalDocument | None:
        number = given.get("document_number", "")
        if not number:
            return None
        kind = given.get("document_kind", "")
        if kind not in _DOCUMENT_KINDS:
            raise BadCellError(
                "document_kind", _("not one of {kinds}").format(kinds=", ".join(_DOCUMENT_KINDS))
            )
        code, check, issued = (given.get(name, "") for name in ("document_code", "check_code", "issued_at"))
        reference = given.get("bill", "") or given["row"]
        key = (kind, code, number, check, issued, reference)
        found = self._documents.get(key)
        if found is None:
            kept = cast("DocumentKind", kind)
            found = FormalDocument(kept, code, number, check, issued, "issued", reference)
            self._documents[key] = found
        return found
