"""The board 回传看板: counts that add up at the top, the work below, the most urgent first; keys for deciding.

Digits or left and right narrow the list to a state, F2 searches everything, Space marks rows, Enter opens one.
J and K, or N and P, go from one error to the next. What is decided is recorded in this station's own journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from downtime.board import VIEWS, Kept
from downtime.i18n import _
from downtime.screens import board_acts as doing
from downtime.screens.board_lines import DIGIT_OF
from downtime.screens.board_look import Asked, BoardLook
from downtime.screens.board_move import STEPS, next_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.events import Key

    from downtime.screens.rows import Rows
    from downtime.screens.scans import Scan
    from downtime.screens.typed_fields import Field

_TAIL_MIN = 2
_VIEW_OF = {digit: view for view, digit in DIGIT_OF.items()}


class BoardScreen(BoardLook):
    """The board of one hub."""

    CSS_PATH = "board.tcss"
    is_home = True
    acts: ClassVar[tuple[str, ...]] = (
        *("patient", "item", "settle", "payer", "filter", "deliver", "resend", "export"),
    )
    rights: ClassVar[Mapping[str, str]] = {"export": "export", "settle": "look_up"}

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Digits, or left and right, list one state; 0 is the open work, 8 everything. F2 searches. J and K go to "
            "the next error. Space marks a row, A all errors listed; F8 then decides about all that is marked."
        )

    def on_key(self, event: Key) -> None:
        """Digits and arrows choose a state, J K N P go from error to error, Space and A mark."""
        if self.query_one(Asked).has_focus:
            if event.key == "enter":
                event.stop()
                self._found()
            return
        key = (event.character or "").lower()
        if key and key in _VIEW_OF:
            self.take_view(_VIEW_OF[key])
        elif event.key in {"left", "right"}:
            step = 1 if event.key == "right" else -1
            self.take_view(VIEWS[(VIEWS.index(self.kept.view) + step) % len(VIEWS)])
        elif key in STEPS and key:
            self._go_to_error(STEPS[key])
        elif event.key == "space":
            doing.choose(self)
        elif key == "a":
            doing.choose_errors(self)
        elif event.key == "ctrl+c":
            self.act_copy()
        elif key == "/" or (key and not key.isascii() and key.isprintable()):
            self._search(event.character or "")
        else:
            return
        event.stop()

    def _found(self) -> None:
        """Go on from the search field: the one entry that was found is opened."""
        self.rows.focus()
        if self.kept.text and len(self.rows.values) == 1:
            doing.open_row(self, self.rows.values[0])

    def _search(self, typed: str) -> None:
        asked = self.query_one(Asked)
        asked.focus()
        if typed != "/":
            asked.take(asked.value + typed)

    def _go_to_error(self, step: int) -> None:
        place = next_error(self.rows.values, self.rows.place, step)
        if place is None:
            self.say(lambda: _("No error is listed here."))
        else:
            self.rows.mark(place)

    def take_view(self, view: str) -> None:
        """List one state, the open work or everything."""
        self.narrow(view=view)

    def narrow(self, **changed: Any) -> None:
        """Narrow the list otherwise than now."""
        told = {name: getattr(self.kept, name) for name in Kept.__slots__}
        self.kept = Kept(**(told | changed))
        self.chosen &= {row.n for row in self.source.rows(self.kept)} if self.chosen else set()
        self.show_rows(afresh=True)
        self.redraw()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Search with every key."""
        event.stop()
        asked = event.value.strip()
        patients: frozenset[str] = frozenset()
        may_look = self.station.may("look_up")
        if may_look and self.desk.search is not None and len(asked) >= _TAIL_MIN and not asked.isdecimal():
            patients = frozenset(hit.number for hit in self.desk.search.search_patients(asked))
        self.kept = Kept(
            self.kept.view, self.kept.station, self.kept.operator, self.kept.day, asked, patients, may_look
        )
        self.show_rows(afresh=True)

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Other keys may work on another row."""
        event.stop()
        self.draw_kept()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Open the entry whole."""
        event.stop()
        doing.open_row(self, event.value)

    def take_scan(self, scan: Scan) -> bool:
        """Find the slip that was scanned, of whatever station."""
        return doing.take_scan(self, scan)

    def copyable(self) -> str:
        """Return the slip number: typed into the search field of any board it finds this entry."""
        row = self.marked
        return (row.number or row.entry_id) if row is not None else ""

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        return doing.label_of(self, act) or super().label_of(act)

    def offers(self, act: str) -> bool:
        """The board is the last step back; another way in is offered where there is one."""
        if act == "payer":
            return len(self.source.connectors) > 1
        if act == "back":
            is_narrowed = self.kept != Kept(with_names=self.kept.with_names)
            return is_narrowed or bool(self.chosen) or isinstance(self.focused, Asked)
        return super().offers(act)

    def why_not(self, act: str) -> str | None:
        """Say what is missing for an act."""
        return doing.why_not(self, act)

    def act_back(self) -> None:
        """Empty the field, take the marks away, then show the open work again."""
        asked = self.query_one(Asked)
        if asked.value:
            asked.take("")
        elif self.chosen:
            self.chosen = set()
            self.redraw()
        else:
            self.narrow(view="open", station="", operator="", day="")
        self.rows.focus()

    def act_patient(self) -> None:
        """Put the cursor into the search field."""
        self.query_one(Asked).focus()

    def act_item(self) -> None:
        """Show the lists beside the states."""
        from downtime.screens.board_lists import BoardListsScreen

        self.station.push_screen(BoardListsScreen(self))

    def act_payer(self) -> None:
        """Show the answers of the next way into the HIS."""
        names = list(self.source.connectors)
        self.station.behind(
            doing.choose_way(self, names[(names.index(self.source.connector) + 1) % len(names)])
        )

    def act_filter(self) -> None:
        """Ask for station, cashier and day."""
        doing.ask_filter(self)

    def act_settle(self) -> None:
        """Offer what can be decided about the marked rows."""
        doing.decide(self)

    def act_resend(self) -> None:
        """Let them go to the HIS again."""
        doing.resend(self)

    async def act_export(self) -> None:
        """Write what is listed into a file, and record that."""
        await doing.export(self)

    def act_deliver(self) -> None:
        """Begin a round into the HIS, or let the one under way end behind its batch."""
        if self.is_sending:
            assert self.sending is not None
            self.sending.stop()
            self.draw_pace()
        else:
            doing.begin_sending(self)

    def tick(self) -> None:
        """Twice a second: what is under way, and what became of it."""
        super().tick()
        doing.watch_sending(self)

    def decided(self, count: int) -> None:
        """Say that decisions stand, and bring them to the hub."""
        self.chosen = set()
        said = _("Decided and recorded: {count}.").format(count=count)
        self.station.tell(lambda: said, "done")
        self.look_again()
        self.station.behind(doing.bring_up(self))
