"""How the shift looks: float, drawer beside the figures of the day, papers that are unaccounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.keyline import Words
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.shift_lines import (
    drawer_lines,
    figure_lines,
    head_lines,
    kind_words,
    matters_title,
)
from downtime.screens.shift_steps import Steps
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AmountField, Field
from forms.money import UnreadableNumberError, format_amount, parse_amount

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from downtime.screens.shift_parts import Stage
    from downtime.shift import Matter

MATTERS_SHOWN_MAX = 4
"""Rows of papers beside the figures; where nothing else is shown they take all the room."""


class ShiftFace(Steps):
    """What the screen shows at each stage.

    Attributes:
        is_sure: the next Enter closes.
    """

    CSS_PATH = "shift.tcss"
    is_sure = False

    def body(self) -> ComposeResult:
        """The shift; float or drawer beside the figures; what is unaccounted for."""
        yield Static("", id="shift-head", markup=False)
        with Horizontal(id="shift-open"):
            yield Words(lambda: _("Float"), classes="label shift-label")
            yield AmountField(id="float")
            yield Static("", id="shift-open-told", markup=False)
        with Horizontal(id="shift-main"):
            with Vertical(id="shift-left-side"):
                yield Static("", id="shift-drawer", markup=False)
                with Horizontal(classes="shift-row", id="row-reason"):
                    yield Words(lambda: _("Reason"), classes="label shift-label")
                    yield Field(id="reason", max_length=200)
                with Horizontal(classes="shift-row", id="row-left"):
                    yield Words(lambda: _("Stays here"), classes="label shift-label")
                    yield AmountField(id="left")
                yield Static("", id="shift-problem", classes="problem", markup=False)
            with VerticalScroll(id="shift-figures-scroll", can_focus=False):
                yield Static("", id="shift-figures", markup=False)
        yield Static("", id="shift-matters-title", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("State"), 16),
                RowColumn(lambda: _("Number"), 16),
                RowColumn(lambda: _("Explained")),
            ),
            self._shows,
            id="shift-matters",
        )

    # -- what is shown ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write everything, and look again."""
        self.draw()
        self.look_again()

    def found_out(self, before: Stage) -> None:
        """Draw what was found; when the shift came further, the cursor goes where the next key belongs."""
        if before != self.stage:
            self.arrive()
        self.draw()
        self.keys_changed()

    def arrive(self) -> None:
        """Put the cursor where the next key belongs."""
        self.is_sure = False
        field = self.query_one("#float", Field)
        if self.stage == "none":
            self.query_one("#shift-open").display = True
            field.take(format_amount(self.look.suggested_minor, self.desk.currency))
            field.focus()
            field.select_all()
        elif self.stage == "counted":
            self._show_sums()
            left = self.query_one("#left", Field)
            left.take(self.draft.left or self._usual_left())
            self.query_one("#reason", Field).take(self.draft.reason)
            target = self.query_one("#reason", Field) if self.differs and not self.draft.reason else left
            target.focus()
            left.select_all()
        else:
            self.query_one(Rows).focus()

    def _usual_left(self) -> str:
        counted = self.look.counted
        assert counted is not None
        return format_amount(min(self.standing.float_minor, counted.counted_minor), self.desk.currency)

    @property
    def differs(self) -> bool:
        """Whether the drawer holds more or less than it should."""
        found = self.look
        return (
            found.counted is not None
            and found.expected is not None
            and found.counted.counted_minor != found.expected["cash"]
        )

    def _show_sums(self) -> None:
        stage = self.stage
        self.query_one("#shift-open").display = stage == "none"
        self.query_one("#shift-main").display = stage == "counted"
        self.query_one("#row-reason").display = self.differs
        for there in ("#shift-matters", "#shift-matters-title"):
            self.query_one(there).display = stage in {"open", "counted"}
        rows = self.query_one(Rows)
        if stage == "counted":
            rows.display = bool(self.look.matters)
            rows.styles.height = min(len(self.look.matters), MATTERS_SHOWN_MAX) + 2
        else:
            rows.styles.height = "1fr"

    def draw(self) -> None:
        """Write what the last look found."""
        found = self.found
        if found is None:
            return
        currency = self.desk.currency
        warn_below = self.desk.home.settings.numbers.warn_below
        self._show_sums()
        head = list(head_lines(found, currency, warn_below))
        if self.stage == "done" and self.done is not None:
            told = _("Shift {shift} is closed.").format(shift=self.done.content["shift"])
            head = [
                shown(told, "bold $success"),
                shown(_("F6 prints its report again. F8 opens the next shift.")),
            ]
        elif self.stage == "open":
            head.append(
                shown(_("F8 counts the drawer and closes. F7 hands it over to somebody else."), "$secondary")
            )
        self.query_one("#shift-head", Static).update(lines(head))
        self._draw_open()
        if self.stage == "counted":
            self.draw_counted()
        explained = [one for one in found.matters if self.draft.explained.get(one.number)]
        title = matters_title(found.matters, len(explained))
        self.query_one("#shift-matters-title", Static).update(title)
        self.query_one(Rows).show(found.matters)

    def _draw_open(self) -> None:
        found, currency = self.look, self.desk.currency
        told = _("Enter opens the shift.")
        if found.closed is not None or found.suggested_minor:
            left = money(found.suggested_minor, currency)
            told = _("{amount} were left here. Enter opens the shift.").format(amount=left)
        self.query_one("#shift-open-told", Static).update(shown(told))

    def draw_counted(self) -> None:
        """Write drawer and figures; they follow what stays in the drawer."""
        currency, left = self.desk.currency, self.left_minor()
        self.query_one("#shift-drawer", Static).update(lines(drawer_lines(self.look, left, currency)))
        width = max(self.size.width - 44 - (4 if self.station.is_drill else 0), 30)
        figures = self.look.figures
        assert figures is not None
        self.query_one("#shift-figures", Static).update(
            lines(figure_lines(figures, currency, min(width, 60)))
        )

    def _shows(self, matter: Matter) -> Shows:
        explained = self.draft.explained.get(matter.number, "")
        return Shows(
            (kind_words(matter.kind), matter.number, explained or _("Enter: settle or explain")),
            "$secondary" if explained else "bold $warning",
        )

    def left_minor(self) -> int | None:
        """Return what stays in the drawer as typed, or None if that is no amount."""
        try:
            return parse_amount(self.query_one("#left", Field).value or "0", self.desk.currency)
        except UnreadableNumberError:
            return None

    def beside(self, words: str) -> None:
        """Say what is wrong beside the fields."""
        self.query_one("#shift-problem", Static).update(shown(words))
