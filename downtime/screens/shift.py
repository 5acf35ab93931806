"""Shift: open it on its float, count it blind, see what it came to, close it; or hand the drawer over."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from downtime.i18n import _
from downtime.screens.rows import Rows
from downtime.screens.shift_count import CountDialog, sum_of
from downtime.screens.shift_face import ShiftFace
from downtime.screens.shift_matters import settle_matter
from downtime.screens.text import shown
from downtime.screens.typed_fields import Field
from forms.money import UnreadableNumberError, parse_amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.events import Key

    from downtime.store.drafts import Draft
    from forms.shift_rules import Pieces


class ShiftScreen(ShiftFace):
    """One shift from its float to its report.

    Args:
        draft: what was typed before; the screen finds it by itself.
    """

    acts: ClassVar[tuple[str, ...]] = ("quantity", "reprint", "hold", "settle")
    rights: ClassVar[Mapping[str, str]] = {"settle": "cash", "hold": "cash", "quantity": "cash"}

    def __init__(self, draft: Draft | None = None) -> None:  # noqa: ARG002 (every place takes one)
        super().__init__()

    def help_words(self) -> str:
        """Return what to do here."""
        return {
            "looking": _("Looking..."),
            "none": _("Type the float and press Enter; F4 counts it by note and coin."),
            "done": _("The shift is closed and its report prints. F8 opens the next one."),
            "open": _(
                "F8 counts the drawer blind and goes on to closing. F7 hands the drawer to somebody else."
            ),
            "counted": _(
                "Say why if it differs, then what stays in the drawer; Enter twice closes the shift."
            ),
        }[self.stage]

    # -- keys ---------------------------------------------------------------------------------------

    def label_of(self, act: str) -> str:
        """Return what the keys are called at this stage."""
        stage = self.stage
        named: dict[str, str] = {
            "hold": _("Hand drawer over"),
            "reprint": _("Print report"),
            "quantity": _("Count again") if stage == "counted" else _("By note and coin"),
            "settle": {"none": _("Open shift"), "done": _("Open the next"), "open": _("Count and close")}.get(
                stage, _("Close shift")
            ),
        }
        return named.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Each key belongs to some stages."""
        stage = self.stage
        if act in self.acts and stage == "looking":
            return _("Looking...")
        if act == "hold" and stage not in {"open", "counted"}:
            return _("No shift is open here.")
        if act == "quantity" and stage in {"open", "done"}:
            return _("F8 goes on.")
        if act == "reprint" and (stage in {"open", "counted"} or self.look.closed is None):
            return _("A report is printed once the shift is closed.")
        return None

    def on_key(self, event: Key) -> None:
        """Up and down walk to the papers and back; pages scroll the figures."""
        rows = self.query_one(Rows)
        if event.key == "down" and isinstance(self.focused, Field) and rows.display and rows.values:
            event.stop()
            order = [field for field in ("reason", "left") if self.query_one(f"#row-{field}").display]
            place = order.index(self.focused.id) if self.focused.id in order else len(order)
            (self.query_one(f"#{order[place + 1]}") if place + 1 < len(order) else rows).focus()
        elif event.key == "up" and self.focused is self.query_one("#left") and self.differs:
            event.stop()
            self.query_one("#reason").focus()
        elif event.key in {"pagedown", "pageup"} and self.stage == "counted":
            event.stop()
            scroll = self.query_one("#shift-figures-scroll", VerticalScroll)
            scroll.scroll_relative(y=8 if event.key == "pagedown" else -8, animate=False)

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Settle or explain one paper."""
        event.stop()
        settle_matter(self, event.value)

    def on_input_changed(self, event: Field.Changed) -> None:
        """What is handed in follows what stays; the last question is asked again."""
        event.stop()
        if self.stage == "counted":
            self.is_sure = False
            self.beside("")
            self.draft.reason = self.query_one("#reason", Field).value
            self.draft.left = self.query_one("#left", Field).value
            self.draw_counted()

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on; one too many, from a field whose stage is over, does nothing."""
        event.stop()
        if self.stage != ("none" if event.input.id == "float" else "counted"):
            return
        if event.input.id == "reason":
            self.keep()
            self.query_one("#left").focus()
        else:
            await self.act("settle")

    def act_settle(self) -> None:
        """Open, count, or close: whatever comes next."""
        if self.stage == "none":
            self._open_shift()
        elif self.stage == "done":
            self.done = None
            self.arrive()
            self.draw()
        elif self.stage == "open":
            self.count()
        else:
            self._close_if_settled()

    def _open_shift(self) -> None:
        try:
            amount = parse_amount(self.query_one("#float", Field).value or "0", self.desk.currency)
        except UnreadableNumberError as error:
            words, values = error.msgid, error.fields
            self.say(lambda: _(words).format(**values), "problem")
            return
        self.take(amount)

    def act_quantity(self) -> None:
        """Count by note and coin: the float, or the drawer once more."""
        if self.stage == "counted":
            self.count()
            return

        def counted(pile: tuple[Pieces, ...] | None) -> None:
            if pile is not None:
                self.take(sum_of(pile), [one for one in pile if one.pieces])

        self.station.push_screen(
            CountDialog(
                lambda: _("The float"),
                lambda: [shown(_("Count the float; then the shift is open."))],
                self.desk.currency,
                {},
                lambda _pieces: None,
            ),
            counted,
        )

    def act_hold(self) -> None:
        """Hand the drawer over."""
        self.hand_over()

    def act_reprint(self) -> None:
        """Print the report, again if it came out before."""
        self.print_report()

    def _close_if_settled(self) -> None:
        left, counted = self.left_minor(), self.look.counted
        assert counted is not None
        waiting = [one for one in self.look.matters if not self.draft.explained.get(one.number)]
        if self.differs and not self.query_one("#reason", Field).value.strip():
            self._refuse("#reason", _("The count differs: say why."))
        elif left is None:
            self._refuse("#left", _("How much stays in the drawer? An amount, please."))
        elif left > counted.counted_minor:
            self._refuse("#left", _("No more can stay in the drawer than was counted."))
        elif waiting:
            count = len(waiting)
            self.query_one(Rows).focus()
            self.say(lambda: _("{count} papers first: Enter on each.").format(count=count), "problem")
        elif not self.is_sure:
            self.is_sure = True
            self.keep()
            self.query_one("#left").focus()
            self.say(lambda: self.handed_in_words(left), "done")
        else:
            self.is_sure = False
            self.close_shift(left, self.query_one("#reason", Field).value.strip() if self.differs else "")

    def _refuse(self, field: str, words: str) -> None:
        self.beside(words)
        self.query_one(field).focus()

    def copyable(self) -> str:
        """Return the label of the shift."""
        found = self.found
        return (
            found.standing.shift if found is not None and found.standing is not None else super().copyable()
        )
