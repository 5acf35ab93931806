"""A receipt as the letters of a thermal printer: 48 columns on 80 mm, 32 on 58 mm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from downtime.i18n import in_language
from downtime.printers import dots
from downtime.printers.code_page import code_of, narrowed, runs
from downtime.printers.sequences import ESCPOS
from downtime.receipt_blocks import ROLLS
from downtime.receipt_modules import QUIET, modules_of
from downtime.receipt_rows import Banner, Codes, Item, Pair, Sign, Stamp, Words
from downtime.receipt_text import as_text
from forms.text import N_

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.printers.code_page import CodePage
    from downtime.receipt_rows import Receipt, Row

COLUMNS = {"80": 48, "58": 32}

_TALL, _TALL_CHINESE = 0x01, 0x08
_DOTS = 8 * 25.4 / 72
_MODEL, _SIZE, _LEVEL, _STORE, _PRINT = b"1A2\x00", b"1C", b"1E1", b"1P0", b"1Q0"


def text_bytes(receipt: Receipt, profile: PrinterSettings) -> bytes:
    """Return the receipt as text, large where it must be seen, and its codes."""
    octets = bytearray()
    columns = COLUMNS[profile.paper_in]
    if receipt.across:
        octets += _large(f"/// {receipt.across} ///\n", profile.code_page)
    for row in receipt.rows:
        if isinstance(row, Codes):
            octets += _codes(row, profile)
            continue
        text = as_text(replace(receipt, across="", rows=(_narrow(row, profile.code_page),)), columns)
        octets += _large(text, profile.code_page) if _is_loud(row) else _plain(text, profile.code_page)
    return bytes(octets)


def _narrow(row: Row, page: CodePage) -> Row:
    """Return a row whose every character is as wide on this printer as it counts."""

    def told(text: str) -> str:
        return narrowed(text, page)

    match row:
        case Words() | Banner():
            return replace(row, text=told(row.text))
        case Pair():
            return replace(row, label=told(row.label), value=told(row.value))
        case Sign() | Stamp():
            return replace(row, label=told(row.label))
        case Item():
            figures = {"price": told(row.price), "quantity": told(row.quantity), "amount": told(row.amount)}
            return replace(row, name=told(row.name), detail=told(row.detail), **figures)
        case _:
            return row


def _is_loud(row: Row) -> bool:
    return (
        isinstance(row, Banner)
        or (isinstance(row, Pair) and row.weight == "loud")
        or (isinstance(row, Words) and row.style in {"name", "title"})
    )


def _large(text: str, page: CodePage) -> bytes:
    """Return text twice as high; the columns stay as they are."""
    octets = ESCPOS["size"].made(_TALL) + ESCPOS["chinese_size"].made(_TALL_CHINESE) + ESCPOS["bold"].made(1)
    octets += _plain(text, page)
    return octets + ESCPOS["size"].made(0) + ESCPOS["chinese_size"].made(0) + ESCPOS["bold"].made(0)


def _plain(text: str, page: CodePage) -> bytes:
    octets = bytearray()
    for line in text.split("\n")[:-1]:
        for kind, piece in runs(line, page):
            codes = b"".join(code_of(character, page) for character in piece)
            octets += (
                ESCPOS["chinese"].made() + codes + ESCPOS["latin"].made() if kind == "chinese" else codes
            )
        octets += ESCPOS["feed_line"].made()
    return bytes(octets)


def codes_of(receipt: Receipt) -> tuple[str, ...]:
    """Return the texts of a receipt's codes."""
    return tuple(text for row in receipt.rows if isinstance(row, Codes) for text in row.texts)


def _codes(row: Codes, profile: PrinterSettings) -> bytes:
    octets = bytearray(ESCPOS["align"].made(1))
    for n, text in enumerate(row.texts, start=1):
        octets += _native(text) if profile.qr == "native" else _drawn(text, profile)
        if len(row.texts) > 1:
            octets += _plain(f"{n} / {len(row.texts)}\n", profile.code_page)
    octets += _large(f"{narrowed(row.caption, profile.code_page)}\n", profile.code_page)
    return bytes(octets + ESCPOS["align"].made(0))


def native_codes(receipt: Receipt) -> bytes:
    """Return the codes of a receipt for a printer that draws them itself."""
    octets = ESCPOS["align"].made(1)
    for text in codes_of(receipt):
        octets += _native(text)
    return octets + ESCPOS["align"].made(0)


def _native(text: str) -> bytes:
    assert text.isascii()
    assert text.isdigit()
    blocks = (_MODEL, _SIZE + bytes((4,)), _LEVEL, _STORE + text.encode("ascii"), _PRINT)
    return b"".join(ESCPOS["code"].made(dots=block) for block in blocks) + ESCPOS["feed_line"].made()


def _drawn(text: str, profile: PrinterSettings) -> bytes:
    roll = ROLLS[profile.paper_in]
    modules = modules_of(text)
    code = dots.code_picture(modules, round(roll.module_of(len(modules)) * _DOTS), QUIET)
    width = round(roll.room * _DOTS)
    picture = dots.blank(width, code.size[1])
    picture.paste(code, ((width - code.size[0]) // 2, 0))
    return ESCPOS["picture"].made(width // 8, code.size[1], dots=dots.in_rows(picture))


def feed_and_cut(profile: PrinterSettings) -> bytes:
    """Return what ends a copy: paper up to the knife, and the cut the profile asks for."""
    if profile.cut == "none":
        return ESCPOS["feed"].made(5)
    return ESCPOS["cut" if profile.cut == "full" else "cut_partly"].made(0)


TRIAL_LINES: tuple[tuple[str, CodePage], ...] = (
    ("1  ABC abc 0123456789 $#@[]{}\\|~\n", "gb2312"),
    ("2  收据 患者 壹佰贰拾元整\n", "gb2312"),
    ("3  喆 堃 玥 珺 燊\n", "gbk"),
    ("4  㑊 㕮 㙍 㛃\n", "gb18030"),
)

TRIAL_HINT = N_("Lines 2 to 4 whole: text may be sent, the last whole one names the code page. Below: dots.")


def trial_text(language: Language) -> bytes:
    """Return the lines of the test page that the printer draws with its own letters."""
    octets = b"".join(_plain(text, page) for text, page in TRIAL_LINES)
    hint = narrowed(in_language(TRIAL_HINT, language), "gb2312")
    return octets + b"".join(_plain(f"{line}\n", "gb2312") for line in _lines(hint))


def _lines(text: str) -> list[str]:
    from downtime.receipt_text import wrapped

    return wrapped(text, COLUMNS["58"])
