"""Handing the drawer over: one counts, the other counts blind, and whoever takes it signs with the own password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.accounts import person_now
from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.rights import may
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.reason import ReasonDialog
from downtime.screens.recorded import money
from downtime.screens.shift_count import CountDialog, sum_of
from downtime.screens.shift_parts import ShiftParts
from downtime.screens.text import line, shown
from forms.base import Problem
from forms.shift import ShiftHandedOver
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from downtime.record import Recorded
    from downtime.slots import Person
    from forms.shift_rules import Pieces


class HandingOver(ShiftParts):
    """The part of the shift screen with two people in front of it."""

    def count(
        self, then: Callable[[], object] = lambda: None, left: Callable[[], object] = lambda: None
    ) -> None:
        """Count the drawer blind and record it; for subclasses."""
        raise NotImplementedError

    def _over(self) -> None:
        """Nobody hands over any more: done, or left in the middle."""
        self.is_handing_over = False
        self.look_again()

    def hand_over(self) -> None:
        """Ask who takes the drawer; whoever holds it counts first, if nobody has just now."""
        taker: list[Person] = []

        async def checked(answers: Mapping[str, str]) -> Sequence[Problem]:
            found = await self.desk.in_writer(lambda: self._taker(answers["operator"].strip()))
            if isinstance(found, Problem):
                return [found]
            taker.append(found)
            return []

        def asked(answers: object) -> None:
            if answers is None or not taker:
                return
            self.is_handing_over = True
            if self.look.counted is not None:
                self._take_over(taker[-1])
            else:
                self.count(lambda: self._take_over(taker[-1]), self._over)

        self.station.push_screen(
            FieldsDialog(
                lambda: _("Hand the drawer over"),
                lambda: [
                    shown(_("You count first, then whoever takes it counts without seeing your sum.")),
                    shown(_("Both sums are recorded; the taker signs with the own password.")),
                ],
                [Line("operator", lambda: _("Staff no. of the taker"), "code")],
                checked,
            ),
            asked,
        )

    def _taker(self, operator: str) -> Person | Problem:
        """Return whoever takes the drawer, or why it cannot be them; in the writer's thread."""
        book = self.desk.book
        slot = book.home.keys.slot(operator) if operator else None
        if slot is None or slot.closed:
            return Problem("operator", N_("Nobody here has the number {operator}."), {"operator": operator})
        if operator == book.person.operator:
            return Problem("operator", N_("Nobody hands over to themselves."))
        person = person_now(book, slot.person)
        if not any(may(person.roles, right) for right in ("cash", "approve")):
            return Problem("operator", N_("{name} may not take money."), {"name": person.name})
        return person

    def _take_over(self, taker: Person) -> None:
        counted = self.look.counted
        if counted is None:
            self._over()  # money moved meanwhile: it must be counted again
            return

        def received(pile: tuple[Pieces, ...] | None) -> None:
            if pile is None:
                self._over()
            elif sum_of(pile) == counted.counted_minor:
                self._sign(taker, pile, "")
            else:
                self._ask_why(taker, counted.counted_minor, pile)

        self.station.push_screen(
            CountDialog(
                lambda: _("{name} counts").format(name=taker.name),
                lambda: [
                    shown(
                        _("{name} {operator}: count what you take over, without looking at any sum.").format(
                            name=taker.name, operator=taker.operator
                        )
                    )
                ],
                self.desk.currency,
                {},
                lambda _pieces: None,
            ),
            received,
        )

    def _ask_why(self, taker: Person, given_minor: int, pile: tuple[Pieces, ...]) -> None:
        currency = self.desk.currency

        def told() -> list[Any]:
            return [
                line(shown(_("Given"), "$secondary"), "  ", shown(money(given_minor, currency), "bold")),
                line(
                    shown(_("Received"), "$secondary"),
                    "  ",
                    shown(money(sum_of(pile), currency), "bold $warning"),
                ),
                shown(_("Count again together (Esc), or say why they differ.")),
            ]

        def decided(reason: str | None) -> None:
            if reason is not None:
                self._sign(taker, pile, reason)
            else:
                self._take_over(taker)

        self.station.push_screen(
            ReasonDialog(
                lambda: _("The two counts differ"),
                told,
                (
                    lambda: _("Miscounted by one of us; cannot be settled now"),
                    lambda: _("Money was moved between the counts"),
                ),
            ),
            decided,
        )

    def _sign(self, taker: Person, pile: tuple[Pieces, ...], reason: str) -> None:
        counted = self.look.counted
        self._over()
        if counted is None:
            return
        form = ShiftHandedOver(
            shift=self.standing.shift,
            currency=self.desk.currency,
            from_operator=self.desk.person.operator,
            to_operator=taker.operator,
            to_name=taker.name,
            given_minor=counted.counted_minor,
            counted=pile,
            received_minor=sum_of(pile),
            reason=reason,
        )

        def stands(_recorded: Recorded) -> None:
            self.say(
                lambda: _("{name} has the drawer now; the shift goes on.").format(name=taker.name), "done"
            )
            self.look_again()

        self.station.behind(self.record(form, new_entry_id(), stands, reason=reason))
