"""What the screen of paper forms asks before it does something: how many, from which to which, to whom, why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from downtime import packs
from downtime.i18n import _, chosen_language
from downtime.pack_printing import print_pack as printed
from downtime.record import new_entry_id
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.pick import PickDialog
from downtime.screens.reason import ReasonDialog
from downtime.screens.recording import Wish, record_here
from downtime.screens.text import shown
from forms.base import Problem
from forms.paper_late import DECISIONS, PaperConflictSettled
from forms.paper_pack import PAPER_KINDS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from downtime.pack_ledger import Conflict
    from downtime.screens.base import StationScreen
    from forms.base import Form

    Done = Callable[[Callable[[], str]], None]


def print_pack(screen: StationScreen, done: Done) -> None:
    """Ask which form and how many; the PDF lies in the station's folder ``packs``."""

    def picked(kind: str | None) -> None:
        if kind is not None:
            screen.station.push_screen(_how_many(screen, kind, done))

    rows = [(_(title), kind) for kind, title in PAPER_KINDS.items()]
    screen.station.push_screen(PickDialog(lambda: _("Which form?"), rows), picked)


def _how_many(screen: StationScreen, kind: str, done: Done) -> FieldsDialog:
    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        if not answers["count"].isdecimal():
            return [Problem("count", N_("This must be a whole number."))]
        desk, count = screen.desk, int(answers["count"])
        folder = desk.home.path / "packs"
        stamp = datetime.fromisoformat(screen.station.now()).strftime("%Y%m%d-%H%M%S")
        out = folder / f"{kind}-{stamp}.pdf"
        language = "en" if chosen_language() == "en" else "zh"

        def act() -> tuple[Any, Any]:
            packs.make_folder(folder)
            return desk.kept.recorded(
                lambda: printed(desk.book, kind, count, out, language)  # type: ignore[arg-type]  # picked from the kinds
            )

        await desk.in_writer(act)
        done(
            lambda: _("{count} forms: print packs/{file}, then issue them.").format(
                count=count, file=out.name
            )
        )
        return []

    return FieldsDialog(
        lambda: _("Print pack"),
        lambda: [
            shown(_(PAPER_KINDS[kind]), "bold"),
            _("The numbers are recorded first; the forms are a PDF in the station's folder packs."),
        ],
        (Line("count", lambda: _("How many"), "code", "50"),),
        finish,
    )


def issue(screen: StationScreen, run: tuple[str, str], done: Done) -> None:
    """Ask from which to which, and to whom."""

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        desk = screen.desk
        holder = answers["holder"].strip()
        staff = desk.reference.staff(holder) if desk.reference is not None else None
        place = desk.reference.department(holder) if desk.reference is not None else None
        if staff is None and place is None:
            return [Problem("holder", N_("Neither a staff number nor a department's code."))]
        kind, name = (
            ("person", staff.name) if staff is not None else ("department", place.name if place else "")
        )

        def made() -> Form:
            found = packs.read_run(desk.book, answers["first"], answers["last"])
            return packs.issue(desk.book, found, kind, holder, name)  # type: ignore[arg-type]  # one of the two

        await _record(screen, made)
        done(lambda: _("Issued to {name}.").format(name=f"{name} {holder}"))
        return []

    holder = Line("holder", lambda: _("To: staff no. or department"), "code")
    _ask(screen, lambda: _("Issue"), run, finish, holder)


def take_back(screen: StationScreen, run: tuple[str, str], done: Done) -> None:
    """Ask from which to which."""

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        desk = screen.desk
        await _record(
            screen,
            lambda: packs.take_back(desk.book, packs.read_run(desk.book, answers["first"], answers["last"])),
        )
        done(lambda: _("Taken back."))
        return []

    _ask(screen, lambda: _("Take back"), run, finish)


def spoil(screen: StationScreen, run: tuple[str, str], done: Done) -> None:
    """Ask whether void or lost, from which to which, and why; a lost one is explained by two or a supervisor."""
    rows = [(_("Void: spoilt, all parts are kept"), "void"), (_("Lost: nobody can show it"), "lost")]

    def picked(state: Any) -> None:
        if state is None:
            return

        async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
            desk = screen.desk

            def made() -> Form:
                found = packs.read_run(desk.book, answers["first"], answers["last"] or answers["first"])
                return packs.spoil(desk.book, found, state, answers["reason"])

            form = await desk.in_writer(made)
            wish = Wish(form, new_entry_id(), answers["reason"])
            screen.station.call_later(_later, wish)
            return []

        async def _later(wish: Wish) -> None:
            await record_here(screen, wish, lambda _recorded: done(lambda: _("Accounted for.")))

        reason = Line("reason", lambda: _("Reason"))
        title = _("Void form") if state == "void" else _("Lost form")
        _ask(screen, lambda: title, (run[0], ""), finish, reason)

    screen.station.push_screen(PickDialog(lambda: _("What became of it?"), rows), picked)


def settle_conflict(screen: StationScreen, found: Sequence[Conflict], done: Done) -> None:
    """Ask which typing is right, and why."""

    def which(conflict: Conflict | None) -> None:
        if conflict is None:
            return
        answers = [(_(title), decision) for decision, title in DECISIONS.items()]
        question = PickDialog(lambda: conflict.number, answers)
        screen.station.push_screen(question, lambda decision: _why(screen, conflict, decision, done))

    if len(found) == 1:
        which(found[0])
    else:
        rows = [(f"{one.number}  {one.typed_by}", one) for one in found]
        screen.station.push_screen(PickDialog(lambda: _("Which one?"), rows), which)


def _why(screen: StationScreen, conflict: Conflict, decision: Any, done: Done) -> None:
    if decision is None:
        return

    def given(reason: str | None) -> None:
        if reason is None:
            return
        form = PaperConflictSettled(
            conflict_id=conflict.id, paper_number=conflict.number, decision=decision, reason=reason
        )
        wish = Wish(form, new_entry_id(), reason)
        told = lambda _recorded: done(lambda: _("Settled."))  # noqa: E731 (one line, used once)
        screen.station.behind(record_here(screen, wish, told))

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("Settle difference"),
            lambda: [shown(conflict.number, "bold"), _(DECISIONS[decision])],
            (lambda: _("looked at the paper"), lambda: _("asked who wrote it")),
        ),
        given,
    )


def _ask(
    screen: StationScreen,
    title: Callable[[], str],
    run: tuple[str, str],
    finish: Any,
    *more: Line,
) -> None:
    asked = (
        Line("first", lambda: _("From number"), "code", run[0]),
        Line("last", lambda: _("To number"), "code", run[1]),
        *more,
    )
    told = lambda: [_("Whole numbers, or counter and check digit; a code can be scanned.")]  # noqa: E731 (one line)
    screen.station.push_screen(FieldsDialog(title, told, asked, finish, "first"))


async def _record(screen: StationScreen, made: Callable[[], Form]) -> None:
    form = await screen.desk.in_writer(made)
    await screen.desk.recording_event(form)
