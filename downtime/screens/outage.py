"""Declaring an outage and ending it: a person says so, the app never decides by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime import desk_queries
from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.screens.base import StationScreen
from downtime.screens.entry_lines import time_words
from downtime.screens.glance import elapsed
from downtime.screens.reason import ReasonDialog
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import lines, shown
from downtime.screens.topline import mode_of
from forms.base import problems_of
from forms.station_book import OutageDeclared, OutageEnded

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.entry import Entry
    from downtime.record import Recorded
    from forms.base import Form


class OutageScreen(StationScreen):
    """Who declared what and when; F8 declares or ends."""

    CSS_PATH = "outage.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle",)

    def body(self) -> ComposeResult:
        """What is in force, and what was before."""
        yield Static("", id="outage-now", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("Time"), 16),
                RowColumn(lambda: _("What"), 8),
                RowColumn(lambda: _("Outage"), 13),
                RowColumn(lambda: _("By"), 14),
                RowColumn(lambda: _("Reason")),
            ),
            _shows,
            empty=lambda: _("No outage has been declared in this book."),
            digits=False,
            id="outage-rows",
        )

    def on_mount(self) -> None:
        """Let the arrow keys walk through the list."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.set_interval(1, self._draw_now)

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        if act != "settle":
            return super().label_of(act)
        return _("End the outage") if desk_queries.outage_in_force(self.desk) else _("Declare an outage")

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Declare an outage when the HIS cannot be used; end it when it can. F8, a reason, Enter twice, then "
            "a second person signs. With a start code anybody can: ask IT or the general duty office."
        )

    def copyable(self) -> str:
        """Return the name of the outage in the marked row."""
        entry = self.query_one(Rows).marked
        return str(entry.content["outage"]) if entry is not None else ""

    def redraw(self) -> None:
        """Look again and write everything."""
        self._draw_now()
        self.query_one(Rows).show(desk_queries.outages(self.desk, 100))
        self.keys_changed()

    def _draw_now(self) -> None:
        declared = desk_queries.outage_in_force(self.desk)
        word, shape, style = mode_of(self.station)
        told: list[Content | str]
        if declared is None:
            told = [
                shown(f" {shape} {word} ", f"bold $text-on-{style} on ${style}"),
                "",
                shown(_("No outage is declared."), "bold"),
                shown(
                    _("F8 declares one. Recording works either way and goes to the HIS afterwards."),
                    "$secondary",
                ),
            ]
        else:
            since = elapsed(declared.recorded_at, self.station.now())
            told = [
                shown(" !! " + _("OUTAGE") + f" {since} ", "bold $text-on-outage on $outage"),
                "",
                shown(
                    _("{outage}, declared by {name} at {time}").format(
                        outage=declared.content["outage"],
                        name=declared.content["declared_by"] or declared.operator_name,
                        time=time_words(declared.recorded_at),
                    ),
                    "bold",
                ),
                shown(_("Reason: {reason}").format(reason=declared.content["reason"] or "-")),
            ]
        self.query_one("#outage-now", Static).update(lines(told))

    def act_settle(self) -> None:
        """Declare with a reason, or end; both are decided twice."""
        declared = desk_queries.outage_in_force(self.desk)
        if declared is None:
            self._declare()
        else:
            self._end(declared)

    def _declare(self) -> None:
        name = self._next_name()

        def decided(reason: str | None) -> None:
            if reason is not None:
                self._record(OutageDeclared, outage=name, reason=reason, declared_by=self.desk.person.name)

        self.station.push_screen(
            ReasonDialog(
                lambda: _("Declare an outage"),
                lambda: [shown(name, "bold"), shown(_("From here on everything is recorded under it."))],
                (
                    lambda: _("The HIS does not answer"),
                    lambda: _("The network is down"),
                    lambda: _("Power cut"),
                    lambda: _("Planned maintenance"),
                ),
                sure=lambda: _(" Enter again: declare it for this station. Esc: leave it. "),
            ),
            decided,
        )

    def _end(self, declared: Entry) -> None:
        name = str(declared.content["outage"])

        def decided(reason: str | None) -> None:
            if reason is not None:
                self._record(OutageEnded, outage=name, declared_by=self.desk.person.name, reason=reason)

        self.station.push_screen(
            ReasonDialog(
                lambda: _("End the outage"),
                lambda: [shown(name, "bold"), shown(_("What is recorded here still goes to the HIS."))],
                (
                    lambda: _("The HIS works again"),
                    lambda: _("Declared by mistake"),
                ),
                sure=lambda: _(" Enter again: end it for this station. Esc: leave it. "),
            ),
            decided,
        )

    def _next_name(self) -> str:
        day = f"X{self.station.now()[:10]}"
        taken = sum(
            1
            for entry in desk_queries.outages(self.desk, 1000)
            if entry.form == "outage_declared" and str(entry.content["outage"]).startswith(day)
        )
        return f"{day}-{taken + 1}" if taken else day

    def _record(self, form: type[Form], **content: str) -> None:
        from pydantic import ValidationError

        try:
            filled = form(**{name: text for name, text in content.items() if name in form.model_fields})
        except ValidationError as error:
            self.show_problems(problems_of(error))
            return
        self.station.behind(self.record(filled, new_entry_id(), self._stands, reason=content["reason"]))

    def _stands(self, recorded: Recorded) -> None:
        is_end = recorded.entry.form == OutageEnded.name
        if is_end:
            self.station.note("outage_ended", subject=str(recorded.entry.content["outage"]))
        self.redraw()
        self.say(
            lambda: _("Recorded: the outage is over.") if is_end else _("Recorded: the outage is declared."),
            "done",
        )
        self.station.look()


def _shows(entry: Entry) -> Shows:
    is_start = entry.form == "outage_declared"
    content = entry.content
    return Shows(
        (
            time_words(entry.recorded_at)[:16],
            _("declared") if is_start else _("ended"),
            str(content["outage"]),
            str(content["declared_by"] or entry.operator_name),
            str(content.get("reason", "")),
        ),
        "bold" if is_start else "",
    )
