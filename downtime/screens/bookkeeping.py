"""Bookkeeping 记账: lines on an inpatient's account, with ward, bed and who carried it out; no money."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from downtime.i18n import _
from downtime.screens.keyline import Words
from downtime.screens.lines_sheets import BOOKKEEPING_TEXTS, BookkeepingSheet
from downtime.screens.typed_fields import Field
from downtime.screens.unpaid_lines import UnpaidLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from downtime.record import Recorded
    from downtime.screens.window_sheet import WindowSheet

_LABELS: dict[str, Callable[[], str]] = {
    "ward": lambda: _("Ward"),
    "bed": lambda: _("Bed"),
    "done_by": lambda: _("Done by"),
    "checked_by": lambda: _("Checked by"),
}
_ASKED_IF_EMPTY = ("ward", "bed")


class BookkeepingScreen(UnpaidLines):
    """One bookkeeping slip after the other."""

    CSS_PATH = "bookkeeping.tcss"
    acts: ClassVar[tuple[str, ...]] = (*UnpaidLines.acts, "reverse")
    rows_above: ClassVar[int] = 2
    sheet_kind: ClassVar[type[WindowSheet]] = BookkeepingSheet
    sheet: BookkeepingSheet

    def header(self) -> ComposeResult:
        """Where, and by whom."""
        with Horizontal(id="bookkeeping-row"):
            for name in BOOKKEEPING_TEXTS:
                yield Words(_LABELS[name], classes="label bookkeeping-label")
                yield Field(id=f"on-{name}", max_length=60)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Inpatient and items as for a charge, then F8: it is recorded on the account and printed, no money is "
            "taken. Shift+Tab from the item line goes back to ward, bed, who did it and who checked it."
        )

    def new_sheet(self) -> WindowSheet:
        """Return an empty sheet; whoever is logged in did it, unless another name was typed last."""
        sheet = super().new_sheet()
        assert isinstance(sheet, BookkeepingSheet)
        remembered = self.station.remembered.get("done by", {})
        sheet.done_by = str(remembered.get("done_by") or self.desk.person.name)
        sheet.checked_by = str(remembered.get("checked_by") or "")
        return sheet

    def seated(self) -> None:
        """Fill in ward and bed, if the list of inpatients has them."""
        assert self.sheet.patient is not None
        reference = self.desk.reference
        stay = next(iter(reference.stays_of(self.sheet.patient.number)), None) if reference else None
        self.sheet.ward, self.sheet.bed = (stay.ward, stay.bed) if stay else ("", "")

    def wait_in_field(self) -> None:
        """Ask for ward and bed where the list has none; else go to the items."""
        for name in BOOKKEEPING_TEXTS:
            field = self.query_one(f"#on-{name}", Field)
            if field.value != getattr(self.sheet, name):
                field.take(getattr(self.sheet, name))
        unknown = [name for name in _ASKED_IF_EMPTY if not getattr(self.sheet, name)]
        if self.sheet.patient is not None and not self.sheet.lines and unknown:
            self.query_one(f"#on-{unknown[0]}").focus()
        else:
            super().wait_in_field()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Take what is typed."""
        name = (event.input.id or "").removeprefix("on-")
        if name in BOOKKEEPING_TEXTS:
            event.stop()
            setattr(self.sheet, name, event.input.value)

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on: from the ward to the bed, then to the items."""
        event.stop()
        self.keep()
        if event.input.id == "on-ward" and not self.sheet.bed:
            self.query_one("#on-bed").focus()
        else:
            self.act_item()

    def stands(self, recorded: Recorded, change_minor: int = 0) -> None:
        """Remember who did it and who checked it, for the next one."""
        content = recorded.entry.content
        self.station.remembered["done by"] = {name: content[name] for name in ("done_by", "checked_by")}
        super().stands(recorded, change_minor)
