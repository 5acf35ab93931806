"""At a station: how it joins a hub, and what it keeps of that in its home (``hub.json`` and the folder ``hub``)."""

from __future__ import annotations

import json
import threading
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from downtime.errors import AccessRefusedError, RefusedInputError, WrongPlaceError
from downtime.hub_following import must_follow
from downtime.hub_notice import hub_notice
from downtime.i18n import _
from downtime.whole_file import write_whole
from sync.connectors.hub import HubConnector
from sync.connectors.hub_link import HubLink, LinkError, NotTakenError, Speaker, authority_at
from sync.hub.asking import Answering
from sync.hub.collecting import Collected, Collector
from sync.hub.package import Taking
from sync.hub.stations import Code, joining_mark

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.keys import Keyring

FILE = "hub.json"


@dataclass(frozen=True, slots=True)
class Membership:
    """What a station knows of its hub.

    Attributes:
        address: ``host:port``.
        authority: the hub's certificate authority, PEM text; pinned.
        hospital: of hub and station.
        signing: public key that signs what comes down, hex.
        box: public key that bundles are sealed to, hex.
        joining: what lets the station in where the hub has not heard of it yet, or None.
    """

    address: str
    authority: str
    hospital: str
    signing: str
    box: str
    joining: dict[str, Any] | None = None

    @classmethod
    def of(cls, home: Home) -> Self:
        """Return the membership kept in ``home``.

        Raises:
            WrongPlaceError: this station has joined no hub, or the file is damaged.
        """
        try:
            told = json.loads((home.path / FILE).read_text("utf-8"))
            assert told.pop("v") == 1
            found = cls(**told)
            bytes.fromhex(found.signing + found.box)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
            raise WrongPlaceError(
                _("This station has joined no hub."),
                _("Get a code from IT, then: downtime-sync hub join ADDRESS --code-file FILE."),
            ) from error
        return found

    def keep(self, home: Home) -> None:
        """Keep it in ``home``."""
        write_whole(home.path / FILE, json.dumps({"v": 1, **asdict(self)}, indent=1).encode())

    def link(self, speaker: Speaker) -> HubLink:
        """Return a line to the hub on which ``speaker`` speaks."""
        return HubLink([self.address], self.authority.encode("ascii"), speaker)


def join(home: Home, ring: Keyring, address: str, typed: str) -> Membership:
    """Join the hub at ``address`` with the code it gave out for this station.

    Raises:
        RefusedInputError: the code is not whole, or what answers is not the hub it was made for.
        AccessRefusedError: the hub does not accept the code.
        WrongPlaceError: the hub cannot be reached, or the station is a drill's.
    """
    code = Code.read(typed)
    joining = _joining(home, ring, code.secret)
    try:
        authority = authority_at(address)
        if not code.fits(authority):
            raise RefusedInputError(
                _("What answers at {address} is not the hub this code was made for.").format(address=address),
                _("Compare address and code with the hub's screen; tell IT if both are right."),
            )
        with closing(HubLink([address], authority, _speaker(home, ring))) as line:
            told = line.ask("join", joining)
    except NotTakenError as error:
        raise _not_accepted(home, error) from error
    except LinkError as error:
        raise WrongPlaceError(
            error.reason, _("Check the address, the cable and that the hub runs.")
        ) from error
    made = Membership(
        address,
        authority.decode("ascii"),
        home.settings.hospital.id,
        str(told["signing"]),
        str(told["box"]),
    )
    made.keep(home)
    return made


def join_by_file(home: Home, ring: Keyring, file: Path) -> Membership:
    """Join with the file the hub made for this station; the hub hears of it when it first comes, by line or bundle.

    Raises:
        RefusedInputError: it is no such file, or for another station or hospital.
        WrongPlaceError: the station is a drill's.
    """
    settings = home.settings
    try:
        told = json.loads(file.read_text("utf-8"))
        stated = (told["station"], told["hospital"])
        joining = _joining(home, ring, bytes.fromhex(told["secret"]))
        names = ("address", "authority", "hospital", "signing", "box")
        made = Membership(**{name: str(told[name]) for name in names}, joining=joining)
        bytes.fromhex(made.signing + made.box)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RefusedInputError(
            _("{file} is no file of a hub for this station.").format(file=file.name),
            _("Let IT make it: downtime-sync hub station add CODE --to FILE."),
        ) from error
    if stated != (settings.station.code, settings.hospital.id):
        raise RefusedInputError(
            _("This file is for station {station} of hospital {hospital}.").format(
                station=stated[0], hospital=stated[1]
            ),
            _("Let IT make it: downtime-sync hub station add CODE --to FILE."),
        )
    made.keep(home)
    return made


def _joining(home: Home, ring: Keyring, secret: bytes) -> dict[str, Any]:
    """Return what lets this station in.

    Raises:
        WrongPlaceError: it is a drill's.
    """
    settings = home.settings
    if settings.station.drill:
        raise WrongPlaceError(
            _("This station is a drill's; nothing of it may reach a hub."), _("Use a real station.")
        )
    letters = sorted(path.stem for path in (home.keys.folder / "stations").glob("*.json"))
    request = {
        "hospital": settings.hospital.id,
        "station": settings.station.code,
        "drill": False,
        "keys": [{"incarnation": letter, "public": ring.public_key(letter).hex()} for letter in letters],
    }
    return {"request": request, "mark": joining_mark(secret, request)}


def _not_accepted(home: Home, error: NotTakenError) -> AccessRefusedError:
    code = home.settings.station.code
    if error.word == "wrong_signature":
        return AccessRefusedError(
            _("The hub knows another PC as station {station}.").format(station=code),
            _("Restore this station from its backup, or give it another code: its numbers would repeat."),
        )
    if error.word == "withdrawn":
        return AccessRefusedError(
            _("The key of this PC was withdrawn at the hub."),
            _("Go on under the next letter first: downtime continue. Then join with the same code."),
        )
    return AccessRefusedError(
        _("The hub does not accept this code for station {station}.").format(station=code),
        _("A code counts once, for one station, and not after five wrong ones; ask IT for another."),
    )


def connector_at(
    home: Home,
    ring: Keyring,
    clock: Clock,
    take_accounts: Callable[[Path], Any] | None = None,
    follow: Callable[[], list[str]] | None = None,
) -> HubConnector:
    """Return the hub as this station's connector: it sends every book and takes what comes down.

    Args:
        home: the station.
        ring: its open keys.
        clock: the station's.
        take_accounts: lets the station take over accounts from a file that came down.
        follow: lets the station do what else came down, and says what it did.

    Raises:
        WrongPlaceError: the station has joined no hub.
    """
    member = Membership.of(home)
    taking = Taking(home, bytes.fromhex(member.signing), take_accounts)

    def after(link: HubLink, collected: Collected) -> None:
        try:
            taking.take_newer(link, collected)
        finally:  # what came whole before is followed even if the line breaks now
            if follow is not None and must_follow(home):
                collected.followed = follow()

    collector = Collector(
        home,
        ring,
        clock,
        package_held=taking.version,
        after=after,
        elder=member.link,
        joining=member.joining,
    )
    return HubConnector(home.settings.hospital.id, member.link(_speaker(home, ring)), collector)


def answer_questions(home: Home, ring: Keyring, stop: threading.Event) -> None:
    """Answer beside everything else what the app asks about receipts, until ``stop``; nothing without a hub."""
    with suppress(WrongPlaceError):
        link = Membership.of(home).link(_speaker(home, ring))
        threading.Thread(
            target=Answering(home, link).run, args=(stop,), name="hub-asking", daemon=True
        ).start()


def news(home: Home, connector: HubConnector, said: set[str]) -> list[str]:
    """Return what people at this station should hear after a round: announcements, and what went wrong.

    Args:
        home: the station.
        connector: made by :func:`connector_at`.
        said: sentences that were said before; the new ones are added.
    """
    found = []
    if isinstance(connector.collecting, Collector):
        last = connector.collecting.last
        found += [
            _(
                "The hub holds other entries of book {book} than this PC: does another one record as this station?"
            ).format(book=book)
            for book in last.forked
        ]
        found += last.followed
        if last.trouble:
            found.append(_("What the hub offers could not be taken: {reason}").format(reason=last.trouble))
    if (told := hub_notice(home)) is not None:
        found.append(told.words())
    fresh = [sentence for sentence in found if sentence not in said]
    said.update(fresh)
    return fresh


def _speaker(home: Home, ring: Keyring) -> Speaker:
    key = ring.signing_key()
    return Speaker(home.settings.station.code, key.incarnation, key.sign)
