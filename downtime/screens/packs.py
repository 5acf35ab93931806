"""Paper forms: which packs there are, who holds which, what is missing; print, issue, take back, void, settle."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.i18n import _
from downtime.pack_ledger import Ledger, in_words, ledger_in
from downtime.pack_report import Line as ReportLine
from downtime.pack_report import conflict_words, report_lines
from downtime.screens.base import StationScreen
from downtime.screens.pack_asks import issue, print_pack, settle_conflict, spoil, take_back
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import cut, line, lines, shown
from forms import form_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.pack_number import PaperNumber
    from downtime.screens.scans import Scan


class PacksScreen(StationScreen):
    """A row per pack and holder."""

    CSS_PATH = "packs.tcss"
    acts: ClassVar[tuple[str, ...]] = ("register", "patient", "hold", "delete_line", "reverse", "slip")
    rights: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("register", "patient", "hold", "delete_line", "slip"), "late_entry"),
        "reverse": "approve",
    }

    def __init__(self) -> None:
        super().__init__()
        self._ledger = Ledger()

    def body(self) -> ComposeResult:
        """How many are missing, the rows, what the marked row misses."""
        yield Static("", id="packs-top", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("Forms"), 10),
                RowColumn(lambda: _("First"), 15),
                RowColumn(lambda: _("Held by")),
                RowColumn(lambda: _("All"), 4, right=True),
                RowColumn(lambda: _("Typed"), 5, right=True),
                RowColumn(lambda: _("Void"), 4, right=True),
                RowColumn(lambda: _("Lost"), 4, right=True),
                RowColumn(lambda: _("Back in"), 7, right=True),
                RowColumn(lambda: _("Missing"), 7, right=True),
            ),
            self._shows,
            empty=lambda: _("No paper forms yet: Ctrl+N prints a pack."),
            digits=False,
            id="packs-rows",
        )
        yield Static("", id="packs-more", markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys walk through the list."""
        super().on_mount()
        self.query_one(Rows).focus()

    def offers(self, act: str) -> bool:
        """Leave the short bottom line to what is done here."""
        return act not in {"quit", "copy"} and super().offers(act)

    def label_of(self, act: str) -> str:
        """Return what the keys are called here."""
        return {
            "register": _("Print pack"),
            "patient": _("Issue"),
            "hold": _("Take back"),
            "delete_line": _("Void, lost"),
            "reverse": _("Settle difference"),
            "slip": _("Type in"),
        }.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Each key needs something to work on."""
        if act in {"patient", "hold", "delete_line"} and not self._ledger.packs:
            return _("There is no pack yet.")
        if act == "reverse" and not self._ledger.conflicts:
            return _("No paper was typed in differently.")
        return None

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Print packs before they are needed and issue them. Afterwards every form is typed in, void and kept, "
            "returned or explained: what is missing keeps the book from being signed off."
        )

    # -- what is seen -------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Look again; that can take a moment, so it happens behind."""
        self.station.behind(self._look_again())

    async def _look_again(self) -> None:
        desk = self.desk
        try:
            ledger = await desk.in_writer(lambda: ledger_in(desk.looking(), drill=desk.book.identity.drill))
        except RuntimeError:
            return  # the session ended
        if not self.is_attached:
            return
        self._ledger = ledger
        self.query_one(Rows).show(report_lines(ledger))
        missing, waiting = len(ledger.missing()), len(ledger.conflicts)
        style = "bold $warning" if missing else "bold $success"
        told: list[Content | str] = [
            shown(_("{count} forms are not accounted for").format(count=missing), style)
        ]
        if waiting:
            told += ["   ", shown(_("{count} typed in differently").format(count=waiting), "bold $warning")]
        if ledger.outside:
            told += ["   ", shown(_("{count} of no pack").format(count=len(ledger.outside)), "bold $warning")]
        self.query_one("#packs-top", Static).update(line(*told))
        self._tell_more()
        self.keys_changed()

    def _shows(self, told: ReportLine) -> Shows:
        counts = told.counts
        holder = f"{told.holder} {told.holder_name}".strip() or _("in stock")
        numbers = [counts.get(state, 0) for state in ("used", "void", "lost", "returned", "issued")]
        first = self._ledger.name(told.pack.series, told.pack.first)
        form = form_named(told.pack.kind)
        texts = (_(form.title) if form else "", first, holder, str(told.total), *map(str, numbers))
        return Shows(texts, "bold $warning" if told.missing and told.skipped else "")

    def on_rows_marked(self, _event: Rows.Marked) -> None:
        """Say more about the marked row."""
        self._tell_more()

    def _tell_more(self) -> None:
        width = max(self.size.width - 4, 40)
        told: list[Content | str] = []
        marked: ReportLine | None = self.query_one(Rows).marked
        if marked is not None and marked.missing:
            numbers = in_words(marked.missing)
            told.append(cut(_("Not accounted for: {numbers}").format(numbers=numbers), width))
        if marked is not None and marked.skipped:
            numbers = in_words(marked.skipped)
            words = _("Skipped, later ones are typed in: {numbers}").format(numbers=numbers)
            told.append(shown(cut(words, width), "bold $warning"))
        for one in list(self._ledger.conflicts.values())[:3]:
            words = conflict_words(one.number, one.differs, one.typed_by)
            told.append(shown(cut(words, width), "bold $warning"))
        self.query_one("#packs-more", Static).update(lines(told))

    def take_scan(self, scan: Scan) -> bool:
        """A form's code marks the pack it belongs to."""
        if scan.kind != "paper":
            return False
        number: PaperNumber = scan.value
        for place, told in enumerate(report_lines(self._ledger)):
            if told.pack.holds(number.series, number.count):
                self.query_one(Rows).mark(place)
        return True

    # -- acts ---------------------------------------------------------------------------------------

    def act_register(self) -> None:
        """Print a pack."""
        print_pack(self, self.done)

    def act_patient(self) -> None:
        """Give forms into somebody's hands."""
        issue(self, self._marked_run(("stock", "returned")), self.done)

    def act_hold(self) -> None:
        """Take unused forms back."""
        take_back(self, self._marked_run(("issued",)), self.done)

    def act_delete_line(self) -> None:
        """Declare forms void, or lost."""
        spoil(self, self._marked_run(("issued",)), self.done)

    def act_reverse(self) -> None:
        """Decide about a paper that was typed in twice, differently."""
        settle_conflict(self, list(self._ledger.conflicts.values()), self.done)

    def act_slip(self) -> None:
        """Go and type papers in."""
        self.station.go("late_entry")

    def _marked_run(self, states: tuple[str, ...]) -> tuple[str, str]:
        """Return first and last number of the marked row that are in one of ``states``; "" where none is."""
        marked: ReportLine | None = self.query_one(Rows).marked
        if marked is None:
            return "", ""
        pack = marked.pack
        forms = self._ledger.forms
        found = [
            n for n in self._ledger.numbers(pack, *states) if forms[pack.series, n].holder == marked.holder
        ]
        if not found:
            return "", ""
        last = next((n for n in found if n + 1 not in found), found[-1])
        return self._ledger.name(pack.series, found[0]), self._ledger.name(pack.series, last)

    def done(self, words: Callable[[], str]) -> None:
        """Say what was done and show it."""
        self.say(words, "done")
        self.redraw()
