"""Which lines of the audit: by event, person, result, days and book. Enter goes on, the last Enter lists them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.audit import day_of
from downtime.audit_words import events_named
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.choice import Choice
from downtime.screens.keyline import Words
from downtime.screens.text import shown
from downtime.screens.typed_fields import CodeField, Field
from downtime.store.audit_queries import AuditFilter, end_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

_RESULTS = ("", "yes", "no")
_ORDER = ("audit-event", "audit-by", "audit-result", "audit-from", "audit-to", "audit-book")


@dataclass(slots=True)
class Asked:
    """What was typed.

    Attributes:
        event: part of an event's name; by: a staff number; result: "", "yes" or "no".
        since: first day; until: last day (ISO dates); book: its number, 0 for the open one.
    """

    event: str = ""
    by: str = ""
    result: str = ""
    since: str = ""
    until: str = ""
    book: int = 0

    def wanted(self, text: str) -> AuditFilter:
        """Return the filter, with ``text`` beside it."""
        return AuditFilter(
            events=events_named(self.event) if self.event else None,
            operator=self.by,
            success={"yes": True, "no": False}.get(self.result),
            since=self.since,
            until=end_of(self.until) if self.until else "",
            text=text,
        )

    def words(self) -> str:
        """Return what is filtered in one line; "" if nothing."""
        told = [
            f"{label}: {text}"
            for label, text in (
                (_("Event"), self.event),
                (_("Who"), self.by),
                (_("OK"), {"yes": _("yes"), "no": _("NO")}.get(self.result, "")),
                (_("From"), self.since),
                (_("To"), self.until),
            )
            if text
        ]
        return "   ".join(told)


class AuditFilterDialog(Dialog):
    """Gives what was asked for, or None.

    Args of the constructor:
        asked: what is filtered now.
        books: numbers of the books there are.
    """

    CSS_PATH = "audit.tcss"
    acts = ("settle",)

    def __init__(self, asked: Asked, books: Sequence[int]) -> None:
        super().__init__()
        self._asked, self._books = asked, books

    def body(self) -> ComposeResult:
        """One row per question."""
        asked = self._asked
        yield _row(lambda: _("Event"), Field(asked.event, id="audit-event", max_length=40))
        yield _row(lambda: _("Staff number"), CodeField(asked.by, id="audit-by", max_length=64))
        yield _row(
            lambda: _("OK"), Choice([(result, _result(result)) for result in _RESULTS], id="audit-result")
        )
        yield _row(lambda: _("From"), Field(asked.since, id="audit-from", max_length=10))
        yield _row(lambda: _("To"), Field(asked.until, id="audit-to", max_length=10))
        yield _row(
            lambda: _("Book (1 to {last})").format(last=max(self._books)),
            CodeField(str(asked.book or ""), id="audit-book", max_length=4),
        )
        yield Static("", id="audit-filter-problem", classes="problem", markup=False)
        yield Words(
            lambda: _("Days like 2026-01-05. Enter goes on, F8 lists at once."), classes="sentence muted"
        )

    def on_mount(self) -> None:
        """Begin with the event."""
        super().on_mount()
        self.query_one("#audit-result", Choice).choose(self._asked.result)
        self.query_one("#audit-event").focus()

    def redraw(self) -> None:
        """Write the title."""
        self.entitle(_("Filter the audit"))

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        return _("List") if act == "settle" else super().label_of(act)

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Any part of an event's name will do. An empty field filters nothing.")

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        self._go_on(event.input.id or "")

    def on_choice_settled(self, event: Choice.Settled) -> None:
        """A choice goes on too."""
        event.stop()
        self._go_on(event.choice.id or "")

    def _go_on(self, name: str) -> None:
        place = _ORDER.index(name) + 1
        if place < len(_ORDER):
            self.query_one(f"#{_ORDER[place]}").focus()
        else:
            self.act_settle()

    def act_settle(self) -> None:
        """List what is asked for, or say what cannot be."""
        asked = replace(
            self._asked,
            event=self._text("audit-event"),
            by=self._text("audit-by"),
            result=self.query_one("#audit-result", Choice).value,
        )
        try:
            asked.since, asked.until = day_of(self._text("audit-from")), day_of(self._text("audit-to"))
            asked.book = self._book()
        except RefusedInputError as error:
            self.query_one("#audit-filter-problem", Static).update(shown(f"{error.what} {error.then}"))
            return
        if asked.event and not events_named(asked.event):
            problem = _("No event is called {text}.").format(text=asked.event)
            self.query_one("#audit-filter-problem", Static).update(shown(problem))
            return
        self.dismiss(asked)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value.strip()

    def _book(self) -> int:
        text = self._text("audit-book")
        if not text:
            return 0
        if not text.isdigit() or int(text) not in self._books:
            raise RefusedInputError(
                _("There is no book {text}.").format(text=text),
                _("There are the books 1 to {last}.").format(last=max(self._books)),
            )
        return int(text)


def _row(label: Callable[[], str], field: Field | Choice) -> Horizontal:
    return Horizontal(Words(label, classes="label audit-label"), field, classes="row")


def _result(result: str) -> Callable[[], str]:
    return lambda: {"yes": _("yes"), "no": _("NO")}.get(result, _("any result"))
