"""Pinyin initials, made once at import so that search needs no dictionary while somebody types.

Most names are read character by character from a table. Only where a known phrase reads otherwise is the
phrase dictionary asked (重庆 is cq, 白术 is bz), because it takes ten times as long.
Surnames are given both readings: a cashier types what the patient says, or what the character usually says.
"""

from __future__ import annotations

import gc
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from forms.typed import as_search

if TYPE_CHECKING:
    from collections.abc import Callable

# Initials of a surname that may differ from how the character is read elsewhere.
_SURNAMES = {
    "单": "sd", "曾": "zc", "仇": "qc", "区": "oq", "解": "xj", "查": "zc", "尉": "wy", "翟": "zd",
    "乐": "yl", "种": "cz", "召": "sz", "秘": "mb", "折": "sz", "繁": "pf", "万": "wm", "车": "cj",
    "长": "zc", "祭": "zj", "郇": "xh", "隽": "jz", "都": "dt", "盛": "sc", "沈": "sc", "谷": "gy",
    "贾": "jg", "石": "sd", "重": "cz", "朴": "p", "覃": "tq", "卜": "b", "宿": "sx", "洗": "xs",
    "冼": "xs", "隗": "wk", "黑": "h", "盖": "g", "缪": "m", "费": "fb", "员": "y", "晟": "sc",
    "适": "sk", "句": "gj", "钻": "z", "降": "jx", "柏": "b", "郗": "xc", "嵇": "j", "佴": "n",
    "乜": "nm", "丁": "dz", "参": "scn", "称": "c", "殷": "y", "行": "xh", "会": "gh", "系": "xj",
    "焦": "j", "奇": "qj", "叶": "yx", "和": "h", "俞": "ys", "厘": "lx", "臧": "zc", "尾": "wy",
    "藏": "zc", "牟": "m", "逄": "p", "阚": "k", "妫": "g", "缴": "jz", "瞿": "qj", "谌": "cs",
}  # fmt: skip
_READINGS_MAX = 4
_FOR_INJECTION = "注射用"


@cache
def _tables() -> tuple[dict[str, str], frozenset[str], Callable[[str], list[str]]]:
    """Return the usual initial per character, the pairs that begin an exception, and the phrase reader.

    An exception is a phrase whose initials are not those of its characters read one by one.
    """
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    gc.freeze()  # 200,000 small lists that stay: looking through them again and again holds up whoever types
    usual = {chr(code): _plain(readings) for code, readings in PINYIN_DICT.items()}
    exceptions = {
        phrase[:2]
        for phrase, syllables in PHRASES_DICT.items()
        if any(usual.get(c) != _plain(s[0]) for c, s in zip(phrase, syllables, strict=False))
    }

    def phrase(text: str) -> list[str]:
        return lazy_pinyin(text, style=Style.FIRST_LETTER)

    return usual, frozenset(exceptions), phrase


def _plain(reading: str) -> str:
    first = reading[:1]
    return first if first.isascii() else unicodedata.normalize("NFD", first)[:1]


@lru_cache(maxsize=16_384)
def initials(text: str) -> str:
    """Return the pinyin initials of ``text``; letters and digits stay themselves, the rest is dropped."""
    usual, exceptions, phrase = _tables()
    folded = as_search(text)
    if any(folded[n : n + 2] in exceptions for n in range(len(folded) - 1)):
        return as_search("".join(phrase(folded)))
    return "".join([usual.get(character, character) for character in folded])


@lru_cache(maxsize=65_536)
def name_initials(name: str) -> tuple[str, ...]:
    """Return every reading of a person's name, the usual one first: 曾小明 gives cxm and zxm."""
    usual = initials(name)
    both = _SURNAMES.get(name[:1])
    if both is None or not usual:
        return (usual,) if usual else ()
    return tuple(dict.fromkeys((usual, *(reading + usual[1:] for reading in both))))[:_READINGS_MAX]


def title_initials(title: str) -> tuple[str, ...]:
    """Return the readings of an item's or drug's name: whole, and from where it begins to differ from others.

    That is its first Chinese character, or the one after 注射用: a cashier who looks for 0.9%氯化钠注射液 types
    lhn as often as 09, and for 注射用头孢曲松钠 nobody types zsy, which hundreds begin with.
    """
    whole = initials(title)
    folded = as_search(title)
    start = next((n for n, character in enumerate(folded) if not character.isascii()), 0)
    if folded.startswith(_FOR_INJECTION, start):
        start += len(_FOR_INJECTION)
    later = initials(folded[start:]) if start else whole
    return tuple(dict.fromkeys(filter(None, (whole, later))))
