"""The home: the folder where one station keeps everything, on a local disk, readable by one account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.keys import KeyFolder
from downtime.renewing import finish_renewals

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.settings import Settings

FORMAT = 1
"""Version of the home's layout."""

_FOLDERS = ("keys", "reference", "inbox", "printers", "backup", "books")


@dataclass(frozen=True)
class BookPaths:
    """The files of one book."""

    folder: Path

    @property
    def number(self) -> int:
        """The book's number."""
        return int(self.folder.name.partition(".")[0])

    @property
    def journal(self) -> Path:
        """Written by the app and ``downtime record`` only."""
        return self.folder / "journal.db"

    @property
    def head_log(self) -> Path:
        """Head log of the journal."""
        return self.folder / "head.log"

    @property
    def deliveries(self) -> Path:
        """Written by sync only."""
        return self.folder / "deliveries.db"

    @property
    def deliveries_head(self) -> Path:
        """Head log of the deliveries."""
        return self.folder / "deliveries.head"

    @property
    def drafts(self) -> Path:
        """Half-filled forms."""
        return self.folder / "drafts.db"

    @property
    def write_lock(self) -> Path:
        """Held from BEGIN IMMEDIATE to the head append."""
        return self.folder / "write.lock"

    @property
    def paper(self) -> Path:
        """What was printed."""
        return self.folder / "paper"

    @property
    def certificate(self) -> Path:
        """What stays of a destroyed book besides its heads; ``certificate.pdf`` beside it shows it."""
        return self.folder / "certificate.json"

    @property
    def is_destroyed(self) -> bool:
        """Whether its key was destroyed, so that only heads and certificate speak; see ``downtime.purge``."""
        key = self.folder.parents[1] / "keys" / "books" / f"{self.number:04d}.json"
        return self.certificate.is_file() and not key.exists()


class Home:
    """The home at ``path``; opening it checks that it can live there."""

    def __init__(self, path: Path) -> None:
        """Check place and format.

        Raises:
            WrongPlaceError: no home there, on a network share, or written by a newer app.
            InUseError: its keys are being renewed at this moment.
        """
        self.path = path
        refuse_network_share(path)
        stated = path / "FORMAT"
        if not stated.is_file():
            raise WrongPlaceError(
                _("There is no station in {folder}.").format(folder=path),
                _("Give the right folder with --home, or make a practice one: downtime demo --prepare."),
            )
        found = stated.read_text("ascii").strip()
        if found != str(FORMAT):
            raise WrongPlaceError(
                _("The station in {folder} has format {found}; this app reads {known}.").format(
                    folder=path, found=found, known=FORMAT
                ),
                _("Start the version of the app that made it; nothing has been changed."),
            )
        finish_renewals(path)

    @classmethod
    def create(cls, path: Path, settings: dict[str, Any]) -> Home:
        """Make the folders and ``station.toml`` of a new home.

        Raises:
            WrongPlaceError: something is there already, or the place is a network share.
        """
        refuse_network_share(path)
        if path.exists() and any(path.iterdir()):
            raise WrongPlaceError(
                _("The folder {folder} is not empty.").format(folder=path),
                _("Choose an empty folder; nothing there has been touched."),
            )
        from downtime.settings import settings_text

        os_calls.private_dir(path)
        for name in _FOLDERS:
            os_calls.private_dir(path / name)
        (path / "station.toml").write_text(settings_text(settings), "utf-8")
        (path / "FORMAT").write_text(f"{FORMAT}\n", "ascii")
        for name in ("station.toml", "FORMAT"):
            os_calls.private_file(path / name)
        return cls(path)

    @cached_property
    def settings(self) -> Settings:
        """The station's settings, read once."""
        from downtime.settings import read_settings  # slow to load; the first screen does without

        return read_settings(self.path / "station.toml")

    @property
    def keys(self) -> KeyFolder:
        """The key files."""
        return KeyFolder(self.path / "keys")

    @property
    def gate_log(self) -> Path:
        """What happens before any key is open."""
        return self.path / "gate.log"

    @property
    def app_lock(self) -> Path:
        """Held by the app while it is on screen."""
        return self.path / "app.lock"

    def books(self) -> list[BookPaths]:
        """Return the books, oldest first."""
        folders = (self.path / "books").iterdir()
        return [BookPaths(folder) for folder in sorted(folders) if folder.name.isdigit()]

    def current_book(self) -> BookPaths:
        """Return the newest book.

        Raises:
            WrongPlaceError: there is none.
        """
        books = self.books()
        if not books:
            raise WrongPlaceError(
                _("The station in {folder} has no book yet.").format(folder=self.path),
                _("Open one: downtime book open."),
            )
        return books[-1]

    def book(self, number: int) -> BookPaths:
        """Return the paths of book ``number``."""
        return BookPaths(self.path / "books" / f"{number:04d}")

    def book_in_the_making(self, number: int) -> BookPaths:
        """Return where book ``number`` lies until its opening stands; ``books`` does not list it."""
        return BookPaths(self.path / "books" / f"{number:04d}.new")


def refuse_network_share(path: Path) -> None:
    """Refuse a folder that another host can write to as well: the journal's locks need one host.

    Raises:
        WrongPlaceError: ``path`` is on a network share.
    """
    kind = os_calls.network_share_kind(path)
    if kind is not None:
        raise WrongPlaceError(
            _("{folder} is on a network share ({kind}).").format(folder=path, kind=kind),
            _("Choose a folder on this PC's own disk with --home."),
        )
