"""SQL scripts for the vendor's own client: for houses that let no program of ours near their database. Class 1.

Each batch becomes a script in a folder. A person, or a scheduled job, runs it with SQL*Plus, sqlcmd, psql or
mysql; the client's output file is read back from the same folder. The entry id is the primary key in the staging
tables and every statement looks first, so scripts may run twice, late and in any order.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.outcome import Accepted, HandedOver, Outcome, Rejected, Unreachable
from sync.connector import Connector, Guarantee, Parcel, other_body, waits_for
from sync.connectors.sqlfile_script import Planned, planned, problem_of
from sync.connectors.sqlfile_shelf import OtherBodyError, Shelf
from sync.connectors.sqlfile_vendors import CLIENTS
from sync.connectors.staging_rows import StagedEntry, is_corrected, rows_from, rows_of, sent_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from downtime.entry import Entry
    from sync.facts import Facts


class SqlFile(Connector):
    """Writes entries as scripts for ``client`` into ``folder`` and reads back what it answered."""

    name: ClassVar[str] = "sqlfile"
    guarantee = Guarantee.RESEND
    received_is_enough = True
    may_know_at_once = False
    batch_max = 200

    def __init__(self, hospital: str, folder: Path, client: str) -> None:
        super().__init__(hospital)
        self.folder = folder
        self.sql = CLIENTS[client]
        self._shelf = Shelf(folder)

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make it from ``{"folder": absolute path, "client": sqlplus, sqlcmd, psql or mysql}``."""
        client = settings.get("client", "")
        if client not in CLIENTS or not settings.get("folder"):
            raise RefusedInputError(
                _("The connector sqlfile needs a folder and a client."),
                _("Choose as client one of: {names}.").format(names=", ".join(CLIENTS)),
            )
        return cls(hospital, Path(settings["folder"]), client)

    def reach(self) -> Unreachable | None:
        """Return None if the folder is there and can be read."""
        try:
            self._shelf.look()
        except OSError as error:
            return Unreachable(_reason(error))
        return None

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return the rows of ``entry`` as canonical bytes, or why no script can carry them."""
        rows = rows_of(entry)
        return problem_of(entry.id, rows) or sent_bytes(rows)

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        """Write one script for what no script has yet; the rest stands where it stands."""
        try:
            self._shelf.look()
            answers, clash = self._put(batch)
        except OSError as error:
            yield from ((parcel.entry.id, Unreachable(_reason(error))) for parcel in batch)
            return
        yield from answers.items()
        if clash is not None:
            raise other_body(clash)

    def _put(self, batch: Sequence[Parcel]) -> tuple[dict[str, Outcome], Entry | None]:
        answers: dict[str, Outcome] = {}
        missing: dict[str, Entry] = {}
        going: dict[str, Entry] = {}
        plan: list[Planned] = []
        rows: list[StagedEntry] = []
        clash: Entry | None = None
        for parcel in batch:
            entry = parcel.entry
            body_hash = entry.body_hash.hex()
            try:
                stands, attempt = self._shelf.standing(entry.id, body_hash)
            except OtherBodyError:
                clash = missing[entry.id] = entry
                answers[entry.id] = Rejected(other_body(entry).what)
                continue
            if isinstance(stands, Accepted | HandedOver):
                answers[entry.id] = stands
                continue
            waits = waits_for(entry, missing) if missing else None
            if waits is not None:
                missing[entry.id] = entry
                answers[entry.id] = waits
                continue
            is_there = (
                self._shelf.held(entry.id) is not None
            )  # then the HIS refused it, and a person sends it again
            staged = replace(rows_from(parcel.sent, entry), is_corrected=is_there and is_corrected(entry))
            plan.append(
                planned(
                    entry.id, body_hash, staged, attempt=attempt + is_there, needs=self._needs(entry, going)
                )
            )
            rows.append(staged)
            going[entry.id] = entry
        if plan:
            name = self._shelf.put(self.sql, plan, rows)
            answers.update((each.id, HandedOver(name)) for each in plan)
        return answers, clash

    def _needs(self, entry: Entry, going: Mapping[str, Entry]) -> list[str]:
        """Return what must stand there before ``entry``, as far as our scripts bring it."""
        here = [name for name, earlier in going.items() if waits_for(entry, {name: earlier})]
        other = [name for name in entry.refers_to if name not in going and self._shelf.is_uncertain(name)]
        return [*here, *other]

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Yield what the answers in the folder say; nothing if it cannot be read."""
        try:
            self._shelf.look()
            self._shelf.tidy()
        except OSError:
            return
        for entry in batch:
            try:
                stands, _attempt = self._shelf.standing(entry.id, entry.body_hash.hex())
            except OtherBodyError:
                yield entry.id, Rejected(other_body(entry).what)
                continue
            yield entry.id, stands or Unreachable(_("No script in the folder holds it."))

    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield what the last answers say stands in the staging tables."""
        for entry_id in ids:
            held = self._shelf.held(entry_id)
            if held is not None:
                yield entry_id, held.facts


def _reason(error: OSError) -> str:
    return str(error.strerror or error)
