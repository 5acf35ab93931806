"""What proves afterwards who did what: the audit, the chain, its second copy, approvals, sign-offs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.audit import PROMISED_DAYS
from downtime.inspection_look import SHARE_SECONDS_MAX, UNREADABLE, within
from downtime.inspection_words import (
    EVIDENCE,
    MEASURED,
    MISSING,
    OUT_OF_DATE,
    SETTINGS,
    Evidence,
    Fact,
    Told,
    age_days,
    aged,
    day,
    in_entry,
    in_file,
    minute,
    named,
    plain,
)
from downtime.store.headlog import RECORD_BYTES, HeadLog
from downtime.verify import verify_book
from forms.text import N_
from forms.trust import COUNTERSIGNED_LATER, RULE_TITLES, WAY_TITLES

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.inspection_look import BookLook, Look
    from downtime.inspection_words import State

_AUDIT = Told(N_("audit of all books"))
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "login": (N_("Login"), ("login",)),
    "logout": (N_("Logout"), ("logout",)),
    "failed_login": (N_("Failed login"), ("gate_login", "login_refused")),
    "account_locked": (N_("Account locked after wrong passwords"), ("gate_locked",)),
    "screen_locked": (N_("Screen locked"), ("locked", "unlocked")),
    "right_refused": (N_("Not allowed, refused"), ("right_refused", "gate_right_refused")),
    "patient_opened": (N_("Patient opened"), ("patient_opened",)),
    "entry_recorded": (N_("Entry recorded"), ("entry_recorded",)),
    "printed": (N_("Printout"), ("printed",)),
    "exported": (N_("Export"), ("exported",)),
    "settings": (N_("Settings as seen"), ("settings_seen", "settings_changed")),
    "accounts": (N_("Account changed"), ("account_changed",)),
    "clock": (N_("Clock jumped"), ("clock_jumped",)),
}
ALWAYS_THERE = ("login", "settings")
"""Whoever opens the app leaves these behind; without them the audit does not speak of daily use."""


def audit_span(look: Look, days: int) -> Evidence:
    """How far back the audit goes, over every book that is still there, and that it still grows."""
    ends = [book.span for book in look.books if book.span is not None]
    if not ends:
        return Evidence(MISSING, Told(N_("there is no audit line")), _broken(look))
    oldest, newest = ends[0][0], ends[-1][1]
    span = age_days(oldest.recorded_at, look.now)
    lines = sum(event.count for book in look.books for event in book.events)
    facts = (
        Fact(N_("Oldest line"), plain(minute(oldest.recorded_at)), in_entry(oldest)),
        Fact(N_("Newest line"), plain(minute(newest.recorded_at)), in_entry(newest)),
        Fact(N_("Audit lines"), plain(f"{lines:,}"), _AUDIT),
        Fact(
            N_("Retention of books"),
            Told(N_("{days} days"), {"days": look.settings.retention.days}),
            SETTINGS,
        ),
        *_broken(look),
    )
    figures = {"days": span, "lines": lines, "days_wanted": PROMISED_DAYS}
    values = {"day": day(oldest.recorded_at), "days": span, "wanted": PROMISED_DAYS}
    if span < PROMISED_DAYS or look.broken:
        line = Told(N_("oldest line {day}: {days} of {wanted} days"), values)
        return Evidence(MISSING, line, facts, figures)
    if aged(newest.recorded_at, look.now, days) == OUT_OF_DATE:
        line = Told(N_("nothing was written since {day}"), {"day": day(newest.recorded_at)})
        return Evidence(OUT_OF_DATE, line, facts, figures)
    return Evidence(EVIDENCE, Told(N_("oldest line {day}, {days} days ago"), values), facts, figures)


def _broken(look: Look) -> tuple[Fact, ...]:
    return tuple(
        Fact(N_("Book that cannot be read"), plain(reason), in_file(f"books/{number:04d}"))
        for number, reason in look.broken
    )


def audit_kinds(look: Look, days: int) -> Evidence:
    """Which kinds of events stand in the audit, how often and when last."""
    events = [(event, book) for book in look.books for event in book.events]
    facts, present, newest_login = [], [], ""
    figures: dict[str, int] = {}
    for kind, (title, names) in KINDS.items():
        found = [(event, book) for event, book in events if event.event in names]
        figures[kind] = sum(event.count for event, _book in found)
        if not found:
            facts.append(Fact(title, Told(N_("none recorded so far")), _AUDIT))
            continue
        last, book = max(found, key=lambda pair: (pair[1].paths.number, pair[0].last_seq))
        source = Told(
            N_("book {book}, entry {entry}"), {"book": f"{book.paths.number:04d}", "entry": last.last_seq}
        )
        values = {"count": figures[kind], "day": minute(last.last_at)}
        facts.append(Fact(title, Told(N_("{count} times, last {day}"), values), source))
        present.append(kind)
        newest_login = last.last_at if kind == "login" else newest_login
    absent = [Told(KINDS[kind][0]) for kind in ALWAYS_THERE if kind not in present]
    if absent:
        return Evidence(
            MISSING, Told(N_("never recorded: {kinds}"), {"kinds": tuple(absent)}), tuple(facts), figures
        )
    values = {"count": len(present), "total": len(KINDS), "day": day(newest_login)}
    line = Told(N_("{count} of {total} kinds of events recorded; last login {day}"), values)
    return Evidence(aged(newest_login, look.now, days), line, tuple(facts), figures)


def chain_verified(look: Look, _days: int) -> Evidence:
    """The current book, read now as an outsider would."""
    if not look.books:
        return Evidence(MISSING, Told(N_("there is no book that can be read")), _broken(look))
    paths = look.books[-1].paths
    found = verify_book(look.home, look.ring, paths)
    source = MEASURED
    facts = (
        Fact(N_("Book"), plain(f"{paths.number:04d}"), source),
        Fact(N_("Entries"), plain(f"{found.entries:,}"), source),
        Fact(N_("Signed heads"), plain(f"{found.head_records:,}"), source),
        Fact(N_("Receipts"), plain(f"{found.receipts:,}"), source),
        Fact(N_("Last hash"), plain(found.head), source),
    )
    figures = {"entries": found.entries, "heads": found.head_records, "findings": len(found.findings)}
    if found.first is not None:
        where = {
            "position": found.first.position or "-",
            "part": found.first.part,
            "book": f"{paths.number:04d}",
        }
        line = Told(N_("book {book} is not as it was written: {part}, position {position}"), where)
        return Evidence(
            MISSING, line, (*facts, Fact(N_("Finding"), plain(found.first.what), source)), figures
        )
    values = {"book": f"{paths.number:04d}", "entries": f"{found.entries:,}"}
    return Evidence(
        EVIDENCE, Told(N_("book {book}: all {entries} entries as written"), values), facts, figures
    )


def head_mirror(look: Look, _days: int) -> Evidence:
    """The second copy of the head log on another disk."""
    folder = look.settings.journal.head_mirror
    if not folder or not look.books:
        return Evidence(MISSING, Told(N_("no second copy of the head log is set up")), (), {"behind": 0})
    book = look.books[-1]
    first = next(entry for entry in book.entries if entry.form == "opening")
    path = look.home.path / folder / f"{first.station}{first.incarnation}-{first.book:04d}.head"
    own = book.paths.head_log.read_bytes()  # before the copy: it follows the log, never the other way round
    facts: tuple[Fact, ...] = (Fact(N_("Second copy"), plain(path), SETTINGS),)
    try:
        theirs = within(SHARE_SECONDS_MAX, path.read_bytes)
    except OSError:
        return Evidence(
            MISSING, Told(N_("the second copy of the head log cannot be read")), facts, {"behind": 0}
        )
    shorter = min(len(own), len(theirs))
    if own[:shorter] != theirs[:shorter]:
        return Evidence(MISSING, Told(N_("the second copy of the head log says something else")), facts)
    behind = max(0, (len(own) - len(theirs)) // RECORD_BYTES)
    facts += (Fact(N_("Signed heads"), plain(len(theirs) // RECORD_BYTES), in_file(path.name)),)
    if behind:
        line = Told(N_("the second copy is {count} signed heads behind"), {"count": behind})
        return Evidence(OUT_OF_DATE, line, facts, {"behind": behind})
    count = {"count": len(theirs) // RECORD_BYTES}
    return Evidence(
        EVIDENCE, Told(N_("the second copy holds all {count} signed heads"), count), facts, {"behind": 0}
    )


def approvals(look: Look, days: int) -> Evidence:
    """What was approved by a second person, and what still waits for a countersignature."""
    approved = look.entries("approval")
    if not approved:
        return Evidence(MISSING, Told(N_("no approval is recorded yet")), (), {"approvals": 0, "waiting": 0})
    signed = {entry.content["approval_id"] for entry in look.entries("countersigned")}
    waiting = [
        entry for entry in approved if entry.content["way"] in COUNTERSIGNED_LATER and entry.id not in signed
    ]
    facts = tuple(_approval(entry, N_("Waits for a countersignature")) for entry in waiting)
    facts += tuple(_approval(entry, N_("Approved")) for entry in approved[-10:] if entry not in waiting)
    figures = {"approvals": len(approved), "waiting": len(waiting), "countersigned": len(signed)}
    values = {"count": len(waiting), "total": len(approved)}
    line = Told(N_("approvals: {total}; waiting for a countersignature: {count}"), values)
    late = any(aged(entry.recorded_at, look.now, days) == OUT_OF_DATE for entry in waiting)
    return Evidence(OUT_OF_DATE if late else EVIDENCE, line, facts, figures)


def _approval(entry: Entry, label: str) -> Fact:
    values = {
        "rule": Told(RULE_TITLES[entry.content["rule"]]),
        "way": Told(WAY_TITLES[entry.content["way"]]),
        "day": minute(entry.recorded_at),
    }
    return Fact(label, Told("{day} {rule} ({way})", values), in_entry(entry))


def sign_offs(look: Look, days: int) -> Evidence:
    """Finished books are signed off by two, at their very last hash."""
    finished = look.books[:-1]
    if not finished:
        line = Told(N_("no book is finished yet; nothing to sign off"))
        return Evidence(MISSING, line, _broken(look), {"finished": 0, "signed": 0})
    facts, unsigned, late = [], [], False
    purged = {entry.content["book"]: entry for entry in look.entries("book_purged")}
    for book in finished:
        number = book.paths.number
        found = _sign_off_of(look, book)
        if found is not None:
            by = ", ".join(one["operator"] for one in found.content["signed"])
            told = Told(N_("{day} by {who}"), {"day": day(found.recorded_at), "who": by})
            facts.append(Fact(N_("Book signed off"), Told("{book}: {told}", {"book": f"{number:04d}", "told": told}),
                              in_entry(found)))  # fmt: skip
            continue
        unsigned.append(f"{number:04d}")
        ended = book.span[1].recorded_at if book.span else look.now
        late = late or aged(ended, look.now, days) == OUT_OF_DATE
        facts.append(Fact(N_("Book not signed off"), plain(f"{number:04d}  {minute(ended)}"), _AUDIT))
    facts += [
        Fact(N_("Book destroyed"), plain(f"{number:04d}"), in_entry(entry))
        for number, entry in purged.items()
    ]
    figures = {"finished": len(finished), "signed": len(finished) - len(unsigned), "destroyed": len(purged)}
    values = {"count": figures["signed"], "total": len(finished)}
    line = Told(N_("{count} of {total} finished books are signed off by two"), values)
    if unsigned:
        values["books"] = named(unsigned)  # type: ignore[assignment]  # names beside numbers
        line = Told(N_("{count} of {total} finished books are signed off by two; not yet: {books}"), values)
    state: State = OUT_OF_DATE if late else MISSING if not figures["signed"] else EVIDENCE
    return Evidence(state, line, tuple(facts), figures)


def _sign_off_of(look: Look, book: BookLook) -> Entry | None:
    try:
        last = HeadLog(book.paths.head_log).records()[-1]
    except (*UNREADABLE, IndexError):
        return None
    for entry in look.entries("signed_off"):
        content = entry.content
        people = {one["operator"] for one in content["signed"]}
        if (content["book"], content["head"]) == (book.paths.number, last.head.hex()) and len(people) > 1:
            return entry
    return None
