"""Saying at the desk that an entry was typed into the HIS, and taking that back with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.reason import ReasonDialog
from downtime.screens.recorded import money
from downtime.screens.text import line, lines, shown
from downtime.screens.typed_fields import Field
from downtime.worksheet_standing import Typed
from forms.his_decided import TypedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from downtime.record import Recorded
    from downtime.screens.base import StationScreen
    from downtime.worksheet_standing import RetypeRow


class TypedDialog(Dialog):
    """Asks whether an entry that was not walked through here was typed in; gives the HIS's bill number, or None.

    Enter says yes. The key that opened it does nothing in it: held down, it says yes to nothing.
    """

    CSS_PATH = "reason.tcss"
    acts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, row: RetypeRow, currency: str, bill: str) -> None:
        super().__init__()
        self._row, self._currency, self._bill = row, currency, bill

    def body(self) -> ComposeResult:
        """Which entry, what it must come to in the HIS, the bill number, what Enter does."""
        yield Static("", id="reason-told", markup=False)
        with Horizontal(id="reason-row"):
            yield Words(lambda: _("Bill in the HIS"), classes="label reason-label")
            yield Field(self._bill, id="typed-bill", max_length=200)
        yield Static("", id="reason-next", markup=False)

    def on_mount(self) -> None:
        """Put the cursor into the field."""
        super().on_mount()
        self.query_one(Field).focus()

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Typed into the HIS?"))
        entry = self._row.entry
        name = str((entry.content.get("patient") or {}).get("name") or "")
        told = [shown(f"{entry.number or entry.id}  {name}", "bold")]
        if entry.amount_minor is not None:
            amount = money(self._row.amount_minor, self._currency)
            told.append(line(shown(_("The HIS must show")), " ", shown(amount, "bold $accent")))
        self.query_one("#reason-told", Static).update(lines(told))
        self.query_one("#reason-next", Static).update(
            shown(_("Enter: it stands in the HIS.  Esc: not yet."), "$secondary")
        )

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Compare the sum with the HIS. The bill number may stay empty. Enter says that it is typed in."
        )

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """It was."""
        event.stop()
        self.dismiss(event.value.strip())


def ask_typed(
    screen: StationScreen, row: RetypeRow, bill: str, then: Callable[[str, Typed | None], None]
) -> None:
    """Ask whether it was typed in, then record it once."""
    entry_id = new_entry_id()

    def answered(said: str | None) -> None:
        if said is not None:
            record_typed(screen, row, said, entry_id, then)

    screen.station.push_screen(TypedDialog(row, screen.desk.currency, bill), answered)


def record_typed(
    screen: StationScreen,
    row: RetypeRow,
    bill: str,
    entry_id: str,
    then: Callable[[str, Typed | None], None],
) -> None:
    """Record that it was typed in.

    Args:
        screen: where the key was pressed.
        row: which entry.
        bill: what the HIS showed for it, or "".
        entry_id: of the saying: the same however often the key is pressed.
        then: called once it stands.
    """
    entry = row.entry
    form = TypedIn(entry_id=entry.id, number=entry.number or "", his_reference=bill)

    def stands(recorded: Recorded) -> None:
        said = recorded.entry
        then(
            entry.id,
            Typed(said.id, said.book, said.seq, said.recorded_at, said.operator, said.operator_name, bill),
        )

    screen.station.behind(screen.record(form, entry_id, stands))


def ask_undo(screen: StationScreen, row: RetypeRow, then: Callable[[str, Typed | None], None]) -> None:
    """Ask why, then take back that it was typed in."""
    entry, entry_id = row.entry, new_entry_id()

    def answered(reason: str | None) -> None:
        if reason:
            form = TypedIn(entry_id=entry.id, number=entry.number or "", is_undone=True, reason=reason)
            screen.station.behind(screen.record(form, entry_id, lambda _recorded: then(entry.id, None)))

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("Not typed in after all"),
            lambda: [shown(f"{entry.number or entry.id}", "bold")],
            (
                lambda: _("Pressed by mistake"),
                lambda: _("Deleted in the HIS again"),
                lambda: _("Another entry was typed in"),
            ),
        ),
        answered,
    )


def why_not_typed(row: RetypeRow | None) -> str | None:
    """Return why nobody need say that it was typed in, or None."""
    if row is None:
        return _("Mark a row first.")
    if row.state == "verified":
        return _("The HIS shows it already.")
    if row.typed is not None:
        return _("Said already, by {who}. F9 takes it back.").format(who=row.typed.operator_name)
    return None


def why_not_undo(row: RetypeRow | None, book: int) -> str | None:
    """Return why it cannot be taken back here, or None."""
    if row is None:
        return _("Mark a row first.")
    if row.typed is None:
        return _("Nobody said that it was typed in.")
    if row.typed.book != book:
        return _("That was said in an earlier book. Tell IT.")
    return None
