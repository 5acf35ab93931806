"""Statements 对账: pick a file, see what agrees and what does not, record it.

Files lie in the folder ``statements`` of the station, or a path is typed. Reading and matching run in a thread.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.keyline import Words
from downtime.screens.rows import Rows
from downtime.screens.statement_lines import (
    COLUMNS,
    FILE_COLUMNS,
    FileShown,
    files_in,
    found_lines,
    problem_lines,
    shows_file,
    shows_row,
    sum_lines,
)
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AskedField
from downtime.statement_layouts import FOLDER, statement_sources
from downtime.statement_matching import Comparison, compare, record_comparison
from downtime.statement_words import outcome_help, recorded_text
from downtime.store import delivery_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key

    from downtime.screens.rows import Shows
    from downtime.screens.typed_fields import Field
    from downtime.statement_layouts import StatementSource
    from downtime.statement_matching import StatementRecorded
    from downtime.statements import Compared


class StatementsScreen(StationScreen):
    """One statement at a time."""

    CSS_PATH = "statements.tcss"
    acts: ClassVar[tuple[str, ...]] = ("payer", "filter", "settle")
    rights: ClassVar[Mapping[str, str]] = {"settle": "sign_off", "filter": "look_up", "payer": "look_up"}
    needs = "standing"

    def __init__(self) -> None:
        super().__init__()
        self.found: Comparison | None = None
        self._sources: dict[str, StatementSource] = {}
        self._source = ""
        self._problems: list[str] = []
        self._outcome: StatementRecorded | None = None
        self._kept = ""
        self._busy = False

    def body(self) -> ComposeResult:
        """Source and path, what was found, the files or the differences."""
        files = Rows(FILE_COLUMNS, shows_file, empty=self._empty_words, id="statement-files")
        rows = Rows(COLUMNS, self._shows, empty=self._empty_words, id="statement-rows")
        files.can_focus = rows.can_focus = False
        with Horizontal(id="statement-top"):
            yield Words(lambda: _("Statement"), classes="label", id="statement-find")
            yield AskedField(self._takes, self._picks, id="statement-asked")
        yield Static("", id="statement-told", markup=False)
        yield Static("", id="statement-sums", markup=False)
        yield files
        yield rows

    def on_mount(self) -> None:
        """Read how statements are written here, and put the cursor into the field."""
        try:
            self._sources = statement_sources(self.desk.home)
            self._source = next(iter(self._sources), "")
        except DowntimeError as error:
            self._problems = [error.what, error.then]
        super().on_mount()
        self.query_one(AskedField).focus()

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The list in sight: the files, or what does not agree."""
        return self.query_one("#statement-files" if self.found is None else "#statement-rows", Rows)

    @property
    def folder(self) -> Path:
        """Where statements are looked for."""
        return self.desk.home.path / FOLDER

    def redraw(self) -> None:
        """Write everything."""
        asked = self.query_one(AskedField)
        for rows in self.query(Rows):
            rows.display = rows is self.rows
        asked.placeholder = _("a digit takes a file, or type a path")
        self.query_one("#statement-told", Static).update(lines(self._told()))
        sums = self.query_one("#statement-sums", Static)
        sums.display = self.found is not None
        if self.found is None:
            zone = ZoneInfo(self.desk.home.settings.hospital.zone)
            self.rows.show([] if self._problems else files_in(self.folder, zone))
        else:
            sums.update(lines(sum_lines(self.found, self.desk.currency, self._kept, self.size.width)))
            kept = [one for one in self.found.different() if self._kept in {"", one.outcome}]
            self.rows.show(kept)
        self.keys_changed()

    def _told(self) -> list[Content | str]:
        if self._busy:
            return [shown(_("Reading and comparing..."), "bold")]
        if self._problems:
            return problem_lines(self._problems, can_read=bool(self._sources))
        if self.found is not None:
            return found_lines(self.found, self._outcome, self.desk.currency)
        source = self._sources[self._source].source if self._source else ""
        return [
            shown(_("Read as: {source}").format(source=source), "bold"),
            shown(_("Files in {folder}").format(folder=self.folder), "$secondary"),
        ]

    def _shows(self, row: Compared) -> Shows:
        return shows_row(row, self.desk.currency)

    def _empty_words(self) -> str:
        if self.found is not None:
            return _("Everything agrees.")
        return "" if self._problems else _("No file lies there; type a path.")

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Ctrl+R chooses whose statement it is, a digit takes the file. What does not agree is listed; Ctrl+F "
            "shows one kind. F8 records the outcome and verifies the payments it proves. Nothing is changed before."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        if act == "payer":
            return _("Other source")
        return _("Record") if act == "settle" else super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say what is missing."""
        if self._busy:
            return _("Wait: {what}.").format(what=_("Reading and comparing..."))
        if act == "payer":
            return (
                None
                if len(self._sources) > 1 and self.found is None
                else _("There is no other source to choose.")
            )
        if act in {"filter", "settle"} and self.found is None:
            return _("Take a file first.")
        if act == "settle" and self._outcome is not None and self._outcome.entry_id:
            return _("This comparison is recorded.")
        return None

    def act_payer(self) -> None:
        """Take the next source that is declared."""
        names = list(self._sources)
        self._source = names[(names.index(self._source) + 1) % len(names)]
        self.redraw()

    def act_filter(self) -> None:
        """Show one kind of difference after the other, then all."""
        assert self.found is not None, "why_not asked for one"
        kinds = ["", *dict.fromkeys(one.outcome for one in self.found.different())]
        self._kept = kinds[(kinds.index(self._kept) + 1) % len(kinds)]
        self.rows.place = 0
        self.redraw()
        if self._kept:
            self.say(lambda: outcome_help(self._kept))

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Take a file, or show the receipt behind a difference."""
        event.stop()
        if isinstance(event.value, FileShown):
            self.take_file(event.value.path)
            return
        from downtime.screens.entry_screen import EntryScreen

        entry = self.desk.find(event.value.here.entry_id) if event.value.here is not None else None
        if entry is not None and self.allows("look_up"):
            self.station.push_screen(EntryScreen(entry))

    def _picks(self, character: str) -> bool:
        """A digit takes a row while no path is typed."""
        self.rows.digits = not self.query_one(AskedField).value
        return self.rows.picks(character)

    def _takes(self, event: Key) -> bool:
        self.rows.digits = not self.query_one(AskedField).value
        return (self.rows.digits or event.key != "enter") and self.rows.takes(event)

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Take the file that was typed."""
        event.stop()
        typed = Path(event.value.strip()).expanduser()
        self.take_file(typed if typed.is_absolute() else self.folder / typed)

    def take_file(self, path: Path) -> None:
        """Read and compare a file beside the screen."""
        if self._busy or not self._source:
            return
        self._busy, self._problems, self._outcome, self._kept = True, [], None, ""
        self.redraw()
        self.station.behind(self._comparing(path))

    async def _comparing(self, path: Path) -> None:
        desk, source = self.desk, self._sources[self._source]
        paths, key, hospital = desk.book.paths, desk.book.key, desk.home.settings.hospital

        def work() -> Comparison | list[str]:
            content = path.read_bytes()
            db = delivery_queries.look(paths.journal, paths.deliveries, key)
            try:
                return compare(db, content, source, hospital, file=path.name)
            finally:
                db.close()

        try:
            found = await asyncio.to_thread(work)
        except OSError as error:
            found = [
                _("{file} cannot be read: {reason}.").format(file=path.name, reason=error.strerror or error)
            ]
        finally:
            self._busy = False
        self.found = found if isinstance(found, Comparison) else None
        self._problems = found if isinstance(found, list) else []
        if self.is_attached:
            self.query_one(AskedField).take("")
            self.rows.place = 0
            self.redraw()

    async def act_settle(self) -> None:
        """Record what the statement proves, then what it said."""
        if self.found is None or self.station.recording:
            return
        self.station.behind(self._recording(self.found))

    async def _recording(self, found: Comparison) -> None:
        self.say(lambda: _("Recording..."))
        try:
            outcome = await record_comparison(found, self.desk.recording, may_verify=self.station.may("cash"))
        except DowntimeError as error:
            self.station.alarm(error)
            return
        self._outcome = outcome
        self.station.look()
        if self.is_attached:
            self.redraw()
            self.say(partial(_last, recorded_text(outcome)), "problem" if outcome.refused else "done")

    def act_back(self) -> None:
        """Empty the field, then the files again, then leave."""
        asked = self.query_one(AskedField)
        if asked.value:
            asked.take("")
        elif self.found is not None or (self._problems and self._sources):
            self.found, self._problems, self._outcome, self._kept = None, [], None, ""
            self.redraw()
        else:
            self.step_back()


def _last(told: Sequence[str]) -> str:
    return told[-1] if told else ""
