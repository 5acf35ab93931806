"""Destroying a book whose retention is over: without its key nobody opens it again, whatever copy of it is left.

The acts and their order, so that a crash in between loses nothing and leaves nothing half done:

1. the certificate is written, signed, and checked (``downtime.certificate``);
2. the ``book_purged`` entry stands in the current book, approved by a second person: from here on it counts;
3. the key file is overwritten, removed, and the folder synced;
4. databases and printed paper are removed; heads and certificate stay.

A crash after 2 is finished at the next start (``downtime.destroying.finish_purges``); a crash before it leaves
the book as it was.

Overwriting a file reaches the old bytes on a hard disk; a solid-state disk may keep a copy of the small key
file. That copy is wrapped by the station's data key: renew that afterwards (``downtime keys renew``), and the
copy is worth nothing. Backups made earlier still hold the book and its key; the certificate names them.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from downtime.certificate import book_facts, digest_of, signed_certificate, write_certificate
from downtime.destroying import destroy, surviving_copies
from downtime.elapsed import elapsed_since
from downtime.i18n import _
from downtime.obstacles import NotYet, Obstacle
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.sealing import Filled
from downtime.shelf import entries_since
from downtime.sign_off import sign_off_of
from downtime.store import retention as kept
from downtime.store.reference import Reference, reference_files
from downtime.store.verification import open_evidence
from downtime.verify import verify_book
from forms.book_end import BookPurged, SignedOff
from forms.station_book import CarriedBalance
from forms.trust import Approval

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.findings import Verification
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring

RULE = "purge"
CONTROLLED_DAYS_MIN = 1_095
"""Prescriptions of narcotics are kept three years (麻醉药品和精神药品管理条例); the whole book with them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A book that may be destroyed now, and the form that says so.

    Attributes:
        filled: what the second person approves and ``purge`` records.
        facts: the certificate's.
    """

    filled: Filled
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a book must be kept, and how long it certainly was.

    Attributes:
        days: from its last entry on.
        controlled: it is that long because of controlled drugs, known or not to be ruled out.
        kept_days: whole days that certainly passed.
        until: the first day on which it may be destroyed if the clock is right (RFC 3339 date).
    """

    days: int
    controlled: bool
    kept_days: int
    until: str

    @property
    def is_over(self) -> bool:
        """Whether the book may be destroyed."""
        return self.kept_days >= self.days


def retention_of(book: OpenBook, number: int) -> Retention:
    """Return how long book ``number`` must be kept and was kept.

    Args:
        book: the current book, open.
        number: a finished book that still opens.
    """
    home, ring = book.home, book.ring
    controlled = _holds_controlled_drugs(home, ring, home.book(number))
    days = max(home.settings.retention.days, CONTROLLED_DAYS_MIN if controlled else 0)
    now = book.clock.now()
    elapsed = elapsed_since(home, ring, number, now)
    ended = datetime.fromisoformat(now.wall) - timedelta(seconds=elapsed.wall)
    return Retention(days, controlled, int(elapsed.days), (ended + timedelta(days=days)).date().isoformat())


def plan_purge(book: OpenBook, number: int) -> Plan | NotYet:
    """Return what would be recorded, or what stands in the way.

    Args:
        book: the current book, opened by the administrator.
        number: the book to be destroyed.
    """
    home, ring = book.home, book.ring
    paths = home.book(number)
    found = _at_once(book, paths)
    if found:
        return NotYet(found)
    verification = verify_book(home, ring, paths)
    if verification.first is not None:
        return NotYet([Obstacle("not_whole", verification.first.what)])
    signed = sign_off_of(home, ring, number, verification.head, verification.entries)
    if signed is None:
        return NotYet(
            [
                Obstacle(
                    "not_signed_off", _("Book {book} is not signed off by two people.").format(book=number)
                )
            ]
        )
    retention = retention_of(book, number)
    if not retention.is_over:
        return NotYet([_kept_longer(number, retention)])
    facts = _facts(book, paths, verification, signed, retention)
    return Plan(Filled(_form_of(facts), str(facts["entry_id"])), facts)


def purge(book: OpenBook, plan: Plan, approval: Approval) -> Recorded | Refused | NotYet:
    """Destroy the book of ``plan``; the approval is recorded in the same commit as the act.

    Args:
        book: the current book, opened by the administrator.
        plan: what ``plan_purge`` returned for this open book.
        approval: of an auditor, for ``plan.filled`` under the rule ``purge``.

    Raises:
        OSError: the certificate cannot be written (nothing has happened), or files cannot be removed (the
            entry stands; the next start goes on).
    """
    found = _hands(book, approval)
    if found:
        return NotYet(found)
    paths = book.home.book(int(plan.facts["book"]))
    assert approval.signed is not None, "checked above"
    second = {"operator": approval.signed.operator, "name": approval.signed.name}
    certificate = signed_certificate(plan.facts, second, book.signing)
    write_certificate(paths.certificate, certificate)
    outcome = record(book, plan.filled, approval)
    if isinstance(outcome, Recorded):
        destroy(book.home, paths, certificate)
    return outcome


# -- may it be destroyed ---------------------------------------------------------------------------------


def _at_once(book: OpenBook, paths: BookPaths) -> list[Obstacle]:
    """Return what can be said without opening the book."""
    number = paths.number
    if not paths.folder.is_dir():
        return [Obstacle("absent", _("There is no such book here."))]
    if number >= book.home.current_book().number:
        return [Obstacle("current", _("Book {book} is the current one.").format(book=number))]
    if paths.is_destroyed:
        return [Obstacle("destroyed", _("Book {book} was destroyed.").format(book=number))]
    needed = sorted(
        {
            int(entry.content["book"])
            for entry in entries_since(book.home, book.ring, number, (SignedOff.name,))
            if entry.book == number and not book.home.book(int(entry.content["book"])).is_destroyed
        }
    )
    what = _("Book {book} holds the sign-off of book {earlier}, which still stands; that one goes first.")
    return [Obstacle("needed", what.format(book=number, earlier=earlier)) for earlier in needed]


def _kept_longer(number: int, retention: Retention) -> Obstacle:
    if retention.controlled:
        what = _(
            "Book {book} must be kept {days} days because of controlled drugs, until {until}; {kept} days are certain."
        )
    else:
        what = _("Book {book} must be kept {days} days, until {until}; {kept} days are certain.")
    told = what.format(book=number, days=retention.days, until=retention.until, kept=retention.kept_days)
    return Obstacle("retention", told)


def _hands(book: OpenBook, approval: Approval) -> list[Obstacle]:
    """An administrator acts and an auditor approves; neither a code nor being alone will do."""
    found = []
    if "administrator" not in book.person.roles:
        found.append(Obstacle("no_right", _("An administrator destroys a book.")))
    signed = approval.signed
    if approval.way != "second_person" or signed is None or signed.operator == book.person.operator:
        return [*found, Obstacle("same_person", _("Two different people destroy a book."))]
    if signed.role != "auditor":
        found.append(Obstacle("no_right", _("An auditor approves the destruction of a book.")))
    return found


def _holds_controlled_drugs(home: Home, ring: Keyring, paths: BookPaths) -> bool:
    """Return whether a controlled drug was handed over in the book, or cannot be ruled out.

    A drug no reference tables here know any more counts as controlled.
    """
    with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
        codes = kept.dispensed_codes(db)
    approved = any(
        entry.book == paths.number and entry.content["rule"] == "controlled"
        for entry in entries_since(home, ring, paths.number, (Approval.name,))
    )
    if approved or any(code.controlled for code in codes):
        return True
    wanted = {code.code for code in codes}
    if not wanted:
        return False
    known: set[str] = set()
    for path in reversed(reference_files(home.path / "reference").values()):
        with Reference(path, ring.reference_key()) as reference:
            rows = {code: reference.get_drug(code) for code in wanted}
        if any(row is not None and row.controlled.strip() for row in rows.values()):
            return True
        known |= {code for code, row in rows.items() if row is not None}
    return bool(wanted - known)


# -- what stays known ------------------------------------------------------------------------------------


def _facts(
    book: OpenBook, paths: BookPaths, verification: Verification, signed: Entry, retention: Retention
) -> dict[str, Any]:
    copies, gone = surviving_copies(book.home, book.ring, paths.number)
    return {
        **book_facts(book.home, book.ring, paths, verification),
        "entry_id": new_entry_id(),
        "recorded_in": book.paths.number,
        "destroyed_at": book.clock.now().wall,
        "destroyed_by": {"operator": book.person.operator, "name": book.person.name},
        "signed_off": {
            "entry_id": signed.id,
            "at": signed.recorded_at,
            "by": [{"operator": one["operator"], "name": one["name"]} for one in signed.content["signed"]],
        },
        "retention": {
            "days": retention.days,
            "controlled": retention.controlled,
            "kept_days": retention.kept_days,
        },
        "copies": copies,
        "copies_gone": gone,
    }


def _form_of(facts: dict[str, Any]) -> BookPurged:
    money: Counter[tuple[str, str]] = Counter()
    for total in facts["totals"]:
        if "|" not in total["unit"]:
            money[total["account_class"], total["unit"]] += total["amount"]
    return BookPurged(
        book=facts["book"],
        head=facts["head"],
        entries=facts["entries"],
        first_at=facts["first_at"],
        last_at=facts["last_at"],
        signed_off=facts["signed_off"]["entry_id"],
        copies=tuple(facts["copies"]),
        receipts=facts["receipts"],
        totals=tuple(
            CarriedBalance(account=name, unit=unit, amount=amount)
            for (name, unit), amount in sorted(money.items())
        ),
        certificate=digest_of(facts),
    )
