"""The lock: by hand or by itself after a while without a key. What was on the screen stays below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from downtime.clock import Clock
    from downtime.desk import Desk

    _App = App[None]  # what it is mixed into
else:
    _App = object

IDLE_LOOK_SECONDS = 1
BUSY_LOOK_SECONDS = 0.05
BY_HAND, IDLE = "by_hand", "idle"


def idle_seconds_max(desk: Desk) -> int:
    """Return after how many seconds without a key the screen locks: sooner where money is taken."""
    access = desk.home.settings.access
    return access.idle_seconds_cashier if desk.may("cash") else access.idle_seconds


class Locking(_App):
    """The part of the app that locks. Time is measured since boot: setting the clock neither locks nor unlocks."""

    clock: Clock
    desk: Desk | None
    operator: str
    recording: bool
    note: Callable[..., None]
    _touched_ms = 0

    def touch(self) -> None:
        """Remember that somebody is there."""
        self._touched_ms = self.clock.now().monotonic_ms

    @property
    def is_locked(self) -> bool:
        """Whether the screen waits for a password."""
        from downtime.screens.login import LoginScreen

        return any(isinstance(screen, LoginScreen) for screen in self.screen_stack)

    def lock_if_idle(self) -> None:
        """Lock when nobody has touched a key for too long."""
        if not self.is_locked and self.idle_too_long:
            self.lock(IDLE)

    @property
    def quiet_ms(self) -> int:
        """For how many milliseconds nobody has touched a key."""
        return self.clock.now().monotonic_ms - self._touched_ms

    @property
    def idle_too_long(self) -> bool:
        """Whether whoever is logged in has touched no key for too long."""
        return self.desk is not None and self.quiet_ms >= idle_seconds_max(self.desk) * 1000

    def act_lock(self) -> None:
        """Hide everything until a password is given; nothing is lost."""
        self.lock(BY_HAND)

    def lock(self, how: str) -> None:
        """Lock, after what is being recorded stands; what prints goes on printing."""
        if self.desk is None or self.is_locked:
            return
        if self.recording:  # its answer closes a dialog, and must not close the lock instead
            self.set_timer(BUSY_LOOK_SECONDS, lambda: self.lock(how))
            return
        for screen in self.screen_stack:
            keep = getattr(screen, "keep", None)
            if keep is not None:
                keep()
        self.operator = self.desk.person.operator
        self.note("locked", subject=self.operator, detail=how)
        self.show_login(locked=True)

    def show_login(self, *, locked: bool = False) -> None:
        """Ask who is there."""
        from downtime.screens.login import LoginScreen

        self.push_screen(LoginScreen(self.operator, locked=locked))
