"""Receipt numbers: ``[D-]STATION INC-NNNNNN-C``, like ``W03A-000128-7``; in a drill ``D-W03A-000128-1``.

The check digit is ISO 7064 MOD 11,10 over everything before it: the drill mark (counted as a 1), the station,
the incarnation and the six figures; letters count as their two-figure places in 0-9A-Z (A is 10, Z is 35).
Caught are every single wrong figure wherever it stands, every letter mistaken for its neighbour (so the next
incarnation), and the loss or gain of the drill mark; of all wrong letters 92 %, of look-alikes such as O for
0 96 %, of swapped neighbours 94 % (among the six figures 98 %).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_uppercase, digits

COUNT_MAX = 999_999

_PLACES = digits + ascii_uppercase

_STATION = re.compile(r"[A-Z0-9]{2,4}")
_NUMBER = re.compile(
    r"(?P<drill>D-)?(?P<station>[A-Z0-9]{2,4})(?P<incarnation>[A-Z])-?(?P<count>[0-9]{6})-?(?P<check>[0-9])"
)
_FULL_WIDTH = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {ord(dash): "-" for dash in "—–−‐‑"}
)
_TYPED_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """What a receipt number says.

    Attributes:
        station: two to four capital letters or figures.
        incarnation: one capital letter; a restored or cloned station gets the next one.
        count: 1 to 999,999.
        drill: the number belongs to a drill.
    """

    station: str
    incarnation: str
    count: int
    drill: bool

    def __str__(self) -> str:
        body = f"{self.station}{self.incarnation}"
        check = check_digit(("1" if self.drill else "") + f"{body}{self.count:06}")
        return f"{'D-' if self.drill else ''}{body}-{self.count:06}-{check}"


def format_number(station: str, incarnation: str, count: int, *, drill: bool = False) -> str:
    """Return the number as it is printed."""
    assert _STATION.fullmatch(station), "a station is two to four capitals or figures"
    assert len(incarnation) == 1
    assert incarnation in ascii_uppercase
    assert 0 < count <= COUNT_MAX
    return str(ReceiptNumber(station, incarnation, count, drill))


def parse_number(text: str) -> ReceiptNumber | None:
    """Return what ``text`` says, or None where it is no receipt number or its check digit is wrong.

    Full-width characters, lower case and spaces are taken, and the hyphens around the count may be missing;
    the one after the drill mark may not, since D may begin a station.
    """
    if len(text) > _TYPED_LENGTH_MAX:
        return None
    found = _NUMBER.fullmatch("".join(text.translate(_FULL_WIDTH).split()).upper())
    if not found or found["count"] == "000000":
        return None
    number = ReceiptNumber(found["station"], found["incarnation"], int(found["count"]), bool(found["drill"]))
    return number if str(number)[-1] == found["check"] else None


def check_digit(characters: str) -> str:
    """Return the ISO 7064 MOD 11,10 digit of capitals and figures, letters as two figures each."""
    product = 10
    for figure in "".join(str(_PLACES.index(character)) for character in characters):
        product = ((product + int(figure)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
