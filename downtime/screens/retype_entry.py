"""One entry at the retype desk: its fields in the HIS's order, the one to be typed now in large figures.

What is large is on the clipboard: it is copied when its turn comes, and Enter goes on to the next. Enter never says
that anything was typed in. F8 does, once, and goes on to the next entry by itself. An entry in which no key was pressed
is asked about first, so that a key held down says it of one entry only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _, chosen_language
from downtime.record import new_entry_id
from downtime.screens.base import StationScreen
from downtime.screens.keyline import Words
from downtime.screens.retype_acts import ask_typed, ask_undo, record_typed, why_not_typed, why_not_undo
from downtime.screens.retype_large import large_lines, spaced_line
from downtime.screens.retype_lines import beside_lines, field_lines, field_name, head_lines
from downtime.screens.text import cells, line, lines, shown
from downtime.screens.typed_fields import AskedField
from downtime.worksheet import worksheet_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.events import Key, Resize

    from downtime.screens.retype import RetypeScreen
    from downtime.screens.scans import Scan
    from downtime.worksheet import Cell, WorksheetEntry
    from downtime.worksheet_standing import RetypeRow, Typed


class RetypeEntryScreen(StationScreen):
    """Walks through entries, field by field.

    Args of the constructor:
        owner: the list.
        ids: the entries, in order.
        place: which one to begin with.
    """

    CSS_PATH = "retype_entry.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle", "reverse")
    rights: ClassVar[Mapping[str, str]] = {"settle": "retype", "reverse": "retype"}
    needs = "retype"

    def __init__(self, owner: RetypeScreen, ids: Sequence[str], place: int) -> None:
        super().__init__()
        self._owner, self._ids, self.entry_place = owner, tuple(ids), place
        self.at = 0
        self._was_seen = False
        self._saying_id = new_entry_id()

    def body(self) -> ComposeResult:
        """Head, what differs, fields, the one in hand, the bill number."""
        yield Static("", id="retype-head", markup=False)
        yield Static("", id="retype-beside", markup=False)
        yield Static("", id="retype-fields", markup=False)
        yield Static("", id="retype-now", markup=False)
        yield Static("", id="retype-large", markup=False)
        with Horizontal(id="retype-bill-row"):
            yield Words(
                lambda: _("Bill in the HIS (may stay empty)"), classes="label", id="retype-bill-label"
            )
            yield AskedField(self.takes, lambda _character: False, id="retype-bill", max_length=200)

    def on_mount(self) -> None:
        """Put the cursor where a bill number may be typed or scanned."""
        super().on_mount()
        self.query_one(AskedField).focus()
        self._copy()

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def row(self) -> RetypeRow:
        """The entry in hand and what became of it."""
        retyping = self._owner.retyping
        row = retyping.row(self._ids[self.entry_place]) if retyping is not None else None
        assert row is not None, "entries are listed from what was read"
        return row

    @property
    def one(self) -> WorksheetEntry:
        """The entry in hand as it is typed."""
        retyping = self._owner.retyping
        assert retyping is not None
        return worksheet_entry(
            self.row.entry,
            self._owner.template.template,
            language=chosen_language(),
            currency=self.desk.currency,
            patients=retyping.patients,
            bills=retyping.bills,
        )

    @property
    def bill(self) -> str:
        """What is typed as the HIS's bill number."""
        return self.query_one(AskedField).value.strip()

    def now(self) -> Cell | None:
        """Return the field to be typed now, or None when all are done."""
        typed = self._walked()
        return typed[self.at] if self.at < len(typed) else None

    def _walked(self) -> tuple[Cell, ...]:
        """Return the fields one walks through, to be copied; a few figures are typed by hand beside them."""
        return tuple(one for one in self.one.cells if one.is_copied)

    def _by_hand(self) -> list[Cell]:
        """Return what is typed by hand behind the field in hand, before the next one that is copied."""
        cells_, now = self.one.cells, self.now()
        behind = cells_[cells_.index(now) + 1 :] if now is not None else ()
        found = []
        for one in behind:
            if one.is_copied:
                break
            if one.is_typed and not one.usual:
                found.append(one)
        return found

    def redraw(self) -> None:
        """Write everything."""
        self.draw()

    def draw(self) -> None:
        """Write the entry in hand."""
        one, row = self.one, self.row
        width = max((self.size.width or 80) - (4 if self.station.is_drill else 0), 40)
        currency = self.desk.currency
        place = (self.entry_place + 1, len(self._ids))
        self.query_one("#retype-head", Static).update(lines(head_lines(one, row, place, width, currency)))
        beside = list(beside_lines(row, width, currency))
        self.query_one("#retype-beside", Static).update(lines(beside))
        self.query_one("#retype-beside").display = bool(beside)
        walked = self._walked()
        fields = self.query_one("#retype-fields", Static)
        fields.update(lines(field_lines(one.cells, walked, self.at, width, max(fields.size.height, 4))))
        now = walked[self.at] if self.at < len(walked) else None
        self._draw_now(now, width)
        self.keys_changed()

    def _draw_now(self, now: Cell | None, width: int) -> None:
        told, large = self.query_one("#retype-now", Static), self.query_one("#retype-large", Static)
        if now is None:
            words = _("All fields done: compare the sum, then F8.")
            told.update(shown(words, "bold"))
            large.update("")
            return
        hint = _("Enter: next field  PgDn: next entry")
        then = [_("then {field} {value}").format(field=one.title, value=one.value) for one in self._by_hand()]
        left = line(
            shown(_("Now:"), "$secondary"), " ", shown(field_name(now), "bold $accent"), "  ",
            shown("  ".join(then), "bold"), "  ", shown(now.meaning),
        )  # fmt: skip
        room = max(width - cells(hint) - 4, 20)
        told.update(
            line(left.truncate(room), " " * max(room - left.cell_length, 1), shown(hint, "$secondary"))
        )
        drawn = large_lines(now.value, width - 4, "on $accent")
        if drawn is None:
            style = "bold $block-cursor-foreground on $block-cursor-background"
            drawn = [shown(""), shown(""), spaced_line(now.value, width - 4, style)]
        large.update(lines(drawn))

    def on_resize(self, _event: Resize) -> None:
        """Fit the new size, once it is laid out."""
        self.call_after_refresh(self.draw)

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "What is large is on the clipboard: paste it, come back, Enter goes on to the next. A few figures are "
            "typed by hand. F8: it stands in the HIS. PgDn, PgUp: other entries. A bill number may be typed below."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        names = {"settle": _("Typed in"), "reverse": _("Take back")}
        return names.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say why nothing can be said of this entry now."""
        if act == "settle":
            return why_not_typed(self.row)
        return why_not_undo(self.row, self.desk.book.identity.book) if act == "reverse" else None

    def takes(self, event: Key) -> bool:
        """Act on a key before the field does; return whether it meant something."""
        if event.key in {"enter", "down", "up"}:
            self.move(-1 if event.key == "up" else 1)
        elif event.key in {"pagedown", "pageup"}:
            self.show(self.entry_place + (1 if event.key == "pagedown" else -1))
        else:
            return False
        return True

    def move(self, step: int) -> None:
        """Go on to another field, and copy it."""
        last = len(self._walked())
        if self.at == last and step > 0:
            self.say(
                lambda: _("All fields are done. F8 says that it is typed in; PgDn shows the next entry.")
            )
            self._was_seen = True
            return
        self.at = min(max(self.at + step, 0), last)
        self._was_seen = True
        self.draw()
        self._copy()

    def _copy(self) -> None:
        """Put the field in hand on the clipboard."""
        now = self.now()
        if now is not None:
            self.station.copy_text(now.value)

    def show(self, place: int) -> None:
        """Show another entry of the list."""
        if not 0 <= place < len(self._ids):
            self.say(
                lambda: _("That was the last one of the list.") if place else _("That is the first one.")
            )
            return
        self.entry_place, self.at, self._was_seen = place, 0, False
        self._saying_id = new_entry_id()
        self.query_one(AskedField).take("")
        self.opened_patient(self.row.entry.patient, self.row.entry.id)
        self.draw()
        self._copy()

    def act_settle(self) -> None:
        """Say that it was typed in; where nothing of it was looked at here, ask first."""
        if self._was_seen:
            record_typed(self, self.row, self.bill, self._saying_id, self.say_typed)
        else:
            ask_typed(self, self.row, self.bill, self.say_typed)

    def say_typed(self, entry_id: str, typed: Typed | None) -> None:
        """Show what was said, and go on to the next entry that is still to be typed."""
        self._owner.say_typed(entry_id, typed)
        if not self.is_attached:
            return
        if typed is None or self._ids[self.entry_place] != entry_id:
            self._saying_id = new_entry_id()
            self.draw()
            return
        rest = [n for n in range(self.entry_place + 1, len(self._ids)) if self._is_open(n)]
        if rest:
            self.show(rest[0])
        else:
            self.step_back()

    def _is_open(self, place: int) -> bool:
        retyping = self._owner.retyping
        row = retyping.row(self._ids[place]) if retyping is not None else None
        return row is not None and row.is_open

    def act_reverse(self) -> None:
        """Ask why, then take it back."""
        ask_undo(self, self.row, self.say_typed)

    def copyable(self) -> str:
        """Return the field in hand."""
        now = self.now()
        return now.value if now is not None else ""

    def take_scan(self, scan: Scan) -> bool:
        """The slip of another entry shows that one."""
        if scan.kind != "receipt":
            return False
        if scan.value.id in self._ids:
            self.show(self._ids.index(scan.value.id))
        else:
            self.say(lambda: _("That slip is not on this list."), "problem")
        return True
