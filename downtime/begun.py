"""Forms begun while an outage was on: when it has ended meanwhile, whoever records one is told first.

Ending an outage stops its entries: what is recorded afterwards no longer belongs to it. A form that was half
filled in at that moment is not taken away; its first recording is answered with a sentence, the second stands.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from forms.base import Problem
from forms.station_book import OutageDeclared, OutageEnded
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.entry import Entry
    from downtime.store.drafts import Draft
    from forms.base import Form

OUTAGE_FORMS = (OutageDeclared.name, OutageEnded.name)

ENDED = N_(
    "Outage {outage} is over: serve this patient in the HIS. To record it here all the same, outside of that "
    "outage, press the same key again. Nothing typed is lost."
)


class BegunForms:
    """Under which outage each form was begun, by the id it will have."""

    def __init__(self) -> None:
        self._outages: dict[str, str] = {}

    def saw(self, entry_id: str, outage: str) -> None:
        """A half-filled form was kept; the first time says under which outage it was begun."""
        self._outages.setdefault(entry_id, outage)

    def found(self, drafts: Iterable[Draft], newest: Iterable[Entry]) -> None:
        """Half-filled forms were found again, perhaps after a restart.

        Args:
            drafts: with the time each was kept last.
            newest: the newest declarations and ends of outages, newest first.
        """
        told = list(newest)
        if [entry.form for entry in told] != [OutageEnded.name, OutageDeclared.name]:
            return
        end, start = (datetime.fromisoformat(entry.recorded_at) for entry in told)
        for draft in drafts:
            if start <= datetime.fromisoformat(draft.saved_at) < end:
                self.saw(draft.id, str(told[0].content["outage"]))

    def told_once(self, form: Form, entry_id: str, outage: str) -> Problem | None:
        """Return what to say before this is recorded, once; None if there is nothing to say.

        Args:
            form: the filled form.
            entry_id: its id.
            outage: in force now, or "".
        """
        begun = self._outages.get(entry_id, "")
        if not form.deliverable or not begun or begun == outage:
            return None
        self._outages[entry_id] = outage
        return Problem("", ENDED, {"outage": begun})
