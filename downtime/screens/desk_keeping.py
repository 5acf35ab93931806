"""Who is logged in: the desk they took, what they may do, and what is looked up beside it for the top line."""

from __future__ import annotations

import os
from asyncio import sleep, wrap_future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.rights import may
from downtime.screens.glance import Glance, Glancer
from downtime.screens.safety import Safety

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.app import App

    from downtime.accounts import Admission
    from downtime.clock import Clock
    from downtime.clock_watch import ClockWatch
    from downtime.desk import Desk
    from downtime.holding import StationHold
    from downtime.home import Home
    from downtime.keyring import Keyring
    from downtime.screens.base import StationScreen

    _App = App[None]  # what it is mixed into
else:
    _App = object

HANDS_FULL_SECONDS_MAX = 5
NO_LONGER = "no_longer"
_TURN_SECONDS = 0.02


class DeskKeeping(_App):
    """The part of the app that opens and closes the desk.

    Attributes:
        desk: None before login.
        roles: of whoever is logged in, a moment old at most.
        glance: what the top line says; a moment old at most.
        hold: the hold on the station, if the app runs for real.
    """

    home: Home
    clock: Clock
    operator: str
    recording: bool
    printing: int
    stopped: bool
    tell: Callable[..., None]
    lock: Callable[[str], None]
    desk: Desk | None = None
    roles: tuple[str, ...] = ()
    glance = Glance()
    hold: StationHold | None = None
    _glancer: Glancer | None = None
    _watch: ClockWatch | None = None
    _safety: Safety | None = None
    _followed: int | None = None

    def open_desk(self, ring: Keyring) -> None:
        """Take the desk for the person whose password opened ``ring``.

        Raises:
            DowntimeError: the journal does not open or does not agree with its head log.
        """
        from downtime.clock_watch import ClockWatch, moment_of
        from downtime.desk import Desk
        from downtime.store.audit_queries import last_entry

        self.close_desk()
        self.desk = Desk(self.home, ring, self.clock)
        self.desk.paper.ask_about_cut_off()
        self.operator = ring.person.operator
        self.roles = self.desk.book.person.roles
        self._glancer = Glancer(self.desk)
        self._safety = Safety(self.desk, self.tell, lambda event, detail: self.note(event, detail=detail))
        newest = last_entry(self.desk.looking())
        self._watch = ClockWatch(moment_of(newest) if newest is not None else None)
        if self.hold is not None:
            self.hold.name(self.operator)
        self.touch()
        self.look()

    async def log_in(self, ring: Keyring) -> Admission:
        """Let somebody in: whoever was there is logged out, and the audit says all of it.

        Raises:
            AccessRefusedError: they may not come in; nobody is logged in then.
            DowntimeError: as for ``open_desk``.
        """
        from downtime.accounts import admit
        from downtime.gate import GateLog
        from downtime.settings_watch import last_seen, settings_lines

        await self._hands_free()
        before = self.desk.person.operator if self.desk is not None else ""
        self.open_desk(ring)
        desk = self.desk
        assert desk is not None
        # Nothing may come in between: this is written here, not in the writer's thread.
        GateLog(self.home, self.clock).drain(desk.book)
        try:
            admission = desk.kept.recorded(lambda: admit(desk.book))
        except DowntimeError:
            self.close_desk()
            raise
        desk.audit("login", subject=ring.person.operator, detail=os.environ.get("DOWNTIME_SERVED", ""))
        if before:
            desk.audit("operator_switched", subject=ring.person.operator, detail=before)
        for line in settings_lines(self.home, desk.book.key, last_seen(desk.looking())):
            desk.audit(line.event, subject=line.subject, detail=line.detail)
        self.follow_staff()
        return admission

    def follow_staff(self) -> None:
        """Close, behind, the accounts of those who left by the staff list in force; once per list."""
        version = self.desk.book.reference_version() if self.desk is not None else None
        if self.desk is not None and version is not None and version != self._followed:
            self._followed = version
            self.behind(self._following(self.desk))

    async def _following(self, desk: Desk) -> None:
        from downtime.account_changes import follow_staff

        try:
            with suppress(RuntimeError):  # the session ended meanwhile; the next login follows
                await desk.in_writer(lambda: desk.kept.recorded(lambda: follow_staff(desk.book)))
        except DowntimeError as error:
            self.alarm(error)

    def unlock(self) -> None:
        """The same person goes on; tries that failed meanwhile come into the audit."""
        assert self.desk is not None
        self.touch()
        self.behind(self._unlocking(self.desk))

    async def _unlocking(self, desk: Desk) -> None:
        from downtime.gate import GateLog

        try:
            await desk.draining(GateLog(self.home, self.clock))
        except DowntimeError as error:
            self.alarm(error)
        else:
            self.note("unlocked", subject=desk.person.operator)
        self._leave_forbidden()

    async def _hands_free(self) -> None:
        """Wait a little for what the one before still records or prints."""
        for _turn in range(int(HANDS_FULL_SECONDS_MAX / _TURN_SECONDS)):
            if not (self.recording or self.printing):
                return
            await sleep(_TURN_SECONDS)

    def close_desk(self) -> None:
        """End the session of whoever is logged in."""
        if self._glancer is not None:
            self._glancer.close()
            self._glancer = None
        if self.desk is not None:
            if not self.stopped:
                with suppress(DowntimeError):  # leaving is never refused; the disk's alarm was shown before
                    self.desk.log_out()
            self.desk.close()
            self.desk, self.roles = None, ()

    # -- what they may do, and what they did --------------------------------------------------------

    def may(self, right: str) -> bool:
        """Return whether the person logged in has a right."""
        return may(self.roles, right)

    def note(self, event: str, *, subject: str = "", success: bool = True, detail: str = "") -> None:
        """Write an audit line behind; no key waits for it."""
        if self.desk is not None and not self.stopped:
            self.behind(self._noting(self.desk, event, subject, success, detail))

    async def _noting(self, desk: Desk, event: str, subject: str, success: bool, detail: str) -> None:  # noqa: FBT001 (as the audit line has them)
        from forms.station_book import Audit

        line = Audit(event=event, subject=subject[:200], success=success, detail=detail)
        try:
            with suppress(RuntimeError):  # the session ended meanwhile, and said so itself
                await desk.recording_event(line)
        except DowntimeError as error:
            self.alarm(error)

    # -- looking ------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask for what the top line says; it is shown when it is there."""
        if self._glancer is not None:
            self.behind(self._look(self._glancer))

    async def _look(self, glancer: Glancer) -> None:
        self._look_at_clock()
        with suppress(RuntimeError):  # the session ended meanwhile
            self.glance = await wrap_future(glancer.look())
        if self.desk is not None:
            if self.glance.reference_version != self._version_in_hand():
                self.desk.take_reference_in_force()
                self.follow_staff()
            self._look_at_roles(self.desk.book.person.roles)
            if self._safety is not None:
                self._safety.look(self.glance)
        self.draw_top()

    def _look_at_clock(self) -> None:
        from downtime.clock_watch import CLOCK_JUMPED

        detail = self._watch.look(self.clock.now()) if self._watch is not None else None
        if detail is not None:
            self.glance = replace(self.glance, clock_jump=detail)
            self.note(CLOCK_JUMPED, success=False, detail=detail)

    def _look_at_roles(self, roles: tuple[str, ...]) -> None:
        if roles != self.roles:
            self.roles = roles
            self.roles_changed()
            if not roles:
                self.lock(NO_LONGER)  # the login screen says why

    def roles_changed(self) -> None:
        """Leave places the person may not be in any more, and show the keys that are left."""
        self._leave_forbidden()
        self.tell(lambda: _("What you may do has changed: the staff list in force says so."))

    def _leave_forbidden(self) -> None:
        from downtime.screens.base import Acting

        for place, screen in enumerate(self.screen_stack):
            if isinstance(screen, Acting) and screen.needs is not None and not self.may(screen.needs):
                while len(self.screen_stack) > place and not self.is_locked:
                    self.pop_screen()
                break
        if isinstance(self.screen, Acting):
            self.screen.keys_changed()

    @property
    def warning(self) -> str | None:
        """The jump of the clock that nobody has acknowledged, or None."""
        return self.glance.clock_jump or None

    def act_acknowledge(self) -> None:
        """Say what the warning in the top line means, and take it away."""
        from downtime.screens.ask import AskDialog
        from downtime.screens.clock_words import clock_words

        if self.warning is not None:
            question = AskDialog(clock_words(self.warning))
            self.push_screen(question, lambda sure: self._acknowledge() if sure else None)

    def _acknowledge(self) -> None:
        from downtime.clock_watch import CLOCK_ACKNOWLEDGED

        self.note(CLOCK_ACKNOWLEDGED, detail=self.glance.clock_jump)
        self.glance = replace(self.glance, clock_jump="")
        self.draw_top()

    def _version_in_hand(self) -> int | None:
        reference = self.desk.reference if self.desk is not None else None
        return reference.version if reference is not None else None

    def first_screen(self) -> StationScreen:
        """Return where one is after the login."""
        from downtime.screens.home import HomeScreen

        return HomeScreen()

    # -- what the app has ---------------------------------------------------------------------------

    def behind(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something without anybody waiting for it."""
        raise NotImplementedError

    def draw_top(self) -> None:
        """Write the top line again."""
        raise NotImplementedError

    def touch(self) -> None:
        """Remember that somebody is there."""
        raise NotImplementedError

    @property
    def is_locked(self) -> bool:
        """Whether the screen waits for a password."""
        raise NotImplementedError

    def alarm(self, error: DowntimeError) -> None:
        """Show what went wrong in the surroundings and what to do next."""
        raise NotImplementedError
