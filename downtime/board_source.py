"""What the board's screens ask of whoever holds its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from downtime.board import BoardRow, Kept, Reading, Summary
    from downtime.board_lists import ListRow, ListSum
    from downtime.board_whole import BoardItem
    from downtime.entry import Entry


class Sending(Protocol):
    """One round into the HIS that runs beside the board, and goes on if the board is closed."""

    @property
    def code(self) -> int | None:
        """Its exit code, or None while it runs."""

    @property
    def lines(self) -> Sequence[str]:
        """What it has said."""

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""

    def stop(self) -> None:
        """Let it end behind the batch in hand; the next round goes on there."""


class BoardSource(Protocol):
    """Where the board's rows come from. Everything but ``refresh``, ``item`` and the lists answers from memory."""

    @property
    def connector(self) -> str:
        """The way into the HIS whose answers are shown."""

    @property
    def connectors(self) -> Sequence[str]:
        """All ways there are."""

    @property
    def doubt_is_reopened(self) -> bool:
        """Whether a person may let go again what is in doubt, because nothing but a person can tell."""

    def choose(self, connector: str) -> None:
        """Show another way's answers after the next ``refresh``."""

    def reading(self) -> Reading:
        """Return how far a ``refresh`` under way has come."""

    def refresh(self) -> bool:
        """Read what is new; return whether anything was. Takes a while the first time; for a thread."""

    def know(self, decisions: Iterable[Entry]) -> bool:
        """Count decisions of this station's book that may not be at the hub yet; return whether any is new."""

    def summary(self) -> Summary:
        """Return the figures."""

    def rows(self, kept: Kept) -> Sequence[BoardRow]:
        """Return the rows asked for, the most urgent first, the oldest first among these."""

    def row(self, number: str) -> BoardRow | None:
        """Return the row of a receipt number or entry id."""

    def fresh(self, n: int) -> BoardRow | None:
        """Return the newest row of an entry."""

    def choices(self) -> tuple[Sequence[str], Sequence[tuple[str, str]], Sequence[str]]:
        """Return stations, cashiers (number, name) and days there are."""

    def item(self, n: int) -> BoardItem:
        """Return one entry whole; for a thread."""

    def list_sums(self) -> Sequence[ListSum]:
        """Return what every list comes to; for a thread."""

    def list_rows(self, name: str) -> Sequence[ListRow]:
        """Return the rows of a list; for a thread."""

    def list_lines(self) -> Sequence[tuple[str, int, str]]:
        """Return cash, receipts and the HIS: (msgid, amount in minor units, msgid of a remark); for a thread."""

    def send(self, language: str, although_open: Sequence[str] = ()) -> Sending:
        """Begin one round into the HIS, in a program beside; if it runs already, that one is returned.

        Args:
            language: of what it says.
            although_open: stations that may still be in the outage, and are not waited for.
        """

    def close(self) -> None:
        """Let go of the store."""
