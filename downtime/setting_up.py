"""Setting a real station up: the first two people, their two envelopes, or joining a hospital's other stations."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.book import OpenBook
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.i18n import _
from downtime.password_policy import policy_named, problems_of_password
from downtime.rights import may
from downtime.slots import open_slot
from downtime.station import create_station

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.joining import Joining
    from downtime.keys import Person
    from downtime.settings import Settings
    from downtime.wrapping import Argon2Cost
    from forms.base import Problem

RECOVERY = "recovery"
_SERVICE_PASSWORD_BYTES = 24


def founder_problems(settings: Settings, founders: Sequence[tuple[Person, str]]) -> list[tuple[str, Problem]]:
    """Return what is wrong with the passwords of the first people, by staff number."""
    policy = policy_named(settings.access.policy)
    found = []
    for person, password in founders:
        own = (person.operator, person.name, settings.hospital.id, settings.station.code)
        found += [(person.operator, problem) for problem in problems_of_password(password, policy, own)]
    return found


def found_station(
    path: Path,
    settings: dict[str, Any],
    administrator: tuple[Person, str],
    supervisor: tuple[Person, str],
    papers: Path,
    *,
    cost: Argon2Cost | None = None,
    clock: Clock | None = None,
) -> tuple[Home, list[Path]]:
    """Make the first station of a hospital; return it with the PDFs of its two envelopes.

    Args:
        path: an empty or absent folder on a local disk.
        settings: sections of ``station.toml`` as plain values.
        administrator: who, and the password they typed; checked already.
        supervisor: somebody else.
        papers: folder for the PDFs, on no share; made if absent.
        cost: argon2id cost.
        clock: where times come from.
    """
    _require_two(administrator[0].operator, supervisor[0].operator)
    _make_folder(papers)
    password = secrets.token_urlsafe(_SERVICE_PASSWORD_BYTES)
    people = [administrator, supervisor]
    home = create_station(path, settings, people, service_password=password, cost=cost, clock=clock)
    first, second = ((person.operator, secret) for person, secret in people)
    return home, _envelopes(home, first, second, papers, clock)


def join_station(
    path: Path,
    settings: dict[str, Any],
    joining: Joining,
    administrator: tuple[str, str],
    supervisor: tuple[str, str],
    papers: Path,
    *,
    cost: Argon2Cost | None = None,
    clock: Clock | None = None,
) -> tuple[Home, list[Path]]:
    """Make another station of a hospital, and its envelopes: people log in here with the passwords they have.

    Args:
        path: an empty or absent folder on a local disk.
        settings: sections of ``station.toml`` as plain values; the hospital is the joining file's.
        joining: what another station gave out.
        administrator: staff number and password of somebody with the right to keys.
        supervisor: staff number and password of a second person who approves.
        papers: folder for the PDFs, on no share; made if absent.
        cost: argon2id cost of the delivering account.
        clock: where times come from.

    Raises:
        RefusedInputError: another hospital, or one person twice.
        AccessRefusedError: one of them has no account there, a wrong password, or no right to.
    """
    _require_two(administrator[0], supervisor[0])
    if settings.get("hospital", {}).get("id") != joining.hospital_id:
        raise RefusedInputError(
            _("The settings name another hospital than the joining file: {hospital}.").format(
                hospital=joining.hospital_id
            ),
            _("Write that id into [hospital] of the settings; nothing was made."),
        )
    _require_account(joining, administrator, "keys")
    _require_account(joining, supervisor, "approve")
    _make_folder(papers)
    home = create_station(
        path,
        settings,
        (),
        service_password=secrets.token_urlsafe(_SERVICE_PASSWORD_BYTES),
        cost=cost,
        clock=clock,
        hospital=(joining.secret, joining.signing),
        accounts=joining.accounts,
    )
    return home, _envelopes(home, administrator, supervisor, papers, clock)


def _make_folder(papers: Path) -> None:
    """Make the folder if it is not there; the rights of one that is there stay as they are."""
    if not papers.is_dir():
        os_calls.private_dir(papers)


def _require_two(one: str, other: str) -> None:
    if one == other:
        raise RefusedInputError(
            _("Administrator and supervisor are two people."), _("Name two; nothing was made.")
        )


def _require_account(joining: Joining, who: tuple[str, str], right: str) -> None:
    """Check before anything is made that somebody is there to seal the envelopes."""
    slot = next((slot for slot in joining.accounts if slot.operator == who[0]), None)
    if slot is None or slot.closed or not may(slot.roles, right):
        raise AccessRefusedError(
            _("{operator} has no account in the joining file that could do this.").format(operator=who[0]),
            _("Name an administrator and a supervisor of the hospital; nothing was made."),
        )
    try:
        open_slot(slot, who[1], joining.secret)
    except AccessRefusedError:
        raise AccessRefusedError(
            _("The password of {operator} is wrong.").format(operator=who[0]),
            _("Type it again; nothing was made."),
        ) from None


def _envelopes(
    home: Home, administrator: tuple[str, str], supervisor: tuple[str, str], papers: Path, clock: Clock | None
) -> list[Path]:
    from downtime.enveloping import (  # it needs a name from here
        seal_emergency_envelope,
        seal_recovery_envelope,
    )

    book = OpenBook(home, home.keys.unlock(*administrator), home.current_book(), clock)
    try:
        recovery = seal_recovery_envelope(book, supervisor, papers)
        return [recovery, seal_emergency_envelope(book, supervisor, papers)]
    finally:
        book.close()
