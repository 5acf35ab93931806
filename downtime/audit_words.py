"""What each event of the audit is called; station forms are called as their titles say."""

from __future__ import annotations

from downtime.i18n import _
from forms import form_named
from forms.text import N_

EVENT_WORDS: dict[str, str] = {
    "accounts_packed": N_("Accounts packed for other stations"),
    "accounts_taken": N_("Accounts taken from another station"),
    "ballast_back": N_("Disk reserve put back"),
    "ballast_freed": N_("Disk full: reserve used"),
    "board_bytes_shown": N_("Bytes of an entry shown"),
    "clock_acknowledged": N_("Jump of the clock seen"),
    "clock_jumped": N_("Clock jumped"),
    "closing_certificate": N_("Closing certificate written"),
    "closing_pack": N_("After-action pack written"),
    "emergency_login": N_("Emergency envelope used"),
    "entry_recorded": N_("Entry recorded"),
    "gate_counters_changed": N_("Failure counters were changed"),
    "gate_export": N_("Exported while the journal did not open"),
    "gate_locked": N_("Account locked after wrong passwords"),
    "gate_login": N_("Wrong password or unknown operator"),
    "gate_right_refused": N_("Not allowed, refused (command)"),
    "gate_unreadable": N_("Unreadable line in the gate log"),
    "grace_login": N_("Login with an expired password"),
    "identity_shown": N_("Numbers shown in full"),
    "inspection_written": N_("Self-inspection written"),
    "leaver_on_list": N_("Closed account is on the staff list again"),
    "locked": N_("Screen locked"),
    "login": N_("Login"),
    "login_refused": N_("Login refused"),
    "logout": N_("Logout"),
    "operator_switched": N_("Operator switched"),
    "outage_ended": N_("Outage ended"),
    "taken_from_hub": N_("Taken from the hub"),
    "patient_opened": N_("Patient opened"),
    "right_refused": N_("Not allowed, refused"),
    "settings_changed": N_("Settings changed"),
    "settings_seen": N_("Settings as seen"),
    "unlocked": N_("Screen unlocked"),
}
"""Every ``Audit(event=...)`` in the tree stands here."""


def event_words(event: str) -> str:
    """Return what an event, or a station form by its name, is called in the language in use."""
    form = form_named(event)
    return _(EVENT_WORDS.get(event) or (form.title if form is not None else event))


def events_named(text: str) -> tuple[str, ...]:
    """Return the events and station forms whose id or words, in any language, hold ``text``."""
    from downtime.i18n import in_language
    from forms import STATION_FORMS

    titles = {form.name: form.title for form in STATION_FORMS if form.name != "audit"} | EVENT_WORDS
    asked = text.strip().lower()
    return tuple(
        event
        for event, title in titles.items()
        if any(asked in words.lower() for words in (event, title, in_language(title, "zh")))
    )
