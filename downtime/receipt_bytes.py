"""The bytes inside a receipt's QR code: written small, read with nothing taken on trust."""

from __future__ import annotations

import re
from typing import Self

from downtime.receipt_facts import ReceiptItem

NUMBER_BYTES_MAX = 10
TEXT_BYTES_MAX = 64

_DECIMALS_MAX = 3
_QUANTITY = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]{0,2}[1-9])?")
_FIGURES = re.compile(r"[0-9]+")


class UnreadableCodeError(ValueError):
    """The digits are not one of our codes."""


class BytesWriter:
    """Collects bytes; every method but the last returns the writer."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def raw(self, octets: bytes) -> Self:
        """Add ``octets`` as they are."""
        self._bytes += octets
        return self

    def number(self, number: int) -> Self:
        """Add a number of at most 70 bits, seven bits a byte, lowest first."""
        assert 0 <= number < 1 << 7 * NUMBER_BYTES_MAX
        while number > 0x7F:  # noqa: PLR2004 (seven bits)
            self._bytes.append(number & 0x7F | 0x80)
            number >>= 7
        self._bytes.append(number)
        return self

    def signed(self, number: int) -> Self:
        """Add a number of either sign: 0, -1, 1, -2 become 0, 1, 2, 3."""
        return self.number(number * 2 if number >= 0 else -number * 2 - 1)

    def text(self, text: str) -> Self:
        """Add a length and UTF-8."""
        encoded = text.encode()
        assert len(encoded) <= TEXT_BYTES_MAX
        return self.number(len(encoded)).raw(encoded)

    def items(self, items: tuple[ReceiptItem, ...]) -> Self:
        """Add a count and the items."""
        self.number(len(items))
        for item in items:
            if _FIGURES.fullmatch(item.code):
                self.number(len(item.code) * 2 + 1).raw(_packed(item.code))
            else:
                encoded = item.code.encode()
                self.number(len(encoded) * 2).raw(encoded)
            assert _QUANTITY.fullmatch(item.quantity), "a quantity is canonical"
            whole, _, part = item.quantity.partition(".")
            self.number(int(whole + part) * (_DECIMALS_MAX + 1) + len(part)).signed(item.amount_minor)
        return self

    def done(self) -> bytes:
        """Return what was collected."""
        return bytes(self._bytes)


class BytesReader:
    """Takes bytes apart.

    Every method raises UnreadableCodeError where the bytes end early or cannot be what was written.
    """

    def __init__(self, octets: bytes) -> None:
        self._bytes = octets
        self._at = 0

    def raw(self, length: int) -> bytes:
        """Return the next ``length`` bytes."""
        if length > len(self._bytes) - self._at:
            raise UnreadableCodeError
        self._at += length
        return self._bytes[self._at - length : self._at]

    def number(self) -> int:
        """Return the next number."""
        number = 0
        for place in range(NUMBER_BYTES_MAX):
            octet = self.raw(1)[0]
            number |= (octet & 0x7F) << 7 * place
            if octet <= 0x7F:  # noqa: PLR2004 (seven bits)
                return number
        raise UnreadableCodeError

    def signed(self) -> int:
        """Return the next number of either sign."""
        number = self.number()
        return -((number + 1) // 2) if number % 2 else number // 2

    def text(self) -> str:
        """Return the next text."""
        return self._utf8(self.number())

    def items(self, count_max: int) -> tuple[ReceiptItem, ...]:
        """Return the next items, at most ``count_max``."""
        count = self.number()
        if count > count_max:
            raise UnreadableCodeError
        return tuple(self._item() for _ in range(count))

    def require_end(self) -> None:
        """Refuse bytes that nobody asked for."""
        if self._at != len(self._bytes):
            raise UnreadableCodeError

    def _item(self) -> ReceiptItem:
        length, figures = divmod(self.number(), 2)
        code = self._figures(length) if figures else self._utf8(length)
        mantissa, decimals = divmod(self.number(), _DECIMALS_MAX + 1)
        digits = str(mantissa).rjust(decimals + 1, "0")
        quantity = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
        if not _QUANTITY.fullmatch(quantity):
            raise UnreadableCodeError
        return ReceiptItem(code, quantity, self.signed())

    def _utf8(self, length: int) -> str:
        if length > TEXT_BYTES_MAX:
            raise UnreadableCodeError
        try:
            return self.raw(length).decode()
        except UnicodeDecodeError as error:
            raise UnreadableCodeError from error

    def _figures(self, length: int) -> str:
        if not 0 < length <= TEXT_BYTES_MAX:
            raise UnreadableCodeError
        figures = str(int.from_bytes(self.raw(_packed_length(length)))).rjust(length, "0")
        if len(figures) != length:
            raise UnreadableCodeError
        return figures


def _packed(figures: str) -> bytes:
    return int(figures).to_bytes(_packed_length(len(figures)))


def _packed_length(figures: int) -> int:
    return (int("9" * figures).bit_length() + 7) // 8
