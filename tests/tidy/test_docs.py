"""Documents name everything there is: a command, form or connector nobody can read about does not exist."""

from __future__ import annotations

import importlib
import re

import click

from forms import FORMS, STATION_FORMS
from sync.connector import BUILT_IN
from tests.tidy.sources import ROOT, files, listed, name_of

COMMAND_MODULES = {
    "downtime": ("downtime.__main__", "downtime.commands"),
    "downtime-sync": ("sync.__main__", "sync.commands"),
}


def _documents() -> str:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    return "\n".join(page.read_text("utf-8") for page in pages)


def _fenced(page: str) -> list[str]:
    """Return the lines that stand inside fenced blocks."""
    return [
        line
        for block in re.findall(r"^```[^\n]*\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


def _paths_of(program: str, command: click.Command) -> list[str]:
    """Return what one types for each command below ``command``: ``downtime receipt check``."""
    if not isinstance(command, click.Group):
        return [program]
    context = click.Context(command)
    found = []
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        if not below.hidden:
            found += _paths_of(f"{program} {name}", below)
    return found


def _commands(program: str) -> list[str]:
    for name in COMMAND_MODULES[program]:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            continue
        for held in vars(module).values():
            if isinstance(held, click.Group):
                return _paths_of(program, held)
    raise AssertionError(f"no click group found for {program} in {COMMAND_MODULES[program]}")


def test_the_readme_shows_its_two_commands_first() -> None:
    """The first screen of the README says what to type, in a block one can copy, in both languages."""
    first_screen = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:60])
    typed = [line.split("#")[0].strip() for line in _fenced(first_screen)]
    assert {"make demo", "make test"} <= set(typed)
    assert "python -m downtime demo" in " ".join(typed)
    assert re.search("[一-鿿]", first_screen)


def test_every_command_is_documented() -> None:
    """What a script may rely on stands in the documents as one types it."""
    documents = _documents()
    absent = [path for program in COMMAND_MODULES for path in _commands(program) if path not in documents]
    assert not absent, listed(absent)


def test_every_form_is_documented() -> None:
    """Each paper form, the station's own too, is named where forms are explained."""
    documents = _documents()
    absent = [form.name for form in FORMS + STATION_FORMS if f"`{form.name}`" not in documents]
    assert not absent, listed(absent)


def test_every_connector_is_documented() -> None:
    """Each way into a HIS is named where connectors are explained."""
    documents = _documents()
    absent = [name for name, _place in BUILT_IN if f"`{name}`" not in documents]
    assert not absent, listed(absent)


def test_every_make_target_a_document_names_exists() -> None:
    """Documents promise no command that the Makefile lacks."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", _documents(), re.MULTILINE))
    assert named <= targets, listed(sorted(named - targets))


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link points at a file that is there."""
    broken = [
        f"{name_of(page)}: {target}"
        for page in files(suffix=".md")
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken, listed(broken)
