"""A practice station under fire: started as a process, killed, opened again, and asked what it remembers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.desk import Desk
from downtime.home import Home
from downtime.record import Recorded, new_entry_id, record
from downtime.sealing import Filled
from downtime.store import journal
from downtime.store.verification import open_evidence, stored_rows
from downtime.verify import verify_book
from forms.charge import Charge
from tests.downtime.builders import OPERATOR, PASSWORD, charge_content, make_home, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.keys import Keyring
    from tests.crash.findings import Shown

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 30
RECORDER = (sys.executable, "-m", "downtime", "record", "-")


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a folder that goes away afterwards, in memory where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
    with tempfile.TemporaryDirectory(
        prefix="downtime-crash-", dir=memory if memory.is_dir() else None
    ) as name:
        yield Path(name)


def filled_lines(count: int) -> dict[str, str]:
    """Return lines for the recorder by entry id."""
    made = {}
    for _n in range(count):
        entry_id = new_entry_id()
        line = {"form": "charge", "id": entry_id, "content": charge_content()}
        made[entry_id] = json.dumps(line, ensure_ascii=False) + "\n"
    return made


@dataclass
class Station:
    """A home, what was sent to it, and what it acknowledged.

    Attributes:
        folder: holds the home, and outside it the password and the recorder's input and answers.
        sent: lines by entry id.
        acked: (seq, receipt number) by entry id, as the recorder answered.
    """

    home_path: Path
    folder: Path
    sent: dict[str, str] = field(default_factory=dict)
    acked: dict[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def made_in(cls, folder: Path, home_path: Path | None = None) -> Station:
        """Make a fresh home below ``folder`` or at ``home_path``."""
        station = cls(home_path or folder / "home", folder)
        make_home(station.home_path)
        (folder / "password").write_text(PASSWORD, "utf-8")
        return station

    @property
    def answers(self) -> Path:
        """Where the recorder's answers go."""
        return self.folder / "answers"

    def arguments(self, *command: str) -> list[str]:
        """Return the command line of a recorder for this station."""
        password = self.folder / "password"
        given = ["--home", self.home_path, "--operator", OPERATOR, "--password-file", password]
        return [*(command or RECORDER), *map(str, given)]

    def start(self, lines: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a recorder on ``lines``."""
        source = self.folder / "lines"
        source.write_text(lines, "utf-8")
        with source.open("rb") as stdin, self.answers.open("wb") as stdout, self.errors.open("wb") as stderr:
            return subprocess.Popen(
                self.arguments(*command),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                cwd=ROOT,
                env=english(),
            )

    @property
    def errors(self) -> Path:
        """Where the recorder's complaints go."""
        return self.folder / "errors"

    def new_lines(self, count: int) -> str:
        """Return ``count`` new filled forms and remember that they are sent."""
        made = filled_lines(count)
        self.sent |= made
        return "".join(made.values())

    def take_answers(self, shown: Shown, stored: bytes | None = None) -> None:
        """Remember what was acknowledged; a line that was cut off acknowledges nothing."""
        text = self.answers.read_bytes() if stored is None else stored
        for line in text.split(b"\n")[:-1]:
            answer = json.loads(line)
            if not answer["ok"]:
                if "problems" in answer:
                    shown.faults.append(f"refused: {line.decode()[:200]}")
                continue
            entry_id, told = answer["id"], (answer["seq"], answer["number"])
            if entry_id in self.acked and (not answer["already"] or self.acked[entry_id] != told):
                shown.faults.append(f"a repeat was answered otherwise: {line.decode()[:200]}")
            self.acked[entry_id] = told

    def check(self, shown: Shown, *, thoroughly: bool = True) -> None:
        """Open the station again as the app does and compare what it remembers with what it told us."""
        home = Home(self.home_path)
        ring = unlock(home)
        try:
            book = OpenBook(home, ring, home.current_book())
        except Exception as error:  # noqa: BLE001 (whatever it is, the station did not come up)
            shown.faults.append(f"did not open again: {type(error).__name__}: {error}")
            shown.lost += len(self.acked)
            return
        standing = {
            entry.id: (entry.seq, entry.number) for entry in journal.entries(book.db, forms=("charge",))
        }
        book.close()
        lost = {entry_id for entry_id, told in self.acked.items() if standing.get(entry_id) != told}
        shown.lost += len(lost)
        if not standing.keys() <= self.sent.keys():
            shown.faults.append("there are entries nobody sent")
        numbers = [number for _seq, number in standing.values()]
        if len(set(numbers)) != len(numbers):
            shown.faults.append("a receipt number stands twice")
        unasked = standing.keys() - self.acked.keys()
        shown.figures["unconfirmed"] = shown.figures.get("unconfirmed", 0) + len(unasked)
        self._check_unconfirmed(shown, home, ring, unasked)
        if thoroughly:
            verification = verify_book(home, ring, home.current_book())
            if not verification.whole:
                shown.faults.append("; ".join(verification.lines())[:300])

    def _check_unconfirmed(self, shown: Shown, home: Home, ring: Keyring, unasked: set[str]) -> None:
        """What stands but was not acknowledged must be on the list "was it handed over?"."""
        desk = Desk(home, ring)
        asked = {entry.id for entry in desk.unconfirmed()}
        desk.close()
        if not unasked <= asked:
            shown.faults.append("an entry stands that nobody was told about, and it is not asked about")

    def repeat_here(self, shown: Shown) -> None:
        """The same as ``repeat_all`` without a process of its own."""
        home = Home(self.home_path)
        book = OpenBook(home, unlock(home), home.current_book())
        for line in self.sent.values():
            given = json.loads(line)
            outcome = record(book, Filled(Charge.model_validate(given["content"]), given["id"]))
            assert isinstance(outcome, Recorded), outcome
            told = (outcome.entry.seq, outcome.entry.number or "")
            if self.acked.setdefault(given["id"], told) != told:
                shown.faults.append("a repeat was answered otherwise")
        book.close()
        self.check(shown, thoroughly=False)

    def repeat_all(self, shown: Shown) -> None:
        """Send everything once more: what was acknowledged answers ``already``, nothing doubles."""
        recorder = self.start("".join(self.sent.values()))
        recorder.wait()
        self.take_answers(shown)
        if recorder.returncode != 0:
            complaint = self.errors.read_text("utf-8")[-300:]
            shown.faults.append(f"the repeat ended with {recorder.returncode}: {complaint}")
        if self.sent.keys() != self.acked.keys():
            shown.faults.append("a repeat was not answered")
        self.check(shown)


def english() -> dict[str, str]:
    """Return the environment of a recorder whose complaints we read."""
    return {**os.environ, "DOWNTIME_LANGUAGE": "en"}


def content_of(home: Home, ring: Keyring) -> Any:
    """Return everything the journal says, as SQLite reads it now."""
    paths = home.current_book()
    db = open_evidence(paths.journal, ring.book_key(paths.number))
    try:
        return list(stored_rows(db))
    finally:
        db.close()
