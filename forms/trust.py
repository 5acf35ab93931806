"""Who answered for what: approvals, accounts, sign-offs, and what left or ended. All of it in the chain."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from forms.base import Part
from forms.people import Code, FreeText, OptionalName
from forms.station_book import Hex, StationForm
from forms.text import N_

Rule = Literal[
    "reversal", "price_override", "controlled", "outage", "export", "keys", "accounts", "purge", "hand_over", "paper"
]  # fmt: skip
"""What needs a second person."""

RULE_TITLES: dict[str, str] = {
    "reversal": N_("Refund or reversal above the limit"),
    "price_override": N_("Another price than the price list's"),
    "controlled": N_("Controlled drug"),
    "outage": N_("Start or end of an outage"),
    "export": N_("Export"),
    "keys": N_("Keys and envelopes"),
    "accounts": N_("Accounts"),
    "purge": N_("Destruction of a book"),
    "hand_over": N_("Hand-over of a drawer"),
    "paper": N_("Lost paper form"),
}

Way = Literal["second_person", "code", "solo", "own_twice", "hub"]
"""How: a second person's own secret; a one-time code; alone with a reason; one pharmacist signing twice; what the
hub announced to all stations and signed."""

WAY_TITLES: dict[str, str] = {
    "second_person": N_("second person"),
    "code": N_("one-time code"),
    "solo": N_("alone, to be countersigned"),
    "own_twice": N_("one pharmacist, signed twice"),
    "hub": N_("announced by the hub"),
}
COUNTERSIGNED_LATER = ("code", "solo", "own_twice")
"""Ways that wait for a countersignature (待复核)."""


class Signed(Part):
    """A person's signature with the key that only the own password opens.

    Attributes:
        operator: who signed.
        public: that person's Ed25519 key, 32 bytes hex.
        signature: over ``approved_bytes``, 64 bytes hex.
    """

    operator: Code
    name: OptionalName = ""
    role: Annotated[str, Field(max_length=40)] = ""
    public: Hex
    signature: Hex


class Announced(Part):
    """What the hub said of an outage to every station, signed with its key.

    Attributes:
        at: RFC 3339, by the hub's clock.
        said_by: who said so there.
        public: the hub's Ed25519 key, 32 bytes hex.
        signature: over ``announced_bytes``, 64 bytes hex.
    """

    outage: Code
    state: Literal["started", "ended"]
    at: Annotated[str, Field(max_length=40)]
    said_by: OptionalName = ""
    public: Hex
    signature: Hex


class Approval(StationForm):
    """Stands in the same commit as what it approves, and names its body hash.

    Attributes:
        signed: by the second person, or by the same person for ``own_twice``; None for a code, solo and the hub.
        announced: what the hub said, for ``hub``: it ends an outage and nothing else.
        code_sheet: number of the sheet and ``code_number`` the line on it, for ``code``.
    """

    name: ClassVar[str] = "approval"
    title: ClassVar[str] = N_("Approval")

    entry_id: Code
    body_hash: Hex
    rule: Rule
    way: Way
    reason: FreeText = ""
    signed: Signed | None = None
    announced: Announced | None = None
    code_sheet: Annotated[str, Field(max_length=20)] = ""
    code_number: Annotated[int, Field(ge=0)] = 0

    def refers_to(self) -> tuple[str, ...]:
        """It names what it approves."""
        return (self.entry_id,)


class Countersigned(StationForm):
    """The signature that follows what was done alone or by a code; disagreeing is recorded as well."""

    name: ClassVar[str] = "countersigned"
    title: ClassVar[str] = N_("Countersignature")

    approval_id: Code
    entry_id: Code
    body_hash: Hex
    agreed: bool = True
    reason: FreeText = ""
    signed: Signed

    def refers_to(self) -> tuple[str, ...]:
        """It names the approval, and what that approved."""
        return (self.approval_id, self.entry_id)


class AccountChanged(StationForm):
    """One account became different; what opens it stands in the key file of that version.

    Attributes:
        version: counts up per account; an older key file put back is noticed by it.
        sha256: of the account's key file; empty where there is none any more.
        outage: a drafted person's account ends with this outage.
    """

    name: ClassVar[str] = "account_changed"
    title: ClassVar[str] = N_("Account changed")

    operator: Code
    operator_name: OptionalName = ""
    change: Literal[
        "enrolled",
        "drafted",
        "taken_over",
        "password_changed",
        "password_reset",
        "opened_again",
        "closed",
        "reinstated",
        "envelope_sealed",
        "envelope_used",
    ]
    version: Annotated[int, Field(ge=0)] = 0
    sha256: Hex = ""
    roles: Annotated[tuple[str, ...], Field(strict=False)] = ()
    outage: Annotated[str, Field(max_length=64)] = ""
    reason: FreeText = ""

    def needs(self) -> str | None:
        """One's own password is one's own affair; everything else is a supervisor's or an administrator's."""
        return _ACCOUNT_RIGHTS.get(self.change)


_ACCOUNT_RIGHTS = {
    "enrolled": "accounts",
    "closed": "accounts",
    "reinstated": "accounts",
    "drafted": "draft",
    "password_reset": "unlock",
    "opened_again": "unlock",
    "envelope_sealed": "keys",
}


class AccountMark(Part):
    """How far one account had come when a book was opened."""

    operator: Code
    version: int
    sha256: Hex = ""
    closed: bool = False


class AccountsCarried(StationForm):
    """Carries every account's version from book to book."""

    name: ClassVar[str] = "accounts_carried"
    title: ClassVar[str] = N_("Accounts carried over")

    accounts: Annotated[tuple[AccountMark, ...], Field(strict=False)] = ()


class Exported(StationForm):
    """Entries left the station as a readable copy."""

    name: ClassVar[str] = "exported"
    title: ClassVar[str] = N_("Export")

    what: Literal["book", "audit", "board"]
    book: Annotated[int, Field(ge=1)]
    entries: Annotated[int, Field(ge=0)]
    head: Hex
    file: Annotated[str, Field(max_length=200)] = ""
    sha256: Hex = ""
    reason: FreeText = ""

    def needs(self) -> str:
        """The audit is the auditor's alone."""
        return "audit" if self.what == "audit" else "export"


class BackupMade(StationForm):
    """A copy of the home that was opened again and verified; only then does it count."""

    name: ClassVar[str] = "backup_made"
    title: ClassVar[str] = N_("Backup")
    right: ClassVar[str | None] = "backup"

    folder: Annotated[str, Field(max_length=400)]
    file: Annotated[str, Field(max_length=200)]
    sha256: Hex
    book: Annotated[int, Field(ge=1)]
    head: Hex
    entries: Annotated[int, Field(ge=0)]
    bytes: Annotated[int, Field(ge=0)] = 0


class RestoreTested(StationForm):
    """A backup was brought back to life in another place and verified there."""

    name: ClassVar[str] = "restore_tested"
    title: ClassVar[str] = N_("Restore tested")
    right: ClassVar[str | None] = "backup"

    file: Annotated[str, Field(max_length=200)]
    made_at: Annotated[str, Field(max_length=40)]
    book: Annotated[int, Field(ge=1)]
    head: Hex
    entries: Annotated[int, Field(ge=0)]
    seconds: Annotated[int, Field(ge=0)] = 0


class Restored(StationForm):
    """This home came from a backup; from here on the station has a new incarnation and new numbers."""

    name: ClassVar[str] = "restored"
    title: ClassVar[str] = N_("Restored from a backup")

    file: Annotated[str, Field(max_length=200)]
    made_at: Annotated[str, Field(max_length=40)]
    book: Annotated[int, Field(ge=1)]
    head: Hex
    incarnation_before: Annotated[str, Field(max_length=1)]


class KeysRenewed(StationForm):
    """The key of a book, or the station's key, was replaced by a fresh one."""

    name: ClassVar[str] = "keys_renewed"
    title: ClassVar[str] = N_("Keys renewed")
    right: ClassVar[str | None] = "keys"

    what: Literal["station", "book"]
    book: Annotated[int, Field(ge=0)] = 0


TRUST_FORMS: tuple[type[StationForm], ...] = (
    Approval,
    Countersigned,
    AccountChanged,
    AccountsCarried,
    Exported,
    BackupMade,
    RestoreTested,
    Restored,
    KeysRenewed,
)
