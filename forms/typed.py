"""What a keyboard, a scanner or a Chinese input method really produced, brought to what was meant.

With an input method on, ``ABC12。5`` arrives as ``ＡＢＣ１２。５``. Where a code, a number or an amount
belongs there is only one reading, so the field takes it. Text that is kept as text (a name, an address, a
note) never comes through here.
"""

from __future__ import annotations

import unicodedata

_FULL_STOPS = str.maketrans(
    {"。": ".", "．": ".", "｡": ".", "，": ",", "、": ",", "－": "-", "—": "-", "−": "-"}
)


def as_code(text: str) -> str:
    """Return ``text`` for a field that holds a code: ASCII letters and digits, no space anywhere.

    The case of letters stays: some codes differ only by it. ``。`` becomes ``.``.
    """
    if text.isascii() and text.isalnum():
        return text
    folded = unicodedata.normalize("NFKC", text.translate(_FULL_STOPS))
    return "".join(folded.split())


def as_number(text: str) -> str:
    """Return ``text`` for a field that holds a quantity or an amount: ASCII digits, ``.`` and ``-``.

    Spaces and commas that group thousands (``1,234.50``) are dropped. Nothing is judged: text that is
    not a number stays visible text, and the field says so.
    """
    folded = as_code(text)
    whole, point, fraction = folded.partition(".")
    groups = whole.removeprefix("-").split(",")
    grouped = len(groups) > 1 and 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004 (thousands)
    return whole.replace(",", "") + point + fraction if grouped else folded


def may_be_phone(text: str) -> bool:
    """Return whether ``text`` could be a phone number: digits with ``+``, ``-``, space, brackets, ``#`` or 转."""
    return all(sign.isdecimal() or sign in "+-() #转" for sign in text)


def as_search(text: str) -> str:
    """Return ``text`` as search compares it: folded width and case, letters and digits only.

    Both what is looked for and what is found go through this, so punctuation, spaces and case never keep
    two texts apart: ``血常规（五分类）`` is found by ``血常规五`` and ``Ct-1`` by ``ＣＴ1``.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))
