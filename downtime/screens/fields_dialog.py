"""A few lines to fill in, what is wrong beside each; Enter goes on, and on the last one does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.errors import AccessRefusedError, DowntimeError, RefusedInputError
from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import CodeField, Field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content

    from forms.base import Problem

CHARACTERS_MAX = 128


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        name: key of the answer, and the field a problem names.
        label: returns what is asked.
        kind: "text", "code" or "password".
        value: what stands there already; the cursor begins at the first empty line.
    """

    name: str
    label: Callable[[], str]
    kind: str = "text"
    value: str = ""


class FieldsDialog(Dialog):
    """Gives the answers, or None.

    Args:
        title: what is about to be done.
        told: returns the sentences above the lines.
        asked: the lines.
        finish: does it with the answers and returns what is wrong; awaited, so a password may take its time.
        blamed: the line beside which a refusal stands that names no field: usually a password.
    """

    CSS_PATH = "fields_dialog.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle",)

    def __init__(
        self,
        title: Callable[[], str],
        told: Callable[[], Sequence[Content | str]],
        asked: Sequence[Line],
        finish: Callable[[Mapping[str, str]], Awaitable[Sequence[Problem]]],
        blamed: str = "",
    ) -> None:
        super().__init__()
        self._title, self._told, self._asked = title, told, tuple(asked)
        self._finish, self._blamed = finish, blamed
        self._busy = False
        self._problems: dict[str, Callable[[], str]] = {}

    def body(self) -> ComposeResult:
        """What it is about, and the lines."""
        yield Static("", id="fields-told", markup=False)
        for asked in self._asked:
            with Horizontal(classes="fields-row"):
                yield Words(asked.label, classes="label fields-label")
                yield _field(asked)
                yield Static("", id=f"problem-{asked.name}", classes="problem", markup=False)
        yield Static("", id="fields-more", markup=False)

    def on_mount(self) -> None:
        """Put the cursor into the first empty line."""
        super().on_mount()
        first = next((asked for asked in self._asked if not asked.value), self._asked[0])
        self.field(first.name).focus()

    def field(self, name: str) -> Field:
        """Return the field of a line."""
        return self.query_one(f"#line-{name}", Field)

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Enter goes to the next line and does it on the last one. F8 does it at once. Esc leaves.")

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        return _("Do it") if act == "settle" else super().label_of(act)

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(self._title())
        self.query_one("#fields-told", Static).update(lines(self._told()))
        self.query_one("#fields-more", Static).update(lines(self.more()))
        for asked in self._asked:
            words = self._problems.get(asked.name)
            self.query_one(f"#problem-{asked.name}", Static).update(shown(words() if words else ""))

    def more(self) -> Sequence[Content | str]:
        """Return what stands below the lines; for subclasses."""
        return []

    def answers(self) -> dict[str, str]:
        """Return what was typed."""
        return {asked.name: self.field(asked.name).value for asked in self._asked}

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """On to the next line, or do it."""
        event.stop()
        self.go_on((event.input.id or "").removeprefix("line-"), event.value)

    def go_on(self, name: str, typed: str) -> None:  # noqa: ARG002 (for subclasses)
        """Leave a line by Enter."""
        names = [asked.name for asked in self._asked]
        place = names.index(name) + 1
        if place < len(names):
            self.field(names[place]).focus()
        else:
            self.act_settle()

    def act_settle(self) -> None:
        """Do it with what was typed; only once at a time."""
        if not self._busy:
            self._busy = True
            self.station.behind(self._settle())

    async def _settle(self) -> None:
        self._problems = {}
        self.say(lambda: _("Checking..."))
        self.redraw()
        answers = self.answers()
        try:
            problems = self.refused(answers) or await self._finish(answers)
        except (AccessRefusedError, RefusedInputError) as error:
            refused = error
            self.say(lambda: refused.then)
            self._mark(self._blamed or self._asked[-1].name, lambda: refused.what)
            return
        except DowntimeError as error:
            self.station.alarm(error)
            return
        finally:
            self._busy = False
        self.say(str)
        if problems:
            self.show_problems(problems)
        else:
            self.dismiss(answers)

    def refused(self, answers: Mapping[str, str]) -> Sequence[Problem]:  # noqa: ARG002 (for subclasses)
        """Return what is wrong before anything is tried; for subclasses."""
        return []

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each beside its line, the cursor on the first; one without a line stands below."""
        names = {asked.name for asked in self._asked}
        for problem in reversed(problems):
            if problem.field in names:
                self._mark(problem.field, lambda problem=problem: problem_words(problem))  # type: ignore[misc]  # bound in the loop
            else:
                self.say(lambda problem=problem: problem_words(problem), "problem")  # type: ignore[misc]  # as above

    def _mark(self, name: str, words: Callable[[], str]) -> None:
        self._problems[name] = words
        for asked in self._asked:  # a new password is typed twice again, whichever time was wrong
            if asked.kind == "password" and (
                asked.name == name or {asked.name, name} == {"again", "password"}
            ):
                self.field(asked.name).take("")
        self.redraw()
        self.field(name).focus()


def _field(asked: Line) -> Field:
    kind = CodeField if asked.kind == "code" else Field
    is_secret = asked.kind == "password"
    return kind(asked.value, id=f"line-{asked.name}", password=is_secret, max_length=CHARACTERS_MAX)
