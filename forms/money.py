"""Money as whole minor units of an ISO 4217 currency; never a float.

What a person types is read by ``parse_amount``. Input that cannot be read raises ``UnreadableNumberError``,
a ValueError that carries an English msgid and its named fields, so that the caller shows it beside the
field: ``_(error.msgid).format(**error.fields)``.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Final

from forms.text import N_

if TYPE_CHECKING:
    from typing import Self

_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR
MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES
WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

EXPONENTS: Final[dict[str, int]] = (
    dict.fromkeys(_TWO.split(), 2) | dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_THREE.split(), 3)
)
"""Decimals of each currency (ISO 4217)."""

SYMBOLS: Final[dict[str, str]] = {"CNY": "¥"}
"""Currencies whose sign is used on Chinese paper and screens; all others show their code."""

MINOR_DIGITS_MAX = 10
"""An amount with more digits than this (99,999,999.99 yuan) is a slip of the hand or a scanned bar code."""

_TYPED = str.maketrans("０１２３４５６７８９。．｡，￥－＋", "0123456789...,¥-+")
_AMOUNT = re.compile(r"(?P<whole>[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]*))?")


class UnreadableNumberError(ValueError):
    """A person typed something that is no amount or quantity we take.

    Attributes:
        msgid: English message, to be translated where it is shown.
        fields: values for the named fields of the message.
    """

    def __init__(self, msgid: str, **fields: str | int) -> None:
        super().__init__(msgid.format(**fields))
        self.msgid = msgid
        self.fields = fields


def plain_number(text: str) -> str:
    """Return ``text`` as typed without an input method: ASCII digits, ``.`` for ``。``, no outer space."""
    return text.translate(_TYPED).strip()


def exponent(currency: str) -> int:
    """Return the decimals of ``currency``, an ISO 4217 code.

    Raises:
        KeyError: the code is not in the table.
    """
    return EXPONENTS[currency]


def parse_amount(text: str, currency: str) -> int:
    """Return the minor units of what was typed: "45", "45.5", "４５。５０", "1,234.50", "¥45".

    Raises:
        UnreadableNumberError: not a number, negative, too many decimals, or more than ten digits.
    """
    typed = plain_number(text).removeprefix(SYMBOLS.get(currency, currency)).strip()
    if not typed:
        raise UnreadableNumberError(N_("Type an amount."))
    if typed.startswith("-") and _AMOUNT.fullmatch(typed[1:].strip()):
        raise UnreadableNumberError(N_("An amount cannot be negative; use a reversal."))
    found = _AMOUNT.fullmatch(typed)
    if not found or not (found["whole"] or found["part"]):
        raise UnreadableNumberError(N_("This is not an amount; type digits, like 45.50."))
    decimals = exponent(currency)
    part = (found["part"] or "").rstrip("0")
    if len(part) > decimals:
        raise UnreadableNumberError(
            N_("{currency} has at most {decimals} decimals."), currency=currency, decimals=decimals
        )
    digits = (found["whole"].replace(",", "") + part.ljust(decimals, "0")).lstrip("0")
    if len(digits) > MINOR_DIGITS_MAX:
        raise UnreadableNumberError(N_("This amount is too large; check that no code was scanned into it."))
    return int(digits or "0")


def format_amount(minor: int, currency: str, *, thousands: bool = False) -> str:
    """Return ``minor`` as ASCII figures with all decimals of ``currency``: "45.00", "-0.50", "1,234.50"."""
    decimals = exponent(currency)
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if thousands:
        whole = f"{int(whole):,}"
    return f"{sign}{whole}.{part}" if part else sign + whole


class Told(int):
    """An amount in minor units inside a message: a number for programs, figures with the currency for people."""

    def __new__(cls, minor: int, currency: str) -> Self:
        """Return ``minor`` units of ``currency``."""
        told = super().__new__(cls, minor)
        told.currency = currency
        return told

    currency: str

    def __format__(self, spec: str) -> str:
        """Return for instance "¥12.50" in a message."""
        if spec:
            return super().__format__(spec)
        sign = SYMBOLS.get(self.currency, f"{self.currency} ")
        return f"{sign}{format_amount(int(self), self.currency)}"


def line_amount(unit_price_minor: int, quantity: Decimal) -> int:
    """Return the minor units of ``quantity`` pieces at ``unit_price_minor`` each, rounded half up."""
    assert quantity.is_finite()
    with localcontext(prec=60):
        return int((quantity * unit_price_minor).quantize(Decimal(1), rounding=ROUND_HALF_UP))
