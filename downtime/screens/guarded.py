"""What the person at this screen may do, what is audited about it, and leaving only from the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.await_complete import AwaitComplete
from textual.screen import Screen

from downtime.rights import refusal
from downtime.screens.keymap import ACT_RIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from downtime.app import DowntimeApp
    from downtime.desk import Desk


class Guarded(Screen[Any]):
    """The part of every screen that knows rights.

    Attributes:
        rights: what one must be allowed for acts that mean something of their own on this screen.
        needs: what one must be allowed to be here at all; the place says it.
        place: name of the place it is, or "" if it is none; its help card is named so.
    """

    rights: ClassVar[Mapping[str, str]] = {}
    needs: str | None = None
    place: str = ""
    _leaving: tuple[Any] | None = None
    _opened: tuple[str, str] | None = None

    @property
    def station(self) -> DowntimeApp:
        """The app, with its own names."""
        return cast("DowntimeApp", self.app)

    @property
    def desk(self) -> Desk:
        """Whoever is logged in and the open book."""
        desk = self.station.desk
        assert desk is not None, "this screen is shown after login only"
        return desk

    @property
    def is_attached(self) -> bool:
        """Whether it still stands: a screen that is being left loses its widgets before it leaves the app."""
        return super().is_attached and not self._pruning

    # -- what one may do ----------------------------------------------------------------------------

    def right_of(self, act: str) -> str | None:
        """Return what one must be allowed for an act, or None if nothing."""
        return self.rights.get(act) or ACT_RIGHTS.get(act)

    def is_allowed(self, act: str) -> bool:
        """Return whether the person logged in may do that at all; if not, the bottom line leaves it out."""
        right = self.right_of(act)
        return right is None or self.station.may(right)

    def allows(self, right: str) -> bool:
        """Return whether the person logged in has a right; if not, it is said and audited."""
        if self.station.may(right):
            return True
        self.say(lambda: refusal(right).what, "problem")
        self.station.note("right_refused", subject=right, success=False)
        return False

    def opened_patient(self, number: str | None, case: str = "") -> None:
        """Audit that a patient was put on this screen: once per patient and case, not with every key."""
        if number and (number, case) != self._opened:
            self._opened = (number, case)
            self.station.note("patient_opened", subject=number, detail=type(self).__name__)

    def say(self, words: Callable[[], str], kind: str = "hint") -> None:
        """Put a line of news above the keys; for subclasses."""
        raise NotImplementedError

    # -- leaving ------------------------------------------------------------------------------------

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave with ``result``; under another screen, a lock for instance, wait until that has gone."""
        if self.is_active:
            return super().dismiss(result)
        self._leaving = (result,)
        return AwaitComplete()

    def leave_late(self) -> bool:
        """Leave now if that was wanted while another screen lay over this one; return whether it was."""
        if self._leaving is None:
            return False
        (result,), self._leaving = self._leaving, None
        self.dismiss(result)
        return True
