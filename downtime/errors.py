"""What the surroundings can do to us, named by what the operator does next.

    DowntimeError
    +-- StopRecordingError       stop, call IT; paper goes on          journal damaged, same id with another body
    |   +-- JournalAlarmError
    |   +-- SameIdOtherBodyError
    +-- OutcomeUnknownError      look the id up, do not repeat          COMMIT answered with an error
    +-- InUseError               wait, or go to the one who has it      a second app on one station
    +-- WrongPlaceError          choose another place                   network share, old SQLite, unknown FORMAT
    +-- AccessRefusedError       try again, or ask a supervisor         wrong password, unknown operator
    +-- RefusedInputError        correct the input                      a file, a form, a setting
    +-- OutOfNumbersError        ask IT for a block of receipt numbers

Every message names what happened, where, and what to do next, already in the language in use.
"""

from __future__ import annotations


class DowntimeError(Exception):
    """Something the operator can act on.

    Attributes:
        what: what happened and where, one sentence.
        then: what to do next, one sentence.
    """

    def __init__(self, what: str, then: str) -> None:
        super().__init__(f"{what} {then}".strip())
        self.what = what
        self.then = then


class StopRecordingError(DowntimeError):
    """Nothing more may be recorded here; go on by paper and call IT."""


class JournalAlarmError(StopRecordingError):
    """Journal, head log and signatures do not agree.

    Attributes:
        position: first sequence number that cannot be trusted.
    """

    def __init__(self, what: str, then: str, position: int) -> None:
        super().__init__(what, then)
        self.position = position


class SameIdOtherBodyError(StopRecordingError):
    """An entry id came again with different content (L4)."""


class OutcomeUnknownError(DowntimeError):
    """A commit answered with an error: the entry may or may not be there."""


class InUseError(DowntimeError):
    """Another app holds this station."""


class WrongPlaceError(DowntimeError):
    """The home cannot live here, or this program cannot read it."""


class AccessRefusedError(DowntimeError):
    """Who asks is not known, or the password is wrong."""


class RefusedInputError(DowntimeError):
    """A file, form or setting holds something that cannot be accepted."""


class OutOfNumbersError(DowntimeError):
    """The station's block of receipt numbers is used up."""
