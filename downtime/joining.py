"""The joining file: what a new station needs in order to share the accounts of a hospital.

The hospital secret and the key that vouches for accounts stand in it, behind a code of 20 figures that is
shown once and travels another way. Whoever has both can make accounts: delete the file when the new station
stands.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from downtime.account_package import pack, read_package
from downtime.approvals import approve
from downtime.canonical import UnsealableError, seal, unseal
from downtime.envelopes import bare, random_figures
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.i18n import _
from downtime.record import new_entry_id, record_station_form
from downtime.sealing import Filled
from downtime.signing import SigningKey
from downtime.wrapping import Argon2Cost, stretch, unwrap, wrap
from forms.trust import AccountChanged

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.slots import Slot

JOINING_VERSION = 1
CODE_FIGURES = 20
_JOINING = "joining-file"


@dataclass(frozen=True, slots=True, repr=False)
class Joining:
    """What a new station takes over.

    Attributes:
        hospital_id: as in the settings of the station that made the file.
        secret: the hospital secret.
        signing: private half of the key that vouches for accounts.
        accounts: the hospital's accounts as they stood.
    """

    hospital_id: str
    secret: bytes
    signing: bytes
    accounts: tuple[Slot, ...]


def joining_file(
    book: OpenBook, second: str, second_password: str, cost: Argon2Cost | None = None
) -> tuple[bytes, str]:
    """Return a joining file and its code; two people answer for it.

    Raises:
        AccessRefusedError: wrong password, or one of them may not.
        RefusedInputError: the second person is the first.
    """
    made = AccountChanged(operator=_JOINING, change="envelope_sealed")
    filled = Filled(made, new_entry_id())
    record_station_form(book, filled, approve(book, filled, "keys", second, second_password))
    code, salt, work = random_figures(CODE_FIGURES), secrets.token_bytes(16), cost or Argon2Cost()
    bound = {
        "v": JOINING_VERSION,
        "hospital": book.home.settings.hospital.id,
        "argon2id": asdict(work),
        "salt": salt.hex(),
    }
    inside = {
        "secret": book.home.keys.hospital_secret().hex(),
        "signing": book.ring.open_secret("hospital.json")[0].hex(),
        "accounts": pack(book).decode(),
    }
    return seal({"joining": bound, **wrap(stretch(code, salt, b"", work), seal(inside), bound)}) + b"\n", code


def read_joining(content: bytes, typed: str) -> Joining:
    """Return what a joining file holds.

    Raises:
        RefusedInputError: no joining file, or damaged.
        AccessRefusedError: the code is wrong.
    """
    try:
        stored: dict[str, Any] = unseal(content.rstrip(b"\n"))
        bound = stored["joining"]
        salt, cost = bytes.fromhex(bound["salt"]), Argon2Cost(**bound["argon2id"])
        hospital_id = str(bound["hospital"])
    except (ValueError, KeyError, TypeError, UnsealableError) as error:
        raise RefusedInputError(
            _("This is no joining file, or it is damaged."),
            _("Make it anew at a station that runs: downtime accounts join-file FILE."),
        ) from error
    try:
        inside = unseal(unwrap(stretch(bare(typed), salt, b"", cost), stored, bound))
    except AccessRefusedError:
        raise AccessRefusedError(
            _("The joining code does not open this file."),
            _("Compare it group by group; it belongs to this very file."),
        ) from None
    signing = bytes.fromhex(inside["signing"])
    package = read_package(inside["accounts"].encode(), SigningKey(signing).public)
    return Joining(hospital_id, bytes.fromhex(inside["secret"]), signing, package.slots)
