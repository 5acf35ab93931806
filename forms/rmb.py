"""Amounts of money in Chinese capital numerals (人民币大写), from whole fen.

Rules kept (正确填写票据和结算凭证的基本规定): 整 closes an amount that ends at 元 or 角, never one with 分;
zeros inside a number are read once as 零; 零 stands before 分 where there are 元 but no 角. Where the rules
allow two spellings (零 or nothing after a 元 that ends in 0, 整 or nothing after 角) the one that leaves no
room to add a figure by hand is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
_WAN = 10_000
_YI = 100_000_000
_FEN_PER_YUAN = 100
_FEN_PER_JIAO = 10

AMOUNT_FEN_MAX = _YI * _YI * _FEN_PER_YUAN - 1
"""Largest amount with words of its own: 9999 万亿 and more yuan."""


def in_words(amount_minor: int) -> str:
    """Return ``amount_minor`` (fen; negative reads 负) in capital numerals, like 壹佰贰拾叁元肆角伍分."""
    assert abs(amount_minor) <= AMOUNT_FEN_MAX, "no hospital bill is that large"
    sign = "负" if amount_minor < 0 else ""
    yuan, fen_left = divmod(abs(amount_minor), _FEN_PER_YUAN)
    jiao, fen = divmod(fen_left, _FEN_PER_JIAO)
    words = _below_yi_yi(yuan) + "元" if yuan else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif fen and yuan:
        words += "零"
    words += _DIGITS[fen] + "分" if fen else "整"
    return sign + (words if yuan or fen_left else "零元整")


def _below_yi_yi(number: int) -> str:
    return _joined(number, _YI, "亿", _below_yi)


def _below_yi(number: int) -> str:
    return _joined(number, _WAN, "万", _below_wan)


def _joined(number: int, size: int, name: str, words: Callable[[int], str]) -> str:
    """Read ``number`` as so many ``size`` and the rest; 零 stands between them where figures are skipped."""
    high, low = divmod(number, size)
    if not high:
        return words(low)
    read = words(high) + name
    if not low:
        return read
    return read + ("零" if low < size // 10 else "") + words(low)


def _below_wan(number: int) -> str:
    words, skipped = "", False
    for size, name in _PLACES:
        digit = number // size % 10
        if digit:
            words += ("零" if skipped and words else "") + _DIGITS[digit] + name
        skipped = not digit
    return words
