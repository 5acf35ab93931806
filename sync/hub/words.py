"""What the hub says of verdicts and stations, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.i18n import _
from forms.text import N_

if TYPE_CHECKING:
    from sync.hub.standing import StationStanding

_WORDS: Final = {
    "gap": N_("an earlier entry is missing"),
    "unsigned": N_("the station's signed head over it has not come"),
    "unreadable": N_("its content cannot be read"),
    "foreign": N_("it belongs to another hospital"),
    "drill": N_("it is a drill's"),
    "other_station": N_("it belongs to another station or book"),
    "broken": N_("it does not follow from the entry before it"),
    "other_hash": N_("another entry stands in its place"),
    "clone": N_("two PCs record as this station"),
    "other_body": N_("an entry with its id says something else"),
    "twice": N_("it stands here under another number already"),
    "unknown_form": N_("this hub does not know its form"),
    "withdrawn": N_("the key of this PC was withdrawn"),
    "no_second_person": N_("the second person's approval is missing"),
}


def verdict_words(verdict: str) -> str:
    """Return why an entry waits or is in quarantine, in words."""
    return _(_WORDS[verdict]) if verdict in _WORDS else verdict


def standing_text(one: StationStanding) -> str:
    """Return what the hub knows of one station, as a line."""
    if not one.incarnations:
        return _("{station}: has a code, has not joined yet").format(station=one.station)
    seen = one.last_seen[:16].replace("T", " ") or _("never")
    told = [
        _("{station}: last seen {seen}; {held} entries here, {unsynced} not yet").format(
            station=one.station, seen=seen, held=one.held, unsynced=one.unsynced
        )
    ]
    if one.unverified:
        told.append(_("{count} being verified").format(count=one.unverified))
    if one.stuck:
        told.append(_("{count} batches could not be looked into: update the hub").format(count=one.stuck))
    if one.withdrawn:
        told.append(_("key of {letters} withdrawn").format(letters=", ".join(one.withdrawn)))
    if one.waiting:
        told.append(_("{count} wait for earlier ones").format(count=one.waiting))
    told += [
        _("{count} in quarantine: {reason}").format(count=count, reason=verdict_words(name))
        for name, count in sorted(one.quarantined.items())
    ]
    if one.hub_knows_more:
        told.append(
            _("it has {count} entries fewer than the hub: was it set back?").format(count=one.hub_knows_more)
        )
    if abs(one.skew_seconds) > 120:  # noqa: PLR2004 (two minutes, as elsewhere)
        told.append(_("its clock is off by {minutes} minutes").format(minutes=round(one.skew_seconds / 60)))
    return "; ".join(told)
