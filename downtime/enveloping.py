"""Sealing envelopes and code sheets: two people answer for it, the journal says so, then the paper is written.

The order is on purpose: who and with whom first, then the file the paper goes to, then the secret itself. What
fails leaves the envelope before in force, or is simply done again.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.account_changes import Enrolment, put_in_force
from downtime.accounts import changed
from downtime.approvals import approve
from downtime.envelope_paper import Sealed, code_sheet_paper, emergency_paper, recovery_paper
from downtime.envelopes import emergency_slot, new_code_sheet, next_code_sheet, seal_recovery
from downtime.errors import DowntimeError, RefusedInputError, WrongPlaceError
from downtime.i18n import _
from downtime.record import new_entry_id, record_station_form
from downtime.sealing import Filled
from downtime.setting_up import RECOVERY
from downtime.shelf import entries_since
from forms.trust import AccountChanged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook
    from forms.trust import Approval

CODES_ACCOUNT = "codes"
"""Stands in the journal for the sheets of one-time codes."""

_RULE = "keys"


def seal_recovery_envelope(book: OpenBook, second: tuple[str, str], folder: Path) -> Path:
    """Make the recovery envelope anew; return the PDF to print. The envelope before is void.

    Args:
        book: of an administrator.
        second: (operator, password) of the second person.
        folder: where the PDF goes, readable by the own account only.

    Raises:
        AccessRefusedError: wrong password, or one of the two has no right to.
        WrongPlaceError: the folder takes no file.
    """
    sealed_before = sum(
        entry.content["operator"] == RECOVERY and entry.content["change"] == "envelope_sealed"
        for entry in entries_since(book.home, book.ring, 1, (AccountChanged.name,))
    )
    number = f"{_station(book)}-R{sealed_before + 1:03d}"
    filled = Filled(
        AccountChanged(operator=RECOVERY, change="envelope_sealed", reason=number), new_entry_id()
    )
    approval = approve(book, filled, _RULE, *second)
    with _paper_file(folder, f"recovery-{number}.pdf") as target:
        record_station_form(book, filled, approval)
        _write(target, recovery_paper(_sealed(book, number, approval), seal_recovery(book.ring)))
    return target


def seal_emergency_envelope(book: OpenBook, second: tuple[str, str], folder: Path) -> Path:
    """Make the emergency account anew; return the PDF to print. The envelope before is void.

    Raises:
        AccessRefusedError: wrong password, or one of the two has no right to.
        WrongPlaceError: the folder takes no file.
    """
    known = book.state().accounts.get("0000")
    code, slot = emergency_slot(
        book.ring, book.clock.now().wall, above=known.version if known is not None else 0
    )
    number = f"{_station(book)}-E{slot.version:03d}"
    filled = Filled(changed(slot, "envelope_sealed", number), new_entry_id())
    approval = approve(book, filled, _RULE, *second)
    with _paper_file(folder, f"emergency-{number}.pdf") as target:
        put_in_force(book, Enrolment(slot, filled), approval)
        _write(target, emergency_paper(_sealed(book, number, approval), code))
    return target


def make_code_sheet(book: OpenBook, second: tuple[str, str], folder: Path, holder: str) -> Path:
    """Make a further sheet of one-time codes; return the PDF to print. Sheets before stay good.

    Args:
        book: of an administrator.
        second: (operator, password) of the second person.
        folder: where the PDF goes.
        holder: who keeps the sheet, for instance 总值班.

    Raises:
        RefusedInputError: nobody is named to keep it.
        AccessRefusedError: wrong password, or one of the two has no right to.
        WrongPlaceError: the folder takes no file.
    """
    if not holder.strip():
        raise RefusedInputError(_("Say who keeps the sheet."), _("Give --holder; nothing was made."))
    sheet = next_code_sheet(book.ring)
    filled = Filled(
        AccountChanged(operator=CODES_ACCOUNT, change="envelope_sealed", reason=f"{sheet} {holder.strip()}"),
        new_entry_id(),
    )
    approval = approve(book, filled, _RULE, *second)
    with _paper_file(folder, f"codes-{_station(book)}-{sheet}.pdf") as target:
        record_station_form(book, filled, approval)
        made, codes = new_code_sheet(book.ring, holder.strip())
        assert made == sheet, "nobody else makes sheets meanwhile"
        _write(target, code_sheet_paper(_sealed(book, sheet, approval, holder.strip()), codes))
    return target


def _station(book: OpenBook) -> str:
    return f"{book.identity.station}{book.identity.incarnation}"


def _sealed(book: OpenBook, number: str, approval: Approval, holder: str = "") -> Sealed:
    signed = approval.signed
    assert signed is not None
    settings = book.home.settings
    return Sealed(
        hospital=settings.hospital.name,
        station=f"{settings.station.code} {settings.station.name}",
        number=number,
        made_at=book.clock.now().wall,
        made_by=f"{book.person.name} {book.person.operator}",
        with_whom=f"{signed.name} {signed.operator}",
        holder=holder,
    )


@contextmanager
def _paper_file(folder: Path, name: str) -> Iterator[Path]:
    """Make sure that there is a place for the paper before anything is void; what fails leaves no file."""
    target = folder / name
    try:
        if target.exists():
            raise FileExistsError(name)
        os_calls.private_file(target)
        yield target
    except OSError as error:
        raise WrongPlaceError(
            _("{file} cannot be written: {reason}.").format(file=name, reason=error),
            _("Make it again, in another folder with --to; what was made before is void or unchanged."),
        ) from error
    except DowntimeError:
        target.unlink(missing_ok=True)
        raise


def _write(target: Path, paper: bytes) -> None:
    with target.open("r+b") as file:
        file.write(paper)
        file.flush()
        os_calls.fsync_file(file.fileno())
