"""Reading a TOML file that people write: whatever is wrong with it is said with file, line and remedy."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

Checked = TypeVar("Checked", bound=BaseModel)


def read_toml(path: Path, model: type[Checked], listed_in: str) -> Checked:
    """Return what ``path`` holds, checked.

    Args:
        path: the file.
        model: what it must be.
        listed_in: page of the documentation that lists every key.

    Raises:
        RefusedInputError: it cannot be read, is not TOML, or has an unknown key or a value out of range.
    """
    try:
        text = path.read_text("utf-8")
        return model.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInputError(
            _("The settings file {file} cannot be read: {reason}.").format(file=path.name, reason=error),
            _("Restore it from a backup, or ask IT."),
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise RefusedInputError(
            _("The settings file {file} is not valid TOML: {reason}.").format(file=path.name, reason=error),
            _("Mend that line; nothing else has been changed."),
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = [str(step) for step in first["loc"]]
        raise RefusedInputError(
            _("{file} line {line}: {key}: {reason}.").format(
                file=path.name, line=line_of(text, where), key=".".join(where), reason=first["msg"]
            ),
            _("Mend or remove that line; {page} lists every key.").format(page=listed_in),
        ) from error


def line_of(text: str, where: list[str]) -> int:
    """Return the line number where a key of TOML ``text`` stands, or its section, or 1."""
    section = ""
    best = 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            section = header.group(1).strip()
            if section in {".".join(where[:-1]), ".".join(where)}:
                best = number
        key = re.match(r"\s*([A-Za-z0-9_-]+)\s*=", line)
        if key and _is_at([*(section.split(".") if section else []), key.group(1)], where):
            return number
    return best


def _is_at(found: list[str], where: list[str]) -> bool:
    """Tell whether a key is the one looked for, or the list that the fault is an element of."""
    return found == where or (found == where[:-1] and where[-1].isdigit())
