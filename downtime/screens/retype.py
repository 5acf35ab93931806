"""Retype desk 补录台: the own entries that must be typed into the HIS, what became of each, and what to do next.

The HIS's rows tick entries off by themselves; what stands there otherwise, or twice, is on top. Enter opens one entry,
field by field in the HIS's order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.keyline import Words
from downtime.screens.retype_acts import ask_typed, ask_undo, why_not_typed, why_not_undo
from downtime.screens.retype_lines import COLUMNS, shows_row, summary_lines, what_words, whose_words
from downtime.screens.retype_look import RetypeLook
from downtime.screens.rows import Rows
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AskedField, Field
from downtime.worksheet_standing import Retyping
from downtime.worksheet_template import fault_words, found_template
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.events import Key, Resize

    from downtime.screens.rows import Shows
    from downtime.screens.scans import Scan
    from downtime.worksheet_standing import RetypeRow, Typed

SEES_OTHERS = "deliver"
"""Who may send to the HIS may look at anybody's entries."""


class RetypeScreen(StationScreen):
    """The list, with counts and sums above it."""

    CSS_PATH = "retype.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle", "reverse", "filter")
    rights: ClassVar[Mapping[str, str]] = {"settle": "retype", "reverse": "retype", "filter": "retype"}
    needs = "retype"

    def __init__(self) -> None:
        super().__init__()
        self.retyping: Retyping | None = None
        self.operator = ""
        self._everything = False
        self._look: RetypeLook | None = None

    def body(self) -> ComposeResult:
        """Counts and sums, the field, the rows."""
        rows = Rows(COLUMNS, self._shows, empty=self._empty_words, digits=False, id="retype-rows")
        rows.can_focus = False
        yield Static("", id="retype-summary", markup=False)
        with Horizontal(id="retype-top"):
            yield Words(lambda: _("Find"), classes="label", id="retype-find")
            yield AskedField(self.takes, lambda _character: False, id="retype-asked")
        yield rows
        yield Static("", id="retype-what", markup=False)

    def on_mount(self) -> None:
        """Begin to look, and put the cursor into the field."""
        self.operator = self.desk.person.operator
        self._look = RetypeLook(self.desk)
        self.template = found_template(self.desk.home.path)
        super().on_mount()
        self.query_one(AskedField).focus()
        fault = self.template.fault
        if fault is not None:
            self.say(lambda: fault_words(fault), "problem", lasting=True)

    def on_unmount(self) -> None:
        """Let go of the books."""
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

    @property
    def marked(self) -> RetypeRow | None:
        """The entry in hand."""
        row: RetypeRow | None = self.rows.marked
        return row

    def redraw(self) -> None:
        """Write what is known; look again behind."""
        self.draw()
        self.station.behind(self.look_again())

    async def look_again(self) -> None:
        """Read the books in their own thread and show what they say."""
        look, operator = self._look, self.operator
        if look is None:
            return
        found = await look.looking(operator)
        if self.is_attached and operator == self.operator:
            self.retyping = found
            self.draw()

    def draw(self) -> None:
        """Write everything from what was read last."""
        retyping = self.retyping or Retyping()
        width = max((self.size.width or 80) - (4 if self.station.is_drill else 0), 40)
        whose = whose_words(retyping, self.operator)
        if self.retyping is None:
            reading = _("Reading...")
            whose = f"{whose}  {reading}"
        elif not retyping.connector:
            nobody_reads = _("Nothing is set up here that reads the HIS: nothing is ticked off by itself.")
            whose = f"{whose}  {nobody_reads}"
        self.query_one("#retype-summary", Static).update(
            lines(summary_lines(retyping.rows, whose, width, self.desk.currency))
        )
        self.query_one(AskedField).placeholder = (
            _("number, name, amount, or scan the slip; left and right: other people")
            if self._sees_others()
            else _("number, name, amount, or scan the slip")
        )
        self.rows.show(self.listed())
        self._draw_what()
        self.keys_changed()

    def _draw_what(self) -> None:
        """Write in full why the marked one is where it is."""
        row = self.marked
        told = what_words(row) if row is not None else ""
        self.query_one("#retype-what", Static).update(shown(f" {told}", "$secondary"))

    def listed(self) -> list[RetypeRow]:
        """Return the rows that are shown."""
        if self.retyping is None:
            return []
        asked = self.asked.lower()
        return [
            row
            for row in self.retyping.only(everything=self._everything or bool(asked))
            if not asked or any(asked in part.lower() for part in self._searched(row))
        ]

    def _searched(self, row: RetypeRow) -> tuple[str, ...]:
        patient = row.entry.content.get("patient") or {}
        named = (row.entry.number or row.entry.id, patient.get("name") or "", patient.get("number") or "")
        return (*named, format_amount(row.amount_minor, self.desk.currency), *row.documents)

    def _shows(self, row: RetypeRow) -> Shows:
        return shows_row(row, self.desk.currency)

    def _empty_words(self) -> str:
        if self.retyping is None:
            return _("Reading...")
        if self.asked:
            return _("Nothing found. Esc empties the field.")
        return _("Nothing is left to type in. Ctrl+F shows everything.")

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.draw()

    def _sees_others(self) -> bool:
        return self.station.may(SEES_OTHERS)

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Enter opens an entry field by field, F8 says that it was typed in, F9 takes that back. What the HIS "
            "shows is ticked off by itself; what it shows otherwise or twice stands on top."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        if act == "filter":
            return _("Open ones") if self._everything else _("All")
        names = {"settle": _("Typed in"), "reverse": _("Take back")}
        return names.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Acts on an entry need one."""
        if act == "settle":
            return why_not_typed(self.marked)
        return why_not_undo(self.marked, self.desk.book.identity.book) if act == "reverse" else None

    def takes(self, event: Key) -> bool:
        """Act on a key before the field does; return whether it meant something."""
        if event.key in {"left", "right"} and not self.asked and self._sees_others():
            self.next_person(1 if event.key == "right" else -1)
            return True
        return self.rows.takes(event)

    def next_person(self, step: int) -> None:
        """Show somebody else's entries, or everybody's."""
        people = [number for number, _name in (self.retyping or Retyping()).people]
        own = self.desk.person.operator
        order = ["", *dict.fromkeys((own, *people))]
        place = order.index(self.operator) if self.operator in order else 0
        self.operator = order[(place + step) % len(order)]
        self.retyping = None
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
        self._draw_what()
        self.keys_changed()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Open the entry, with all that are listed behind it."""
        event.stop()
        self.open_entry(event.value)

    def open_entry(self, row: RetypeRow) -> None:
        """Show one entry field by field; the next ones are those of the list."""
        from downtime.screens.retype_entry import RetypeEntryScreen

        listed = self.listed()
        if row not in listed:
            listed = [row]
        self.opened_patient(row.entry.patient, row.entry.id)
        self.station.push_screen(RetypeEntryScreen(self, [one.entry.id for one in listed], listed.index(row)))

    def say_typed(self, entry_id: str, typed: Typed | None) -> None:
        """Show what was said of an entry, at once."""
        if self.retyping is not None:
            self.retyping = self.retyping.with_typed(entry_id, typed)
        row = self.retyping.row(entry_id) if self.retyping is not None else None
        number = (row.entry.number or row.entry.id) if row is not None else entry_id
        told = _("{number}: typed in.") if typed is not None else _("{number}: open again.")
        self.station.tell(lambda: told.format(number=number), "done")
        if self.is_attached:
            self.draw()

    def take_scan(self, scan: Scan) -> bool:
        """The slip of an entry opens it."""
        if scan.kind == "receipt":
            row = self.retyping.row(scan.value.id) if self.retyping is not None else None
            if row is None:
                self.say(lambda: _("That slip is not on this list."), "problem")
            else:
                self.open_entry(row)
        return scan.kind == "receipt"

    def copyable(self) -> str:
        """Return the number of the slip in hand."""
        row = self.marked
        return (row.entry.number or row.entry.id) if row is not None else ""

    def act_settle(self) -> None:
        """Ask whether the marked one was typed in."""
        row = self.marked
        assert row is not None, "why_not asked for it"
        ask_typed(self, row, "", self.say_typed)

    def act_reverse(self) -> None:
        """Ask why, then take it back."""
        row = self.marked
        assert row is not None, "why_not asked for it"
        ask_undo(self, row, self.say_typed)

    def act_filter(self) -> None:
        """Show everything, or what is left to do."""
        self._everything = not self._everything
        self.rows.place = 0
        self.draw()

    def act_back(self) -> None:
        """Empty the field, then leave."""
        asked = self.query_one(AskedField)
        if asked.value:
            asked.take("")
        else:
            self.step_back()
