"""Correct and send again: the codes and numbers the HIS is sent, each with its old value; no amount among them.

The entry stays as it was recorded. What was typed goes beside it, with a reason, and only the HIS sees it so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import CodeField, Field
from forms.his_decided import value_at

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from textual.app import ComposeResult

    from downtime.entry import Entry
    from forms.base import Problem

_ONCE = ("patient.number", "visit.number", "visit.department", "visit.doctor")
_PER_LINE = ("code", "department", "doctor")


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """One value: where it stands, what it is of, what was recorded, what is sent instead ("" for the old one)."""

    field: str
    of: str
    old: str
    new: str = ""


def correctable(entry: Entry) -> Iterator[CorrectedRow]:
    """Yield every code and number of an entry that the HIS may know otherwise."""
    for field in _ONCE:
        old = value_at(entry.content, field)
        if old:
            yield CorrectedRow(field, "", old)
    for n, line in enumerate(entry.content.get("lines") or ()):
        for name in _PER_LINE:
            old = value_at(entry.content, f"lines.{n}.{name}")
            if old:
                yield CorrectedRow(f"lines.{n}.{name}", str(line.get("name") or ""), old)


def field_word(field: str) -> str:
    """Return what a field is called."""
    return {
        "number": _("Patient number") if field.startswith("patient") else _("Visit number"),
        "department": _("Department"),
        "doctor": _("Doctor"),
        "code": _("Item code"),
    }[field.rsplit(".", 1)[1]]


class CorrectDialog(Dialog):
    """Corrects one entry and sends it again.

    Args of the constructor:
        entry: as recorded.
        said: what the HIS said about it.
        finish: records it; returns what is wrong.
    """

    CSS_PATH = "board_dialogs.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle",)

    def __init__(
        self,
        entry: Entry,
        said: str,
        finish: Callable[[Sequence[CorrectedRow], str], Awaitable[Sequence[Problem]]],
    ) -> None:
        super().__init__()
        self._said, self._finish = said, finish
        self._values = list(correctable(entry))
        self._busy = False

    def body(self) -> ComposeResult:
        """What the HIS said, the values, the field for the marked one, the reason."""
        yield Static("", id="correct-told", markup=False)
        rows = Rows(
            (
                RowColumn(lambda: _("Field"), 14),
                RowColumn(lambda: _("Of")),
                RowColumn(lambda: _("As recorded"), 16),
                RowColumn(lambda: _("To be sent"), 16),
            ),
            _shows,
            digits=False,
            id="correct-rows",
        )
        yield rows
        with Horizontal(classes="correct-row"):
            yield Words(lambda: _("New value"), classes="label correct-label")
            yield CodeField(id="correct-new", max_length=64)
        with Horizontal(classes="correct-row"):
            yield Words(lambda: _("Reason"), classes="label correct-label")
            yield Field(id="correct-reason", max_length=500)

    def on_mount(self) -> None:
        """Begin at the list."""
        super().on_mount()
        self.query_one(Rows).show(self._values)
        self.query_one(Rows).focus()

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Correct and send again"))
        self.query_one("#correct-told", Static).update(
            lines(
                [
                    shown(self._said, "bold $warning"),
                    shown(
                        _("Enter on a row types a new value; the entry itself stays as recorded."),
                        "$secondary",
                    ),
                ]
            )
        )
        self.query_one(Rows).draw()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Enter on a row, type what the HIS knows it by, Enter. F8 asks for the reason, then sends it again."
        )

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        return _("Send again") if act == "settle" else super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Nothing changed is nothing to correct."""
        if act == "settle" and not self._changed():
            return _("Type a new value first.")
        return None

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Type a new value for the row."""
        event.stop()
        field = self.query_one("#correct-new", Field)
        field.take(event.value.new or event.value.old)
        field.focus()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Take the value and go on with the list; from the reason, send."""
        event.stop()
        if event.input.id == "correct-reason":
            self.act_settle()
            return
        rows = self.query_one(Rows)
        row = self._values[rows.place]
        typed = event.value.strip()
        self._values[rows.place] = replace(row, new="" if typed == row.old else typed)
        event.input.value = ""
        rows.show(self._values)
        rows.focus()
        self.keys_changed()

    def act_settle(self) -> None:
        """Ask for the reason, then do it; only once at a time."""
        reason = self.query_one("#correct-reason", Field)
        if not reason.value.strip():
            reason.focus()
            self.say(lambda: _("Say why."), "hint")
        elif not self._busy:
            self._busy = True
            self.station.behind(self._send(reason.value.strip()))

    async def _send(self, reason: str) -> None:
        try:
            problems = await self._finish(self._changed(), reason)
        finally:
            self._busy = False
        if problems:
            self.say(lambda: problem_words(problems[0]), "problem")
        else:
            self.dismiss(None)

    def _changed(self) -> list[CorrectedRow]:
        return [row for row in self._values if row.new]


def _shows(row: CorrectedRow) -> Shows:
    return Shows((field_word(row.field), row.of, row.old, row.new), "bold $accent" if row.new else "")
