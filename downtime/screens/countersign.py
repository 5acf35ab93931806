"""Countersign 待复核: what was done alone or with a code, by whom and why; F8 signs it, or says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.awaiting import awaiting, disagreed
from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.screens.approved_lines import lines_of_entry
from downtime.screens.base import StationScreen
from downtime.screens.countersign_lines import awaiting_lines, awaiting_shows
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.rows import RowColumn, Rows
from downtime.screens.text import lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import Resize

    from downtime.awaiting import Awaiting

_EDGES = 8


class CountersignScreen(StationScreen):
    """Everything that waits, of all books, newest first; the filter key shows what nobody agreed with."""

    CSS_PATH = "countersign.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle", "filter")

    def __init__(self) -> None:
        super().__init__()
        self._found: Sequence[Awaiting] = ()
        self._shows_disagreed = False

    def body(self) -> ComposeResult:
        """The list, and below it what the marked row is about."""
        yield Rows(
            (
                RowColumn(lambda: _("Time"), 11),
                RowColumn(lambda: _("What"), 14),
                RowColumn(lambda: _("Patient"), 12),
                RowColumn(lambda: _("Amount"), 10, right=True),
                RowColumn(lambda: _("By"), 12),
                RowColumn(lambda: _("How"), 10),
                RowColumn(lambda: _("Reason"), wide=True),
            ),
            lambda one: awaiting_shows(self.desk, one, self.station.now()),
            empty=self._empty_words,
            id="countersign-rows",
        )
        yield Static("", id="countersign-told", markup=False)

    def on_mount(self) -> None:
        """Put the mark into the list and look."""
        super().on_mount()
        self.query_one(Rows).focus()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new size."""
        self._draw_marked()

    def redraw(self) -> None:
        """Look again behind: older books may have to be opened."""
        self._draw()
        self.station.behind(self._look())

    async def _look(self) -> None:
        desk = self.desk
        ask = disagreed if self._shows_disagreed else awaiting
        try:
            found = await desk.in_writer(lambda: ask(desk.home, desk.book.ring))
        except DowntimeError as error:
            self.station.alarm(error)
            return
        self._found = found
        if self.is_attached:
            self._draw()

    def _draw(self) -> None:
        self.query_one(Rows).show(self._found)
        self._draw_marked()

    def _draw_marked(self) -> None:
        marked: Awaiting | None = self.query_one(Rows).marked
        drawn = self.query_one("#countersign-told", Static)
        width = max((self.size.width or 80) - _EDGES, 40)
        told = list(awaiting_lines(marked, self.station.now(), width)) if marked is not None else []
        if marked is not None and marked.entry is not None:
            told = [*lines_of_entry(self.desk, marked.entry, width), *told]
        drawn.update(lines(told))
        self.keys_changed()

    def _empty_words(self) -> str:
        return (
            _("Nobody has disagreed.")
            if self._shows_disagreed
            else _("Nothing waits for a countersignature.")
        )

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "What was done alone or with a code. Look at it, then F8: agreed or not agreed, your number and "
            "password. Nobody signs their own act; without these signatures the book cannot be signed off."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        if act == "settle":
            return _("Sign")
        if act == "filter":
            return _("Waiting") if self._shows_disagreed else _("Not agreed")
        return super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Signing needs something that waits."""
        if act != "settle":
            return None
        marked: Awaiting | None = self.query_one(Rows).marked
        if marked is None:
            return self._empty_words()
        return _("Somebody has signed this already.") if marked.answer is not None else None

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Show what the marked row is about."""
        event.stop()
        self._draw_marked()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Show the entry whole, where it stands in this book."""
        event.stop()
        one: Awaiting = event.value
        if one.entry is None or one.entry.book != self.desk.book.paths.number:
            self.say(
                lambda: _("It stands in book {book}; what counts is shown here.").format(
                    book=one.approval.book
                )
            )
        elif self.allows("look_up"):
            self.station.push_screen(EntryScreen(one.entry))

    def copyable(self) -> str:
        """Return the number of what was done."""
        marked: Awaiting | None = self.query_one(Rows).marked
        entry = marked.entry if marked is not None else None
        return (entry.number or entry.id) if entry is not None else ""

    def act_filter(self) -> None:
        """Show what nobody agreed with, or what waits."""
        self._shows_disagreed = not self._shows_disagreed
        self._found = ()
        self.query_one(Rows).place = 0
        self.redraw()

    def act_settle(self) -> None:
        """Sign the marked one."""
        from downtime.screens.countersign_dialog import CountersignDialog

        marked: Awaiting | None = self.query_one(Rows).marked
        if marked is not None:
            self.station.push_screen(CountersignDialog(marked), self._signed)

    def _signed(self, agreed: bool | None) -> None:  # noqa: FBT001 (the answer itself)
        if agreed is None:
            return
        self.say(
            lambda: _("Recorded: countersigned.") if agreed else _("Recorded: not agreed. It stays listed."),
            "done" if agreed else "problem",
        )
        self.redraw()
        self.station.look()
