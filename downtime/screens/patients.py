"""Patients 患者匹配: the temporary patient at the left, who it may be at the right; a person decides.

Up and down choose the temporary patient, a digit the patient of the HIS, 0 nobody. Each choice shows both beside each
other before Enter records it. Comparing takes seconds and runs in a thread; nothing on screen waits for it.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.patient_match_deciding import match_patients
from downtime.screens.keyline import Words
from downtime.screens.patients_beside import beside_lines_of
from downtime.screens.patients_deciding import PatientsDeciding
from downtime.screens.patients_find import found_by_hand
from downtime.screens.patients_lines import COLUMNS, shows_temporary, summary
from downtime.screens.rows import Rows
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AskedField, Field
from downtime.store import delivery_queries
from downtime.store.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key

    from downtime.patient_match import Candidate
    from downtime.patient_match_deciding import Matching, Temporary

_KEPT = ("open", "decided", "all")


class _LeftError(Exception):
    """The screen went away while it was still comparing."""


class PatientsScreen(PatientsDeciding):
    """Temporary patients, and the patients of the HIS they may be."""

    CSS_PATH = "patients.tcss"
    acts: ClassVar[tuple[str, ...]] = ("patient", "filter", "settle", "reverse")
    rights: ClassVar[Mapping[str, str]] = {
        "patient": "deliver",
        "filter": "deliver",
        "settle": "deliver",
        "reverse": "deliver",
    }
    needs = "deliver"

    def __init__(self) -> None:
        super().__init__()
        self.searching = False
        self._read = 0
        self._kept = "open"
        self._fitting = 9

    def body(self) -> ComposeResult:
        """The search, how many there are, the list and who each may be."""
        rows = Rows(COLUMNS, shows_temporary, empty=self._empty_words, digits=False, id="patients-rows")
        rows.can_focus = False
        with Horizontal(id="patients-top"):
            yield Words(lambda: _("Find"), classes="label", id="patients-find")
            yield AskedField(self.takes, self.picks, id="patients-asked")
        yield Static("", id="patients-summary", markup=False)
        with Horizontal(id="patients-both"):
            yield rows
            yield Static("", id="patients-beside", markup=False)

    def on_mount(self) -> None:
        """Begin to compare, and put the cursor into the field."""
        super().on_mount()
        self.query_one(AskedField).focus()
        self.station.behind(self._comparing())

    # -- comparing ----------------------------------------------------------------------------------

    async def _comparing(self) -> None:
        desk = self.desk
        paths, key = desk.book.paths, desk.book.key
        reference = desk.reference
        reference_key = desk.book.ring.reference_key() if reference is not None else b""

        def work() -> Matching:
            with closing(delivery_queries.look(paths.journal, paths.deliveries, key)) as db:
                if reference is None:
                    return match_patients(db, None)
                # a connection of its own: the screen searches meanwhile
                with Reference(reference.path, reference_key) as lists:
                    return match_patients(db, lists, self._on_read)

        try:
            self.matching = await asyncio.to_thread(work)
        except _LeftError:
            return
        except DowntimeError as error:
            self.station.alarm(error)
            return
        if self.is_attached:
            self.redraw()

    def _on_read(self, read: int) -> None:
        if not self.is_attached:
            raise _LeftError
        self._read = read
        self.app.call_later(self._draw_summary)

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The temporary patients."""
        return self.query_one(Rows)

    @property
    def marked(self) -> Temporary | None:
        """The temporary patient in hand."""
        row: Temporary | None = self.rows.marked
        return row

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Who can be chosen by a digit now."""
        if self.found is not None:
            return self.found[: self._fitting]
        return self.marked.candidates[: self._fitting] if self.marked is not None else ()

    def redraw(self) -> None:
        """Write everything."""
        asked = self.query_one(AskedField)
        asked.placeholder = (
            _("name, initials or number; Enter")
            if self.searching
            else _("a digit chooses; letters search the lists")
        )
        self.rows.show(self._listed())
        self._draw_summary()
        self._draw_beside()
        self.keys_changed()

    def _listed(self) -> list[Temporary]:
        if self.matching is None:
            return []
        kept = self.matching.temporaries
        return [one for one in kept if self._kept == "all" or one.is_open == (self._kept == "open")]

    def _draw_summary(self) -> None:
        if not self.is_attached:
            return
        if self.matching is not None:
            told = summary(self.matching, self._kept, len(self.rows.values))
        else:
            lists = self.desk.reference
            told = shown(
                _("Comparing with the lists: {read} of {all}").format(
                    read=self._read, all=lists.counts.get("patients", 0) if lists else 0
                ),
                "bold",
            )
        self.query_one("#patients-summary", Static).update(told)

    def _draw_beside(self) -> None:
        beside = self.query_one("#patients-beside", Static)
        told: list[Content | str] = []
        if self.matching is not None and self.marked is not None:
            room = max(beside.size.width - 2, 30), max(beside.size.height, 12)
            told, self._fitting = beside_lines_of(self.matching, self.marked, self.found, room)
        beside.update(lines(told))

    def _empty_words(self) -> str:
        if self.matching is None:
            return _("Reading...")
        if self._kept == "open" and self.matching.temporaries:
            return _("All are decided.")
        return _("There is none.")

    def on_resize(self) -> None:
        """Fit the new size."""
        if self.is_attached:
            self.call_after_refresh(self._draw_beside)

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Up and down choose the temporary patient, a digit who it is, 0 nobody. Letters search the lists. "
            "Nothing is recorded before you have seen both beside each other and pressed Enter."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        names = {"patient": _("By hand"), "settle": _("Certain ones"), "reverse": _("Undo match")}
        return names.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say what is missing."""
        if act not in self.acts:
            return None
        if self.matching is None:
            return _("Wait: {what}.").format(what=_("Reading and comparing..."))
        if self.station.recording:
            return _("Wait: {what}.").format(what=_("Recording..."))
        if act == "settle":
            return None if self.matching.certain() else _("No match is certain: look at each.")
        return self._why_not_this(act)

    def _why_not_this(self, act: str) -> str | None:
        row = self.marked
        if act in {"patient", "reverse"} and row is None:
            return _("There is none.")
        if act == "reverse" and row is not None and row.decision is None:
            return _("Nothing is decided about this one. The filter shows the decided ones.")
        return None

    def picks(self, character: str) -> bool:
        """While nothing is typed digits choose."""
        return character.isdecimal() and not self.searching and not self.query_one(AskedField).value

    def takes(self, event: Key) -> bool:
        """Act on a key while nothing is typed; return whether it did."""
        if self.query_one(AskedField).value:
            return False
        if event.character and self.picks(event.character):
            self.choose(int(event.character))
            return True
        if event.key in {"up", "down", "pageup", "pagedown"}:
            self.found = None
            return self.rows.takes(event)
        return False

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Show who the marked one may be."""
        event.stop()
        self.found = None
        self._draw_beside()
        self.keys_changed()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Search the lists for what was typed; Enter alone takes the one that is certain."""
        event.stop()
        typed, row = event.value.strip(), self.marked
        self.searching = False
        if typed and row is not None:
            self.found = found_by_hand(self.desk, row.person, typed)
            self.query_one(AskedField).take("")
        elif row is not None and row.certain is not None and self.found is None:
            self.choose(1 + row.candidates.index(row.certain))
            return
        self.redraw()

    def act_patient(self) -> None:
        """Search by hand: digits are typed too."""
        self.searching = True
        self.query_one(AskedField).focus()
        self.redraw()

    def act_filter(self) -> None:
        """Show the open ones, the decided ones, all."""
        self._kept = _KEPT[(_KEPT.index(self._kept) + 1) % len(_KEPT)]
        self.rows.place, self.found = 0, None
        self.redraw()

    def act_back(self) -> None:
        """Empty the field, then drop what was searched, then leave."""
        asked = self.query_one(AskedField)
        if asked.value or self.searching or self.found is not None:
            asked.take("")
            self.searching, self.found = False, None
            self.redraw()
        else:
            self.step_back()
