"""Reading a help card: the site's own first, and only as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.help_cards import BYTES_MAX, Block, Said, card_of, read_card

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"settle": "F8", "back": "Esc"}


def _put(home: Path, name: str, text: str | bytes) -> None:
    path = home / "help" / "zh" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def _title(home: Path, place: str = "charge", roles: tuple[str, ...] = ("cashier",)) -> str | None:
    card = card_of(home, "zh", place, roles, KEYS)
    return card.title if card else None


def test_the_sites_card_comes_first(tmp_path: Path) -> None:
    """A file in the station's home replaces the app's; one for the role goes before one for all."""
    assert _title(tmp_path) == "收费"
    _put(tmp_path, "charge.md", "# 本院收费")
    assert _title(tmp_path) == "本院收费"
    _put(tmp_path, "charge.cashier.md", "# 窗口收费")
    assert _title(tmp_path) == "窗口收费"
    assert _title(tmp_path, roles=("nurse",)) == "本院收费"
    assert _title(tmp_path / "elsewhere", roles=("nurse",)) == "收费(只划价)"


def test_a_screen_without_a_card_has_none(tmp_path: Path) -> None:
    """Nobody wrote one: the screen's own sentence stands there instead."""
    assert _title(tmp_path, "nowhere") is None


def test_a_card_is_found_by_a_plain_name_only(tmp_path: Path) -> None:
    """No name leads out of the folder."""
    (tmp_path / "secret.md").write_text("# secret")
    assert card_of(tmp_path, "zh", "../../secret", (), KEYS) is None
    assert card_of(tmp_path, "zh", "charge", ("../../../secret",), KEYS) is None


def test_a_file_that_is_no_text_hides_nothing(tmp_path: Path) -> None:
    """Empty, a folder, or bytes that are no letters: the app's own card is shown, or what can be read of it."""
    _put(tmp_path, "charge.md", " \n")
    assert _title(tmp_path) == "收费"
    (tmp_path / "help" / "zh" / "dispense.md").mkdir()
    assert _title(tmp_path, "dispense") == "发药"
    _put(tmp_path, "journal.md", b"\xef\xbb\xbf# \xff\xfejournal")
    assert _title(tmp_path, "journal") == "journal"


def test_a_huge_file_is_cut(tmp_path: Path) -> None:
    """A file somebody dropped there by mistake keeps nobody waiting."""
    _put(tmp_path, "charge.md", "x" * (BYTES_MAX + 1000))
    card = card_of(tmp_path, "zh", "charge", (), KEYS)
    assert card is not None
    assert len(card.blocks[0].parts[0].text) == BYTES_MAX


def test_steps_keys_and_bold() -> None:
    """Numbered steps, dashes, bold, and the key of an act as it is in force here."""
    card = read_card(
        "# Charge\n\nFirst\nline.\n1. **Press** {settle}\n   now\n2) two\n* {nothing} else\n## More", KEYS
    )
    assert card.title == "Charge"
    assert card.blocks == (
        Block((Said("First line."),)),
        Block((Said("Press", "bold"), Said(" "), Said("F8", "key"), Said(" now")), "1"),
        Block((Said("two"),), "2"),
        Block((Said("{nothing} else"),), "-"),
        Block((Said("More", "bold"),)),
    )


def test_chinese_lines_join_without_a_space() -> None:
    """A sentence broken in the file is whole on the screen."""
    card = read_card("先收钱,\n后打印", KEYS)
    assert card.blocks == (Block((Said("先收钱,后打印"),)),)


def test_nothing_else_is_markdown() -> None:
    """Addresses, pictures and code stay as they were written."""
    text = "[x](http://example.invalid) ![y](z.png) <b>b</b> `c` [red]d[/]"
    assert read_card(text, KEYS).blocks == (Block((Said(text),)),)
