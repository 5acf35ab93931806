"""Every event the audit may hold is called something, in both languages."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from downtime.audit_words import EVENT_WORDS, event_words
from downtime.i18n import choose_language
from forms import STATION_FORMS
from tests.tidy.sources import PACKAGES, called, calls, files, listed, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _constants(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Tuple):
            names = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else [node.targets[0]]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for name, value in zip(names, values, strict=False):
                if (
                    isinstance(name, ast.Name)
                    and isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                ):
                    found[name.id] = value.value
    return found


def _events(path: Path, constants: dict[str, str]) -> Iterator[str]:
    """Yield what is given as ``Audit(event=...)``, ``audit(...)`` or ``note(...)``; a gate's with its prefix."""
    for call in calls(tree_of(path)):
        name = called(call)
        if name == "Audit":
            given = next((keyword.value for keyword in call.keywords if keyword.arg == "event"), None)
        elif name in {"audit", "note", "submit"} and call.args:
            given = call.args[0]
        else:
            continue
        text = constants.get(given.id) if isinstance(given, ast.Name) else getattr(given, "value", None)
        if isinstance(text, str):
            at_gate = name == "note" and "gate" in ast.unparse(call.func).lower()
            yield f"gate_{text}" if at_gate else text


def test_every_event_has_words() -> None:
    """Whatever a line says, the auditor reads a sentence, not a name of ours."""
    constants: dict[str, str] = {}
    for path in files(*PACKAGES):
        constants |= _constants(tree_of(path))
    found = {event: name_of(path) for path in files(*PACKAGES) for event in _events(path, constants)}
    assert len(found) > 10
    silent = [f"{where}: {event}" for event, where in found.items() if event not in EVENT_WORDS]
    assert not silent, listed(silent)


def test_words_are_in_both_languages() -> None:
    """No event and no station form is called the same in both, or by its name."""
    for event in [*EVENT_WORDS, *(form.name for form in STATION_FORMS)]:
        choose_language("en")
        english = event_words(event)
        choose_language("zh")
        assert event not in (english, event_words(event)), event
        assert english != event_words(event), event
