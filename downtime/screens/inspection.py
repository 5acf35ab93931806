"""Self-inspection: counts per chapter, the controls with their states; F6 writes the page, Ctrl+K the draft report.

Everything is looked at anew whenever the screen is opened, in a thread beside the keys.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.errors import DowntimeError
from downtime.i18n import _, chosen_language, in_language
from downtime.inspection_text import responsible_words, state_words
from downtime.inspection_words import BLOCKS, STATES
from downtime.screens.base import StationScreen
from downtime.screens.inspection_control import InspectionControlScreen
from downtime.screens.inspection_lines import STYLES, block_lines, marked_lines, state_cell, summary_line
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from textual.app import ComposeResult

    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.inspection import Checked, Inspection
    from downtime.inspection_words import State

_FIRST_BLOCKS = 4


class InspectionScreen(StationScreen):
    """The controls of the hospital's file, each with what this station can show for it now."""

    CSS_PATH = "inspection.tcss"
    acts: ClassVar[tuple[str, ...]] = ("reprint", "filter", "verify", "export")
    rights: ClassVar[Mapping[str, str]] = {"reprint": "inspect", "export": "inspect", "verify": "inspect"}
    needs = "inspect"

    def __init__(self) -> None:
        super().__init__()
        self._found: Inspection | None = None
        self._only: State | None = None
        self._looking = False

    def body(self) -> ComposeResult:
        """Sums, chapters in two columns, the list, the marked control in short."""
        yield Static("", id="inspection-top", markup=False)
        with Horizontal(id="inspection-counts"):
            yield Static("", id="inspection-blocks", markup=False)
            yield Static("", id="inspection-more", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("State"), 18),
                RowColumn(lambda: _("Chapter"), 13, wide=True),
                RowColumn(lambda: _("Control"), 26),
                RowColumn(lambda: _("Mark"), 4),
                RowColumn(lambda: _("Found")),
                RowColumn(lambda: _("Responsible"), 16, wide=True),
            ),
            _shows,
            empty=self._why_empty,
            id="inspection-rows",
        )
        yield Static("", id="inspection-marked", markup=False)

    def on_mount(self) -> None:
        """Look at the station."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.act_verify()

    def _why_empty(self) -> str:
        if self._looking:
            return _("Looking ...")
        return (
            _("No control is in this state.")
            if self._found
            else _("Nothing was looked at; Ctrl+E tries again.")
        )

    # -- looking ------------------------------------------------------------------------------------

    def act_verify(self) -> None:
        """Look at everything anew."""
        if not self._looking:
            self._looking = True
            self.say(lambda: _("Looking at everything anew ..."))
            self.station.behind(self._look())

    async def _look(self) -> None:
        from downtime.inspection import inspect_station

        desk = self.desk
        try:
            found = await asyncio.to_thread(inspect_station, desk.home, desk.book.ring, desk.book.clock)
        except DowntimeError as error:
            self._looking = False
            if self.is_attached:
                self.redraw()
                self.say(self._why_empty)
                self.station.alarm(error)
            return
        finally:
            self._looking = False
        self._found = found
        if self.is_attached:
            self.redraw()
            self.say(partial(_looked, found), "done")

    def redraw(self) -> None:
        """Write everything as it was found."""
        found = self._found
        rows = self.query_one(Rows)
        if found is None:
            rows.show([])
            return
        self.query_one("#inspection-top", Static).update(summary_line(found, self._only))
        blocks = list(BLOCKS)
        self.query_one("#inspection-blocks", Static).update(lines(block_lines(found, blocks[:_FIRST_BLOCKS])))
        self.query_one("#inspection-more", Static).update(
            lines(block_lines(found, [*blocks[_FIRST_BLOCKS:], ""]))
        )
        rows.show([one for one in found.checked if self._only in (None, one.state)])
        self._draw_marked()
        self.keys_changed()

    def _draw_marked(self) -> None:
        self.query_one("#inspection-marked", Static).update(lines(marked_lines(self.query_one(Rows).marked)))

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Each row says what this station can show for a control at this moment; it passes no judgement. Enter "
            "shows all facts. The controls stand in inspection-controls.toml, papers of the hospital in inspection/."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        if act == "filter":
            wanted = self._next_state()
            return state_words(wanted, chosen_language()) if wanted is not None else _("All")
        labels = {"reprint": _("PDF"), "verify": _("Again"), "export": _("Report")}
        return labels.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Nothing can be written before it was looked at."""
        if act in {"reprint", "export", "filter"} and self._found is None:
            return _("Wait until everything was looked at.")
        return None

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Show the marked control in short."""
        event.stop()
        self._draw_marked()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Show everything about a control."""
        event.stop()
        self.station.push_screen(InspectionControlScreen(event.value))

    def copyable(self) -> str:
        """Return the id of the marked control: files are named by it."""
        marked: Checked | None = self.query_one(Rows).marked
        return marked.control.id if marked is not None else ""

    def _next_state(self) -> State | None:
        order: tuple[State | None, ...] = (None, *STATES)
        return order[(order.index(self._only) + 1) % len(order)]

    def act_filter(self) -> None:
        """Show one state after the other, then all of them."""
        self._only = self._next_state()
        self.query_one(Rows).place = 0
        self.redraw()

    def act_back(self) -> None:
        """Show all states first, then leave."""
        if self._only is not None:
            self._only = None
            self.redraw()
        else:
            self.step_back()

    async def act_reprint(self) -> None:
        """Write the inspector's page."""
        from downtime.inspection_pdf import inspection_pdf

        def write(found: Inspection, language: Language) -> list[Path]:
            return _written(self.desk.home, found, {".pdf": inspection_pdf(found, language)})

        await self._write(write)

    async def act_export(self) -> None:
        """Write the draft report, for Word and as Markdown."""
        from downtime.inspection_writing import markdown, word_document

        def write(found: Inspection, language: Language) -> list[Path]:
            files = {".docx": word_document(found, language), ".md": markdown(found, language).encode()}
            return _written(self.desk.home, found, files)

        await self._write(write)

    async def _write(self, write: Callable[[Inspection, Language], list[Path]]) -> None:
        found = self._found
        assert found is not None, "why_not says so"
        try:
            paths = await asyncio.to_thread(write, found, chosen_language())
        except DowntimeError as error:
            self.station.alarm(error)
            return
        self.station.note(
            "inspection_written", subject=paths[0].name, detail=" ".join(path.name for path in paths)
        )
        self.say(partial(_told, [str(path) for path in paths]), "done")


def _written(home: Home, found: Inspection, contents: Mapping[str, bytes]) -> list[Path]:
    from downtime.inspection_writing import export_path, write_file

    paths = []
    for suffix, content in contents.items():
        path = export_path(home, found.made_at, suffix)
        write_file(path, content)
        paths.append(path)
    return paths


def _told(paths: list[str]) -> str:
    return _("Written: {files}").format(files="  ".join(paths))


def _looked(found: Inspection) -> str:
    if found.notes:
        return found.notes[0].words(chosen_language())
    return _("Looked at {count} controls. Nothing here passes judgement.").format(count=found.total())


def _shows(one: Checked) -> Shows:
    language = chosen_language()
    control = one.control
    return Shows(
        (
            state_cell(one),
            in_language(BLOCKS[control.block], language),
            control.title_in(language),
            f"[{control.mark}]",
            one.line.words(language),
            responsible_words(one, language),
        ),
        STYLES[one.state],
    )
