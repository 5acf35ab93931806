"""What every screen has: top line, body, quiet line, keys; how keys act, how forms are recorded.

A screen names its acts in ``acts`` and has a method ``act_<id>`` for each (sync or async). ``why_not`` returns
why an act does not work now; the bottom line then leaves it out, and the key answers with the reason. All text
that changes is written in ``redraw``, which also runs when the language changes.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.guarded import Guarded
from downtime.screens.keyline import KeyLine, QuietLine, Words
from downtime.screens.keymap import ACTS, ALWAYS, key_words
from downtime.screens.search_field import SearchField
from downtime.screens.text import shown
from downtime.screens.topline import DrillEdge, TopLine
from downtime.screens.typed_fields import Composed, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantFocus

    from downtime.record import Recorded
    from downtime.screens.scans import Scan
    from forms.base import Form, Problem

DRILL_ROWS = 2


class Acting(Guarded):
    """Anything that fills the screen or lies on it and acts on keys."""

    acts: ClassVar[tuple[str, ...]] = ()
    lock_gives_way: ClassVar[bool] = False
    """Whether the bottom line leaves the lock out first where it is too short."""

    # -- keys ---------------------------------------------------------------------------------------

    def offers(self, act: str) -> bool:
        """Return whether this screen has that act at all."""
        if act == "acknowledge":
            return self.station.warning is not None
        return act in self.acts or act in ALWAYS

    def why_not(self, act: str) -> str | None:  # noqa: ARG002 (for subclasses)
        """Return why an act does not work now, or None if it does."""
        return None

    def label_of(self, act: str) -> str:
        """Return what a key is called on this screen; it means the same everywhere."""
        return _(ACTS[act].label)

    async def act(self, act: str) -> None:
        """Do what a key stands for, or say why not."""
        right = self.right_of(act)
        if right is not None and not self.allows(right):
            return
        reason = self.why_not(act)
        if reason is not None:
            for quiet in self.query(QuietLine):
                quiet.refuse(
                    lambda: f"{key_words(self.station.keys_in_force[act][0])}: {self.why_not(act) or reason}"
                )
            return
        self.forget()
        doing = getattr(self, f"act_{act}", None) or getattr(self.station, f"act_{act}")
        answer = doing()
        if inspect.isawaitable(answer):
            await answer
        self.keys_changed()

    def act_back(self) -> None:
        """One step back: first close the list or empty the search field, then leave."""
        asked = self.search_in_hand()
        if asked is not None and (asked.is_open or asked.text):
            asked.clear()
        else:
            self.step_back()

    def step_back(self) -> None:
        """Leave for the screen before; nothing is lost."""
        self.dismiss(None)

    def search_in_hand(self) -> SearchField | None:
        """Return the search field that has the cursor."""
        parent = self.focused.parent if self.focused is not None else None
        return parent if isinstance(parent, SearchField) else None

    def act_copy(self) -> None:
        """Copy the number, name or amount in hand."""
        self.station.copy_text(self.copyable())

    def copyable(self) -> str:
        """Return what the copy key takes: the text of the field, unless a screen knows better."""
        return self.focused.value if isinstance(self.focused, Field) and not self.focused.password else ""

    def act_help(self) -> None:
        """Explain the field and every key that works."""
        from downtime.screens.help import HelpDialog

        self.station.push_screen(HelpDialog(self))

    def help_words(self) -> str:
        """Return one or two sentences about what to do here."""
        return _("Enter goes on, Esc goes one step back; nothing typed is lost.")

    def keys_changed(self) -> None:
        """Show the keys that work now."""
        for keys in self.query(KeyLine):
            keys.draw()

    # -- saying -------------------------------------------------------------------------------------

    def say(self, words: Callable[[], str], kind: str = "hint", *, lasting: bool = False) -> None:
        """Put a line of news above the keys: kind is done, hint or problem.

        A hint or a problem goes with the next Enter or act, unless it is ``lasting``.
        """
        for quiet in self.query(QuietLine):
            quiet.say(words, kind, passing=kind != "done" and not lasting)

    def forget(self) -> None:
        """Take away what was wrong a step ago: the next one is being made."""
        for quiet in self.query(QuietLine):
            quiet.forget()

    def retranslate(self) -> None:
        """Show everything in the language in use."""
        for words in self.query(Words):
            words.retranslate()
        for search in self.query(SearchField):
            search.retranslate()
        for drawn in [*self.query(TopLine), *self.query(QuietLine), *self.query(DrillEdge)]:
            drawn.draw()
        self.redraw()
        self.keys_changed()

    def redraw(self) -> None:
        """Write everything that changes; for subclasses."""

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Other keys may work in another field."""
        self.keys_changed()

    def on_search_field_stepped(self, event: SearchField.Stepped) -> None:
        """Down in an empty field shows the usual rows."""
        if event.by > 0:
            event.search.find("", even_empty=True)

    def on_composed(self, _event: Composed) -> None:
        """Tell that the input method is in the way."""
        self.say(lambda: _("The input method takes the keys: switch it to English (Shift)."))

    def take_scan(self, scan: Scan) -> bool:  # noqa: ARG002 (for subclasses)
        """Take what a scanner read; return False to let the app send it where it belongs."""
        return False

    # -- recording ----------------------------------------------------------------------------------

    async def record(
        self,
        form: Form,
        entry_id: str,
        then: Callable[[Recorded], Any] = lambda _recorded: None,
        *,
        reason: str = "",
        checked: Callable[[Form, str], Form] | None = None,
    ) -> Recorded | None:
        """Record a form; where a rule asks for a second person, the question comes up by itself first.

        Args:
            form: the filled form.
            entry_id: made when it was begun.
            then: called once it stands, at once or after somebody agreed; never if nobody does.
            reason: goes into the approval, if one is needed.
            checked: puts the second person's name into the form, where its paper shows it.

        Returns:
            What stands at once. None: problems stand beside their fields, an alarm is up, or somebody is asked.
        """
        from downtime.screens.recording import Wish, record_here

        return await record_here(self, Wish(form, entry_id, reason, checked), then)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong; screens with fields put each beside its field."""
        if problems:
            first = problems[0]
            self.say(lambda: problem_words(first), "problem")


class StationScreen(Acting):
    """A whole screen: ``body`` gives what stands between top line and quiet line."""

    def compose(self) -> ComposeResult:
        """Frame, top line, body, quiet line, keys."""
        if self.station.is_drill:
            with Vertical(id="frame"):
                yield DrillEdge("across")
                with Horizontal(id="frame-middle"):
                    yield DrillEdge("down")
                    yield from self._inside()
                    yield DrillEdge("down")
                yield DrillEdge("across")
        else:
            yield from self._inside()

    def _inside(self) -> ComposeResult:
        with Vertical(id="inside"):
            yield TopLine()
            with Vertical(id="body"):
                yield from self.body()
            yield QuietLine()
            yield KeyLine()

    def body(self) -> ComposeResult:
        """Yield what this screen is about."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Fill in what changes."""
        self.redraw()

    def on_screen_resume(self) -> None:
        """Be up to date when another screen goes away."""
        if not self.leave_late():
            self.retranslate()


class Dialog(ModalScreen[Any], Acting):
    """A decision, on top of a screen."""

    lock_gives_way: ClassVar[bool] = True

    def compose(self) -> ComposeResult:
        """A frame around ``body`` with its own keys."""
        with Vertical(id="dialog"):
            yield from self.body()
            yield QuietLine()
            yield KeyLine()

    def body(self) -> ComposeResult:
        """Yield what is to be decided."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Fill in what changes."""
        self.redraw()

    def on_screen_resume(self) -> None:
        """Leave if that was decided under another screen."""
        self.leave_late()

    def offers(self, act: str) -> bool:
        """Only what belongs to the decision; no leaving the app in the middle of it."""
        return act in self.acts or act in {"language", "lock", "help", "back"}

    def entitle(self, title: str) -> None:
        """Write ``title`` into the frame."""
        self.query_one("#dialog").border_title = shown(title)

    def take_scan(self, scan: Scan) -> bool:  # noqa: ARG002 (a decision takes no scans)
        """Refuse: a code never lands in an amount."""
        self.say(lambda: _("Scanned, but not taken: finish this first."))
        return True
