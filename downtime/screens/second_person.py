"""The second person agrees at this very keyboard: number and password, or what stands in for them here.

The first person's session goes on. A wrong password says so and keeps the question; Esc leaves all as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.approvals import approve, approve_alone, approve_by_code
from downtime.errors import DowntimeError
from downtime.gate import GateLog
from downtime.i18n import _
from downtime.screens.approved_lines import lines_of_form
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.recording import Agreed
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import CodeField, Field
from downtime.sealing import Filled
from forms.trust import RULE_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult

    from downtime.desk import Desk
    from downtime.rules import Needed
    from downtime.screens.recording import Wish

_WIDTH = 62
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "second_person": ("operator", "password"),
    "code": ("reason", "code"),
    "solo": ("reason",),
    "own_twice": ("reason", "password"),
}
"""Which fields each way asks for, in the order they are typed."""


class SecondPersonDialog(Dialog):
    """Gives ``Agreed``, or None.

    Args:
        wish: what is to be recorded.
        need: the rule that asks for a second person, and the ways open here.
    """

    CSS_PATH = "second_person.tcss"
    acts: ClassVar[tuple[str, ...]] = ("authorise",)

    def __init__(self, wish: Wish, need: Needed) -> None:
        super().__init__()
        self._wish, self._need = wish, need
        self._way = need.ways[0]
        self._problem: Callable[[], str] = str
        self._checking = False

    def body(self) -> ComposeResult:
        """What is approved; the fields of the way chosen; what is wrong; what the next Enter does."""
        yield Static("", id="second-told", markup=False)
        with Horizontal(classes="second-row", id="row-operator"):
            yield Words(lambda: _("Second person"), classes="label second-label")
            yield CodeField(id="second-operator", max_length=20)
            yield Static("", id="second-name", markup=False)
        with Horizontal(classes="second-row", id="row-reason"):
            yield Words(lambda: _("Why alone"), classes="label second-label")
            yield Field(id="second-reason", max_length=200)
        with Horizontal(classes="second-row", id="row-password"):
            yield Words(self._password_label, classes="label second-label")
            yield Field(password=True, id="second-password")
        with Horizontal(classes="second-row", id="row-code"):
            yield Words(lambda: _("One-time code"), classes="label second-label")
            yield CodeField(id="second-code", max_length=20)
        yield Static("", id="second-problem", classes="problem", markup=False)
        yield Static("", id="second-next", markup=False)

    def on_mount(self) -> None:
        """The cursor waits for the second person's number."""
        super().on_mount()
        self._field(_FIELDS[self._way][0]).focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "The second person types the own number and password here; your session goes on. "
            "If nobody is there, Ctrl+O shows the other ways this hospital allows. Esc records nothing."
        )

    # -- what is shown ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Second person: {rule}").format(rule=_(RULE_TITLES[self._need.rule])))
        told = lines_of_form(self.desk, self._wish.form, _WIDTH, self._wish.reason)
        self.query_one("#second-told", Static).update(lines(told))
        for name in ("operator", "reason", "password", "code"):
            self.query_one(f"#row-{name}").display = name in _FIELDS[self._way]
        self.query_one("#row-password Words", Words).retranslate()
        self.query_one("#second-next", Static).update(shown(self._next_words(), "bold"))
        self._draw_name()
        self._draw_problem()
        self.keys_changed()

    def _next_words(self) -> str:
        if self._checking:
            return _("Checking the password...") if self._way != "solo" else ""
        return {
            "second_person": _("Enter after the password: agreed, and it is recorded."),
            "code": _(
                "A code from the sealed sheet, or read out by IT. Somebody must countersign within {n} min."
            ),
            "solo": _(
                "Nobody is there: say why. Enter records it; it is listed until somebody countersigns."
            ),
            "own_twice": _("Alone on duty: check it a second time and sign with your own password."),
        }[self._way].format(n=self.desk.home.settings.two_person.code_minutes)

    def _password_label(self) -> str:
        return _("Password") if self._way == "second_person" else _("Your password")

    def _draw_name(self) -> None:
        slot = (
            self.desk.home.keys.slot(self._field("operator").value) if self._field("operator").value else None
        )
        self.query_one("#second-name", Static).update(shown(slot.name if slot is not None else "", "bold"))

    def _draw_problem(self) -> None:
        drawn = self.query_one("#second-problem", Static)
        text = self._problem()
        drawn.display = bool(text)
        drawn.update(lines(text.split("\n")))

    def _field(self, name: str) -> Field:
        return self.query_one(f"#second-{name}", Field)

    # -- keys ---------------------------------------------------------------------------------------

    def label_of(self, act: str) -> str:
        """Return what the key for doing it otherwise is called here."""
        return _("Another way") if act == "authorise" else super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say why there is no other way."""
        if act == "authorise" and len(self._need.ways) == 1:
            return _("There is no other way here: a second person must come.")
        return None

    def act_authorise(self) -> None:
        """Go to the next way that is open here."""
        ways = self._need.ways
        self._way = ways[(ways.index(self._way) + 1) % len(ways)]
        self._problem = str
        self._field("password").take("")
        self.redraw()
        self._field(_FIELDS[self._way][0]).focus()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Show whose number it is."""
        event.stop()
        if event.input.id == "second-operator":
            self._draw_name()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on to the next field, after the last one it is checked."""
        event.stop()
        names = _FIELDS[self._way]
        name = (event.input.id or "").removeprefix("second-")
        if name not in names or self._checking:
            return
        if not event.value.strip() and (name != "reason" or self._way == "solo"):
            self._say_problem(_MISSING[name], name)
            return
        place = names.index(name) + 1
        if place < len(names):
            self._field(names[place]).focus()
        else:
            self._check()

    def _check(self) -> None:
        self._checking, self._problem = True, str
        self.redraw()
        typed = {name: self._field(name).value for name in _FIELDS[self._way]}
        self.station.behind(self._checked(self.desk, self._way, typed))

    async def _checked(self, desk: Desk, way: str, typed: Mapping[str, str]) -> None:
        """Check in the writer's thread; whoever types meanwhile is not held up."""
        try:
            agreed = await desk.in_writer(lambda: agree(desk, self._wish, self._need.rule, way, typed))
        except DowntimeError as error:
            self._checking, said = False, f"{error.what}\n{error.then}"
            if self.is_attached:
                self._say_problem(lambda: said)
        else:
            self.dismiss(agreed)

    def _say_problem(self, words: Callable[[], str], missing: str = "") -> None:
        """Keep the question and say what is wrong beside it; a secret is typed anew, unless a field is ``missing``."""
        self._problem = words
        for name in ("password", "code"):
            self._field(name).take("")
        self.redraw()
        self._field(missing or _FIELDS[self._way][-1]).focus()


_MISSING: Mapping[str, Callable[[], str]] = {
    "operator": lambda: _("Type the second person's number."),
    "password": lambda: _("Type the password."),
    "code": lambda: _("Type the code."),
    "reason": lambda: _("Say why it is done alone."),
}


def agree(desk: Desk, wish: Wish, rule: str, way: str, typed: Mapping[str, str]) -> Agreed:
    """Return what a second person, or what stands in for one, agreed to; in the writer's thread.

    Args:
        desk: whose session goes on.
        wish: what is to be recorded.
        rule: which rule asks.
        way: "second_person", "code", "solo" or "own_twice".
        typed: what each field of that way holds.

    Raises:
        DowntimeError: wrong password or code, or they may not; the audit says so.
    """
    book = desk.book
    operator = book.person.operator if way == "own_twice" else typed.get("operator", "")
    form = wish.form
    slot = book.home.keys.slot(operator) if operator else None
    if wish.checked is not None and slot is not None:
        form = wish.checked(form, f"{slot.name} {slot.operator}")
    filled = Filled(form, wish.entry_id)
    reason = "; ".join(filter(None, (wish.reason, typed.get("reason", "").strip())))
    try:
        if way == "solo":
            return Agreed(form, approve_alone(filled, rule, reason))
        if way == "code":
            return Agreed(form, approve_by_code(book, filled, rule, typed["code"], reason))
        return Agreed(form, approve(book, filled, rule, operator, typed["password"], reason))
    except DowntimeError:
        GateLog(book.home, book.clock).drain(book)
        raise
