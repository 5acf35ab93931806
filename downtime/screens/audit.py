"""The audit: who did what and when, newest first; for the auditor alone. Typing searches, Ctrl+F filters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, overload

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.audit import (
    PROMISED_DAYS,
    audit_line,
    export_audit,
    export_path,
    filter_words,
    span_days,
)
from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.screens.audit_filter import Asked, AuditFilterDialog
from downtime.screens.audit_line import AuditLineScreen
from downtime.screens.base import StationScreen
from downtime.screens.entry_lines import form_title, time_words
from downtime.screens.keyline import Words
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AskedField, Field
from downtime.store import audit_queries
from downtime.store.journal import entry_by_id

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.audit import AuditLine
    from downtime.entry import Entry
    from downtime.store.audit_queries import AuditFilter


_DAY_AND_TIME = slice(5, 19)


class Lines(Sequence[Any]):
    """The lines asked for: counted at once, read a page at a time."""

    def __init__(self, db: Any, wanted: AuditFilter) -> None:
        self._db, self._wanted = db, wanted
        self._count = audit_queries.count(db, wanted)
        self._pages: dict[int, list[Entry]] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> Entry: ...

    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...

    def __getitem__(self, place: int | slice) -> Entry | list[Entry]:
        """Return one line, or some."""
        if isinstance(place, slice):
            return [self._line(n) for n in range(*place.indices(self._count))]
        return self._line(place)

    def _line(self, place: int) -> Entry:
        page, row = divmod(place, audit_queries.PAGE)
        if page not in self._pages:
            self._pages = {
                page: audit_queries.page(self._db, self._wanted, offset=page * audit_queries.PAGE),
                **dict(list(self._pages.items())[-2:]),
            }
        return self._pages[page][row]


class AuditScreen(StationScreen):
    """The lines of one book."""

    CSS_PATH = "audit.tcss"
    acts: ClassVar[tuple[str, ...]] = ("filter", "export")
    needs = "audit"

    def __init__(self) -> None:
        super().__init__()
        self._asked = Asked()
        self._db: Any = None
        self._book = 0

    def body(self) -> ComposeResult:
        """Field, what is filtered, how far back it goes, the list."""
        rows = Rows(
            (
                RowColumn(lambda: _("Time"), 14),
                RowColumn(lambda: _("Who"), 6),
                RowColumn(lambda: _("Full name"), 14, wide=True),
                RowColumn(lambda: _("Event"), 20),
                RowColumn(lambda: _("OK"), 4),
                RowColumn(lambda: _("About")),
            ),
            self._shows,
            empty=lambda: _("Nothing found. Esc empties the field."),
            digits=False,
            id="audit-rows",
        )
        rows.can_focus = False
        with Horizontal(id="audit-top"):
            yield Words(lambda: _("Find"), classes="label", id="audit-find")
            yield AskedField(rows.takes, rows.picks, id="audit-asked")
        yield Static("", id="audit-span", markup=False)
        yield rows

    def on_mount(self) -> None:
        """Put the cursor into the field."""
        super().on_mount()
        self.query_one(AskedField).focus()

    def on_unmount(self) -> None:
        """Let go of the journal."""
        if self._db is not None:
            self._db.close()
            self._db = None

    # -- what is shown ------------------------------------------------------------------------------

    def _open_book(self) -> Any:
        """Return the journal of the book asked for, opened for reading only."""
        desk = self.desk
        number = self._asked.book or desk.book.paths.number
        if self._db is None or number != self._book:
            paths = desk.home.book(number)
            fresh = audit_queries.open_audit(paths.journal, desk.book.ring.book_key(number))
            if self._db is not None:
                self._db.close()
            self._db, self._book = fresh, number
        return self._db

    @property
    def wanted(self) -> AuditFilter:
        """What is asked for: the filter, and the text typed."""
        return self._asked.wanted(self.query_one(AskedField).value.strip())

    def redraw(self) -> None:
        """Look again and write everything."""
        self.query_one(AskedField).placeholder = _("part of a number, a name of a file, a reason ...")
        self._look()

    def _look(self, *, afresh: bool = False) -> None:
        try:
            db = self._open_book()
        except DowntimeError as error:
            self._asked.book = 0
            self.station.alarm(error)
            return
        found = Lines(db, self.wanted)
        self.query_one(Rows).show(found, place=0 if afresh else None)
        self.query_one("#audit-span", Static).update(lines(self._span(db, len(found))))
        self.keys_changed()

    def _span(self, db: Any, count: int) -> list[Content | str]:
        told = [
            _("Book {book}").format(book=f"{self._book:04d}"),
            _("{count} lines").format(count=f"{count:,}"),
        ]
        ends = audit_queries.span(db)
        if ends is not None:
            oldest = time_words(ends[0].recorded_at)[:10]
            told.append(
                _("oldest {day}, {days} days; kept at least {promised}").format(
                    day=oldest, days=span_days(*ends), promised=PROMISED_DAYS
                )
            )
        filtered = self._asked.words()
        return [
            shown("   ".join(told), "$secondary"),
            shown(filtered, "bold $accent") if filtered else shown(_("No filter."), "$secondary"),
        ]

    def _shows(self, entry: Entry) -> Shows:
        line = audit_line(entry)
        return Shows(
            (
                time_words(line.at)[_DAY_AND_TIME],
                line.by,
                line.by_name,
                line.words,
                _("yes") if line.success else _("NO"),
                self._about(line),
            ),
            "" if line.success else "bold $warning",
        )

    def _about(self, line: AuditLine) -> str:
        """Return what a line is about; an entry by its receipt number rather than its id."""
        entry = entry_by_id(self._db, line.subject) if line.event == "entry_recorded" else None
        if entry is not None:
            return f"{form_title(entry)}  {entry.number or ''}"
        detail = "" if line.detail.startswith("{") else line.detail  # for the line opened whole
        return f"{line.subject}  {detail}".strip()

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Type any part of what a line is about. Ctrl+F filters by event, person, result, days and book. "
            "Enter opens a line, Ctrl+K writes exactly what is listed into a file."
        )

    def on_input_changed(self, event: Field.Changed) -> None:
        """Search with every letter."""
        event.stop()
        self._look(afresh=True)

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Show the line whole."""
        event.stop()
        self.station.push_screen(AuditLineScreen(event.value))

    def act_back(self) -> None:
        """Empty the field first, then the filter, then leave."""
        asked = self.query_one(AskedField)
        if asked.value:
            asked.take("")
        elif self._asked != Asked():
            self._asked = Asked()
            self._look(afresh=True)
        else:
            self.step_back()

    def act_filter(self) -> None:
        """Ask for what is to be listed."""
        books = [paths.number for paths in self.desk.home.books()]
        self.station.push_screen(AuditFilterDialog(self._asked, books), self._filtered)

    def _filtered(self, asked: Asked | None) -> None:
        if asked is not None:
            self._asked = asked
            self._look(afresh=True)

    def why_not(self, act: str) -> str | None:
        """Nothing listed is nothing to export."""
        if act == "export" and not len(self.query_one(Rows).values):
            return _("Nothing is listed.")
        return None

    async def act_export(self) -> None:
        """Write what is listed into a file, and record that."""
        desk, wanted = self.desk, self.wanted
        target = export_path(desk.home, self._book, self.station.now())
        try:
            form = export_audit(self._open_book(), wanted, self._book, target, filter_words(wanted))
            await desk.recording_event(form)
        except DowntimeError as error:
            self.station.alarm(error)
            return
        self._look()
        self.say(partial(_exported, form.entries, str(target)), "done")


def _exported(count: int, file: str) -> str:
    return _("{count} lines written to {file}.").format(count=count, file=file)
