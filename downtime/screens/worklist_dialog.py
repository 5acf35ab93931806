"""What settles one row of a work list: a few questions, what is wrong beside each; Enter at the end records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.record import new_entry_id
from downtime.screens.base import Dialog
from downtime.screens.choice import Choice
from downtime.screens.keyline import Words
from downtime.screens.people import patient_card
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import PATIENT_COLUMNS, seek_patients
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import CodeField, Field, PhoneField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from downtime.screens.people import PatientCard
    from forms.base import Form, Problem

CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        name: key of the answer, and the field a problem names.
        label: returns what is asked.
        kind: "text", "code", "phone", "patient", or "choice" with its ``options``.
        value: what stands there already.
    """

    name: str
    label: Callable[[], str]
    kind: str = "text"
    options: tuple[tuple[str, Callable[[], str]], ...] = ()
    value: str = ""


class ActDialog(Dialog):
    """Gives ``Recorded``, or None.

    Args:
        title: what is about to be done.
        told: returns the lines that say on what.
        asked: the questions.
        make: returns the filled form for the answers, or what is wrong; the patient is a ``PatientCard``.
        right: what one must be allowed.
        patient: who it is about, where a question asks for that and somebody is known already.
    """

    CSS_PATH = "worklist_dialog.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle",)

    def __init__(
        self,
        title: Callable[[], str],
        told: Callable[[], Sequence[Content | str]],
        asked: Sequence[Asked],
        make: Callable[[Mapping[str, Any]], Form | list[Problem]],
        *,
        right: str = "cash",
        patient: PatientCard | None = None,
    ) -> None:
        super().__init__()
        self._title, self._told, self._asked = title, told, tuple(asked)
        self._make, self._right, self._patient = make, right, patient
        self._entry_id = new_entry_id()
        self._problems: dict[str, Callable[[], str]] = {}

    def right_of(self, act: str) -> str | None:
        """Recording it needs what the form needs."""
        return self._right if act == "settle" else super().right_of(act)

    def body(self) -> ComposeResult:
        """What it is about, the questions, what the next Enter does."""
        yield Static("", id="act-told", markup=False)
        for asked in self._asked:
            with Horizontal(classes="act-row"):
                yield Words(asked.label, classes="label act-label")
                yield self._widget(asked)
            yield Static("", id=f"problem-{asked.name}", classes="problem act-problem", markup=False)
        yield Static("", id="act-next", markup=False)

    def _widget(self, asked: Asked) -> Widget:
        name = f"line-{asked.name}"
        if asked.kind == "choice":
            return Choice(asked.options, id=name)
        if asked.kind == "patient":
            return SearchField(
                lambda typed: seek_patients(self.desk, typed),
                PATIENT_COLUMNS,
                hint=lambda: _("initials, name, number or scan"),
                width=64,
                id=name,
            )
        if asked.kind == "phone":
            field = PhoneField(id=name, max_length=40)
            field.value = asked.value
            return field
        kind = CodeField if asked.kind == "code" else Field
        return kind(asked.value, id=name, max_length=CHARACTERS_MAX)

    def on_mount(self) -> None:
        """Put the cursor into the first question that has no answer yet."""
        super().on_mount()
        for asked in self._asked:
            if asked.kind == "choice" and asked.value:
                self.query_one(f"#line-{asked.name}", Choice).choose(asked.value)
        if self._patient is not None:
            self._seat(self._patient)
        known = self._patient is not None
        first = next((one for one in self._asked if not (one.kind == "patient" and known)), self._asked[0])
        self._focus(first.name)

    def _focus(self, name: str) -> None:
        widget = self.query_one(f"#line-{name}")
        if isinstance(widget, SearchField):
            widget.ask()
        else:
            widget.focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _("A digit chooses, Enter goes to the next line and records on the last one. Esc leaves.")

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        return _("Record") if act == "settle" else super().label_of(act)

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(self._title())
        self.query_one("#act-told", Static).update(lines(self._told()))
        for choice in self.query(Choice):
            choice.draw()
        for asked in self._asked:
            words = self._problems.get(asked.name)
            problem = self.query_one(f"#problem-{asked.name}", Static)
            problem.display = words is not None
            problem.update(shown(words() if words else ""))
        self.query_one("#act-next", Static).update(
            shown(_("Enter goes on; on the last line it records.  Esc leaves."), "$secondary")
        )

    # -- keys ---------------------------------------------------------------------------------------

    def on_choice_settled(self, event: Choice.Settled) -> None:
        """On to the next question."""
        event.stop()
        self.run_worker(self._go_on((event.choice.id or "").removeprefix("line-")))

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """On to the next question, or record."""
        event.stop()
        await self._go_on((event.input.id or "").removeprefix("line-"))

    async def _go_on(self, name: str) -> None:
        names = [asked.name for asked in self._asked]
        place = names.index(name) + 1
        if place < len(names):
            self._focus(names[place])
        else:
            await self.act("settle")

    def on_input_changed(self, event: Field.Changed) -> None:
        """Say beside it what is no phone number."""
        if isinstance(event.input, PhoneField):
            problem = self.query_one(f"#problem-{(event.input.id or '').removeprefix('line-')}", Static)
            problem.display = bool(event.input.doubt())
            problem.update(shown(event.input.doubt()))

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A patient was found."""
        self._seat(patient_card(self.desk, event.value))
        self.run_worker(self._go_on((event.search.id or "").removeprefix("line-")))

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Nobody is called that."""
        if self._patient is not None and event.text == self._patient.name:
            self.run_worker(self._go_on((event.search.id or "").removeprefix("line-")))
            return
        self._patient = None
        self._problems["patient"] = lambda: _("Nobody found: register the patient first.")
        self.redraw()

    def _seat(self, card: PatientCard) -> None:
        self._patient = card
        self._problems.pop("patient", None)
        search = self.query_one("#line-patient", SearchField)
        search.input.take(card.name)
        search.close()
        self.opened_patient(card.number)
        self.redraw()

    # -- recording ----------------------------------------------------------------------------------

    def answers(self) -> dict[str, Any]:
        """Return what was chosen and typed."""
        found: dict[str, Any] = {}
        for asked in self._asked:
            widget = self.query_one(f"#line-{asked.name}")
            if isinstance(widget, Choice):
                found[asked.name] = widget.value
            elif isinstance(widget, Field):
                found[asked.name] = widget.value.strip()
            else:
                found[asked.name] = self._patient
        return found

    async def act_settle(self) -> None:
        """Record what was answered."""
        self._problems = {}
        if any(asked.kind == "patient" for asked in self._asked) and self._patient is None:
            self._problems["patient"] = lambda: _("Who? Type a name or number.")
            self.redraw()
            self._focus("patient")
            return
        form = self._make(self.answers())
        if isinstance(form, list):
            self.show_problems(form)
            return
        self.redraw()
        await self.record(form, self._entry_id, self.dismiss)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each beside its question, the cursor on the first; one without a question stands below."""
        names = {asked.name for asked in self._asked}
        for problem in reversed(problems):
            if problem.field in names:
                self._problems[problem.field] = lambda problem=problem: problem_words(problem)  # type: ignore[misc]  # bound in the loop
                self._focus(problem.field)
            else:
                self.say(lambda problem=problem: problem_words(problem), "problem")  # type: ignore[misc]  # as above
        self.redraw()
