"""Work lists 待办: what is left to do after the queue, list by list; Enter on a row opens what settles it.

A digit takes a list; from then on typing searches in it, and Esc goes back to the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.exchange import exchange
from downtime.screens.keyline import Words
from downtime.screens.rows import DIGITS, Rows
from downtime.screens.text import shown
from downtime.screens.typed_fields import AskedField
from downtime.screens.worklist_acts import settle_row
from downtime.screens.worklist_look import Looked, WorklistLook
from downtime.screens.worklist_new import NEW
from downtime.screens.worklist_words import COLUMNS, NAMES, grid, shows_row, summary
from downtime.worklists import EXCHANGED, LISTS, ListSum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.events import Key, Resize

    from downtime.entry import Entry
    from downtime.screens.rows import Shows
    from downtime.screens.scans import Scan
    from downtime.screens.typed_fields import Field
    from downtime.worklists import OpenRow

_TAIL_MIN = 4


class WorklistsScreen(StationScreen):
    """The lists, and the rows of the one in hand.

    Args of the constructor:
        name: the list to begin with, its rows at once in hand.
    """

    CSS_PATH = "worklists.tcss"
    acts: ClassVar[tuple[str, ...]] = ("register", "filter", "settle", "show")
    rights: ClassVar[Mapping[str, str]] = {"filter": "look_up"}
    needs = "look_up"

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.name_in_hand = name or LISTS[0]
        self.choosing = not name
        self.looked = Looked()
        self._look: WorklistLook | None = None
        self._clear = False

    def body(self) -> ComposeResult:
        """The lists three by three, the field, the rows."""
        rows = Rows(COLUMNS, self._shows, empty=self._empty_words, id="worklist-rows")
        rows.can_focus = False
        yield Static("", id="worklist-grid", markup=False)
        yield Static("", id="worklist-summary", markup=False)
        with Horizontal(id="worklist-top"):
            yield Words(lambda: _("Find"), classes="label", id="worklist-find")
            yield AskedField(self.takes, self.picks, id="worklist-asked")
        yield rows

    def on_mount(self) -> None:
        """Begin to look, and put the cursor into the field."""
        self._look = WorklistLook(self.desk)
        super().on_mount()
        self.query_one(AskedField).focus()

    def on_unmount(self) -> None:
        """Let go of the journal."""
        if self._look is not None:
            self._look.close()

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The rows."""
        return self.query_one(Rows)

    @property
    def asked(self) -> str:
        """What is typed."""
        return self.query_one(AskedField).value.strip()

    def redraw(self) -> None:
        """Write what is known, and look again behind."""
        self.draw()
        self.station.behind(self.look_again())

    async def look_again(self) -> None:
        """Read the lists in their own thread and show them."""
        look = self._look
        if look is None:
            return
        looked = await look.looking(self.name_in_hand)
        if self.is_attached and looked.name == self.name_in_hand:
            self.looked = looked
            self.draw()

    def draw(self) -> None:
        """Write everything from what was read last."""
        currency, width = self.desk.currency, self.size.width or 80
        listed = LISTS[0] if self.name_in_hand == EXCHANGED else self.name_in_hand
        self.query_one("#worklist-grid", Static).update(
            grid(self.looked.sums, listed, width, currency, choosing=self.choosing)
        )
        self.query_one(AskedField).placeholder = (
            _("1 to 9 take a list; letters search")
            if self.choosing
            else _("number, name, phone, amount, or scan; Esc: the lists")
        )
        is_current = self.looked.name == self.name_in_hand
        found = self._found() if is_current else []
        self.rows.digits = False
        self.rows.show(found)
        total = self.looked.sums.get(self.name_in_hand) or ListSum.of(self.looked.rows if is_current else ())
        told = summary(self.name_in_hand, total, len(found), self.asked, currency)
        self.query_one("#worklist-summary", Static).update(told if is_current else shown(_("Reading...")))
        self.keys_changed()

    def _found(self) -> list[OpenRow]:
        asked = self.asked
        if not asked:
            return list(self.looked.rows)
        patients: frozenset[str] = frozenset()
        if self.desk.search is not None and (len(asked) >= _TAIL_MIN or asked.isalpha()):
            patients = frozenset(hit.number for hit in self.desk.search.search_patients(asked))
        currency = self.desk.currency
        return [row for row in self.looked.rows if row.holds(asked, currency, patients)]

    def _shows(self, row: OpenRow) -> Shows:
        return shows_row(row, self.desk.currency, clear=self._clear)

    def _empty_words(self) -> str:
        if self.looked.name != self.name_in_hand:
            return ""
        return _("Nothing found. Esc empties the field.") if self.asked else _("Nothing is left to do here.")

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.draw()

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "A digit takes a list, Enter opens its rows; then type any part of a number, name, phone or amount. "
            "Enter on a row settles it. Ctrl+N adds a card or a discharge, Ctrl+F shows what was exchanged already."
        )

    def picks(self, character: str) -> bool:
        """Digits take a list until one is taken; then they are searched for."""
        return self.choosing and not self.asked and character in DIGITS[: len(LISTS)]

    def takes(self, event: Key) -> bool:
        """Act on a key before the field does; return whether it meant something."""
        if self.choosing and not self.asked:
            if event.character and self.picks(event.character):
                self.take_list(LISTS[int(event.character) - 1])
                return True
            step = {"down": 1, "up": -1, "right": 3, "left": -3}.get(event.key)
            if step is not None:
                place = LISTS.index(self.name_in_hand) if self.name_in_hand in LISTS else 0
                self.take_list(LISTS[(place + step) % len(LISTS)], choosing=True)
                return True
            if event.key == "enter":
                self.take_list(self.name_in_hand)
                return True
        self.choosing = False
        return self.rows.takes(event)

    def take_list(self, name: str, *, choosing: bool = False) -> None:
        """Take a list in hand; its rows are read behind."""
        self.name_in_hand, self.choosing = name, choosing
        self.query_one(AskedField).take("")
        self.rows.place = 0
        self.redraw()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Search with every key."""
        event.stop()
        self.rows.place = 0
        self.draw()

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Other keys may work on another row."""
        event.stop()
        self.keys_changed()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Settle the row."""
        event.stop()
        self.settle(event.value)

    def settle(self, row: OpenRow) -> None:
        """Open what settles a row."""
        entry = self.desk.find(row.entry.id)
        assert entry is not None, "rows are read from this book"
        self.opened_patient(entry.patient, entry.id)
        settle_row(self, self.name_in_hand, row, entry, self._stands)

    def _stands(self, entry: Entry) -> None:
        if entry.number is not None and entry.form == "card_held":
            self.station.tell_recorded(entry)
        elif entry.number is None:
            self.say(lambda: _("Recorded."), "done")
        self.redraw()
        self.station.look()

    def take_scan(self, scan: Scan) -> bool:
        """A receipt on the list is settled, another one is exchanged if it may be; a card finds its patient."""
        if scan.kind == "receipt":
            row = next((one for one in self.looked.rows if one.entry.id == scan.value.id), None)
            if row is not None:
                self.settle(row)
            else:
                exchange(self, scan.value, "", self._stands)
        elif scan.kind == "patient":
            self.choosing = False
            self.query_one(AskedField).take(scan.value.number)
        return scan.kind in {"receipt", "patient"}

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        if act == "register":
            return _("Keep a card") if self.name_in_hand == "cards" else _("Postpone one")
        if act == "filter":
            return NAMES["not_exchanged" if self.name_in_hand == EXCHANGED else EXCHANGED]()
        if act == "settle":
            return _("Whole entry")
        if act == "back" and not self.choosing and not self.asked:
            return _("Lists")
        return _("Hide phones") if act == "show" and self._clear else super().label_of(act)

    def offers(self, act: str) -> bool:
        """New rows and the exchanged ones belong to their own lists."""
        if act == "register":
            return self.name_in_hand in NEW
        if act == "filter":
            return self.name_in_hand in {"not_exchanged", EXCHANGED}
        return super().offers(act)

    def why_not(self, act: str) -> str | None:
        """Acts on a row need one."""
        return _("Mark a row first.") if act == "settle" and self.rows.marked is None else None

    def act_register(self) -> None:
        """Keep a card, or put a discharge off."""
        NEW[self.name_in_hand](self, self._stands)

    def act_filter(self) -> None:
        """Show what was exchanged already, or what is left."""
        self.take_list("not_exchanged" if self.name_in_hand == EXCHANGED else EXCHANGED)

    def act_settle(self) -> None:
        """Show the marked entry whole, with its history."""
        row: OpenRow | None = self.rows.marked
        entry = self.desk.find(row.entry.id) if row is not None else None
        if entry is not None:
            self.station.push_screen(EntryScreen(entry))

    def act_show(self) -> None:
        """Show phones in full; that is audited."""
        self._clear = not self._clear
        if self._clear:
            self.station.note("identity_shown", subject=f"list:{self.name_in_hand}")
        self.draw()

    def act_back(self) -> None:
        """Empty the field, then back to the lists, then leave."""
        asked = self.query_one(AskedField)
        if asked.value:
            asked.take("")
        elif not self.choosing:
            self.choosing = True
            self.draw()
        else:
            self.step_back()
