"""The end of a book: what hinders the sign-off, one key each for certificate, pack and signing.

Enter says why one thing stays open; what was said is kept until it is signed or the screen is left.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.closing_desk import Looked, OpenThing, look_at, put_paper, read_closing, sign
from downtime.errors import DowntimeError
from downtime.i18n import _, chosen_language
from downtime.screens.base import StationScreen
from downtime.screens.closing_lines import (
    WEIGHTS,
    is_known,
    signing_lines,
    top_lines,
    weight_words,
    written_words,
)
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.reason import ReasonDialog
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import lines, shown
from forms.base import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content


class ClosingScreen(StationScreen):
    """What is not settled in a book, item by item, and the three papers of its end."""

    CSS_PATH = "closing.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle", "reprint", "export", "filter", "verify")
    rights: ClassVar[Mapping[str, str]] = {
        "settle": "sign_off",
        "reprint": "inspect",
        "export": "inspect",
        "verify": "inspect",
        "filter": "inspect",
    }
    needs = "inspect"

    def __init__(self) -> None:
        super().__init__()
        self._found: Looked | None = None
        self._explained: dict[str, str] = {}
        self._busy = False

    def body(self) -> ComposeResult:
        """Which book, how much stands in the way, the list, the marked thing in words."""
        yield Static("", id="closing-top", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("State"), 12, words=lambda: map(weight_words, WEIGHTS)),
                RowColumn(lambda: _("Which"), 18),
                RowColumn(lambda: _("What is the matter")),
            ),
            self._shows,
            empty=self._why_empty,
            id="closing-rows",
        )
        yield Static("", id="closing-marked", markup=False)

    def on_mount(self) -> None:
        """Look at the newest finished book."""
        super().on_mount()
        self.query_one(Rows).focus()
        self._look(0)

    def _why_empty(self) -> str:
        return _("Looking ...") if self._found is None else _("Nothing stands in the way.")

    # -- looking ------------------------------------------------------------------------------------

    def _look(self, number: int) -> None:
        if not self._busy:
            self._busy, self._found = True, None
            self.redraw()
            self.station.behind(self._looked(number))

    async def _looked(self, number: int) -> None:
        desk = self.desk
        try:
            found = await asyncio.to_thread(look_at, desk.home, desk.book.ring, number)
        except DowntimeError as error:
            if self.is_attached:
                self.station.alarm(error)
            return
        finally:
            self._busy = False
        known = {key: why for key, why in self._explained.items() if is_known(found, key)}
        self._explained = {**known, **found.explained}
        self._found = found
        if self.is_attached:
            self.redraw()

    def redraw(self) -> None:
        """Write everything as it was found."""
        found = self._found
        self.query_one("#closing-top", Static).update(
            lines(top_lines(found, self._explained) if found is not None else [])
        )
        self.query_one(Rows).show(found.things if found is not None else [])
        self._draw_marked()
        self.keys_changed()

    def _shows(self, one: OpenThing) -> Shows:
        said = one.item is not None and one.item.key in self._explained
        style = "$success" if said else "bold $warning" if one.obstacle.weight == "stops" else ""
        word = _("explained") if said else weight_words(one.obstacle.weight)
        return Shows((word, one.item.what if one.item is not None else "", one.obstacle.what), style)

    def _draw_marked(self) -> None:
        marked: OpenThing | None = self.query_one(Rows).marked
        told: list[Content | str] = []
        if marked is not None:
            item = marked.item
            told.append(shown(marked.obstacle.settle or marked.obstacle.what, "bold"))
            if item is not None and item.why:
                told.append(shown(item.why, "$secondary"))
            if item is not None and item.key in self._explained:
                told.append(
                    shown(_("Stays open: {reason}").format(reason=self._explained[item.key]), "$success")
                )
        self.query_one("#closing-marked", Static).update(lines(told))

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Settle what stops the sign-off where the line below says. What can no longer be settled: Enter, and say "
            "why it stays open. F8 signs a finished book, with a second person; neither may have taken money in it."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        labels = {
            "settle": _("Sign off"),
            "reprint": _("Certificate"),
            "export": _("Pack"),
            "filter": _("Other book"),
            "verify": _("Again"),
        }
        return labels.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say why nothing can be signed or written yet."""
        found = self._found
        if act in {"settle", "reprint", "export", "filter"} and found is None:
            return _("Wait until the book was looked at.")
        if act != "settle" or found is None:
            return None
        if found.is_current:
            return _("Book {book} is not finished: it ends when the next one is opened.").format(
                book=found.book
            )
        if found.is_signed:
            return _("Book {book} is signed off already.").format(book=found.book)
        left = found.stops(self._explained)
        what = _("{count} things stand in the way: settle them, or say why they stay.")
        return what.format(count=left) if left else None

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Show the marked thing in words."""
        event.stop()
        self._draw_marked()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Ask why one thing stays open."""
        event.stop()
        one: OpenThing = event.value
        if one.item is None or one.obstacle.weight != "stops":
            self.say(lambda: one.obstacle.settle or one.obstacle.what)
            return
        item = one.item
        if self._found is not None and self._found.is_signed:
            return

        def decided(reason: str | None) -> None:
            if reason is not None:
                self._explained[item.key] = reason
                self.redraw()

        self.station.push_screen(
            ReasonDialog(
                lambda: _("Why does it stay open?"),
                lambda: [shown(item.what, "bold"), shown(one.obstacle.what), shown(item.why, "$secondary")],
                (
                    lambda: _("Brought into the HIS by hand"),
                    lambda: _("Looked into; nothing is missing"),
                    lambda: _("The paper was searched for and not found"),
                ),
                typed=self._explained.get(item.key, ""),
            ),
            decided,
        )

    def copyable(self) -> str:
        """Return what the marked thing is known by."""
        marked: OpenThing | None = self.query_one(Rows).marked
        return marked.item.what if marked is not None and marked.item is not None else ""

    def act_verify(self) -> None:
        """Look anew."""
        self._look(self._found.book if self._found is not None else 0)

    def act_filter(self) -> None:
        """Look at the book before, and after the oldest at the newest."""
        assert self._found is not None, "why_not says so"
        books = self._found.books
        self._explained = {}
        self.query_one(Rows).place = 0
        self._look(books[books.index(self._found.book) - 1])

    # -- signing ------------------------------------------------------------------------------------

    def act_settle(self) -> None:
        """Ask the second person, then sign."""
        found = self._found
        assert found is not None, "why_not says so"
        asked = [
            Line("operator", lambda: _("Second person"), "code"),
            Line("password", lambda: _("Password"), "password"),
        ]
        if found.needs_reason:
            asked.insert(0, Line("reason", lambda: _("Reason")))

        async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
            if found.needs_reason and not answers["reason"].strip():
                return [Problem("reason", _("This is required."))]
            desk, explained = self.desk, dict(self._explained)
            await desk.in_writer(
                lambda: sign(
                    desk.book,
                    found.book,
                    answers["operator"],
                    answers["password"],
                    answers.get("reason", ""),
                    explained,
                )
            )
            return []

        self.station.push_screen(
            FieldsDialog(
                lambda: _("Sign off book {book}").format(book=f"{found.book:04d}"),
                lambda: signing_lines(found, self._explained),
                asked,
                finish,
                "password",
            ),
            self._signed,
        )

    def _signed(self, answers: Mapping[str, str] | None) -> None:
        if answers is None:
            return
        number = self._found.book if self._found is not None else 0
        self.say(lambda: _("Book {book} is signed off.").format(book=number), "done")
        self._explained = {}
        self._look(number)

    # -- papers -------------------------------------------------------------------------------------

    async def act_reprint(self) -> None:
        """Write the closing certificate."""
        await self._write(pack=False)

    async def act_export(self) -> None:
        """Write the after-action pack."""
        await self._write(pack=True)

    async def _write(self, *, pack: bool) -> None:
        found, desk, language = self._found, self.desk, chosen_language()
        assert found is not None, "why_not says so"
        self.say(lambda: _("Reading the whole book ..."))
        book = desk.book
        try:
            closing = await asyncio.to_thread(
                read_closing, desk.home, book.ring, found.book, language, book.clock
            )
            target = await desk.in_writer(lambda: put_paper(book, closing, language, pack=pack))
        except DowntimeError as error:
            self.station.alarm(error)
            return
        self.say(partial(written_words, str(target)), "done")
