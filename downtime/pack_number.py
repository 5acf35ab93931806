"""Numbers of paper forms: ``[D-]STATION INC-PNNNNNN-C``, like ``W03A-P000128-1``; on the form also as a QR code.

They never collide with receipt numbers: the P stands where those have a figure, and the check digit is the
receipt's (ISO 7064 MOD 11,10) moved on by five, so that with the hyphens left out ``W03AP0001281`` is no receipt
of a station ``W03A`` either. Moving every digit by the same amount keeps what the check finds.

The QR code holds figures only, so that neither an input method nor Caps Lock can spoil what a scanner types:
``02``, 1 in a drill else 0, how long the station is, each letter or figure of station and incarnation as its place
in 0-9A-Z (two figures), the counter, the check digit: 19 figures for a station of three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from string import ascii_uppercase, digits

from downtime.receipt_number import check_digit
from forms.paper_pack import COUNT_MAX
from forms.typed import as_code

VERSION = "02"

_PLACES = digits + ascii_uppercase
_MOVED_BY = 5
_NUMBER = re.compile(r"(?P<drill>D-)?(?P<series>[A-Z0-9]{2,4}[A-Z])-?P(?P<count>[0-9]{6})-?(?P<check>[0-9])")
_SHORT = re.compile(r"P?(?P<count>[0-9]{1,6})-?(?P<check>[0-9])")
_LIKE = re.compile(r"(D-)?[A-Z0-9]{2,4}[A-Z]-?P[0-9]{1,7}-?[0-9]?")
_CODE = re.compile(r"02(?P<drill>[01])(?P<length>[2-4])(?P<rest>[0-9]+)")
_TYPED_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """What the number on a paper form says.

    Attributes:
        series: station and incarnation, for instance ``W03A``.
        count: 1 to 999,999, counted for each series through all packs.
        drill: the form belongs to a drill.
    """

    series: str
    count: int
    drill: bool = False

    def __str__(self) -> str:
        return f"{'D-' if self.drill else ''}{self.series}-P{self.count:06}-{self.check}"

    @property
    def check(self) -> str:
        """The check digit."""
        found = int(check_digit(("1" if self.drill else "") + f"{self.series}P{self.count:06}"))
        return str((found + _MOVED_BY) % 10)

    def code(self) -> str:
        """Return the figures in the QR code."""
        places = "".join(f"{_PLACES.index(sign):02}" for sign in self.series)
        return f"{VERSION}{int(self.drill)}{len(self.series) - 1}{places}{self.count:06}{self.check}"

    def following(self) -> PaperNumber | None:
        """Return the next number, or None after the last."""
        return replace(self, count=self.count + 1) if self.count < COUNT_MAX else None


def parse_paper(text: str, *, series: str = "", drill: bool = False) -> PaperNumber | None:
    """Return what was typed or scanned, or None where it is no number of a form or its check digit is wrong.

    Args:
        text: the number, its QR code, or, if ``series`` is given, the counter and the check digit alone:
            ``1281`` for ``W03A-P000128-1``.
        series: the own station's series, for short numbers.
        drill: whether short numbers belong to a drill.
    """
    if len(text) > _TYPED_LENGTH_MAX:
        return None
    typed = as_code(text).upper()
    found = _NUMBER.fullmatch(typed)
    if found is not None:
        return _checked(found["series"], found["count"], bool(found["drill"]), found["check"])
    scanned = _CODE.fullmatch(typed)
    if scanned is not None:
        made = _from_code(scanned)
        if made is not None:
            return made
    short = _SHORT.fullmatch(typed) if series else None
    return _checked(series, short["count"], drill, short["check"]) if short is not None else None


def looks_like_paper(text: str) -> bool:
    """Return whether ``text`` has the shape of a whole number, whatever its check digit says."""
    return _LIKE.fullmatch(as_code(text).upper()) is not None


def _checked(series: str, count: str, drill: bool, check: str) -> PaperNumber | None:  # noqa: FBT001 (one caller's fact)
    if int(count) == 0:
        return None
    number = PaperNumber(series, int(count), drill)
    return number if number.check == check else None


def _from_code(found: re.Match[str]) -> PaperNumber | None:
    letters = int(found["length"]) + 1
    rest = found["rest"]
    if len(rest) != 2 * letters + 7:
        return None
    places = [int(rest[at : at + 2]) for at in range(0, 2 * letters, 2)]
    if any(place >= len(_PLACES) for place in places) or places[-1] < len(digits):
        return None
    series = "".join(_PLACES[place] for place in places)
    return _checked(series, rest[2 * letters : -1], found["drill"] == "1", rest[-1])
