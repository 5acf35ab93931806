"""Promises of ``station.toml``."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from downtime.errors import RefusedInputError
from downtime.settings import Settings, read_settings, settings_text

GOOD = {"hospital": {"id": "PRACTICE", "name": "练习医院"}, "station": {"code": "W03", "name": "窗口"}}
DOCS = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "station.toml"
    path.write_text(text, "utf-8")
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """A generated file holds exactly the settings it was made of, quotes and line ends included."""
    told = {
        **GOOD,
        "receipt": {"wording": ['He said "no"\nand left \\', "凭此换票"]},
        "connectors": {"practice": {"file": "h.db"}},
    }

    settings = read_settings(_written(tmp_path, settings_text(told)))

    assert settings.receipt.wording == ('He said "no"\nand left \\', "凭此换票")
    assert settings.connectors == {"practice": {"file": "h.db"}}


@pytest.mark.parametrize(
    ("line", "key", "number"),
    [
        ("colour = 1", "screen.colour", 13),
        ('theme = "pink"', "screen.theme", 13),
        ('language = "fr"', "screen.language", 13),
    ],
)
def test_an_unknown_key_or_value_is_refused_with_its_line(
    tmp_path: Path, line: str, key: str, number: int
) -> None:
    """The message names file, line, key and what to do."""
    path = _written(tmp_path, settings_text(GOOD) + f"\n[screen]\n{line}\n")

    with pytest.raises(RefusedInputError) as refused:
        read_settings(path)

    assert f"station.toml 第 {number} 行" in refused.value.what
    assert key in refused.value.what
    assert "docs/settings.md" in refused.value.then


def test_broken_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    """A file that is not TOML stops the start with the place in it."""
    with pytest.raises(RefusedInputError, match="line 2"):
        read_settings(_written(tmp_path, "format = 1\nhospital = = 3\n"))


def test_an_unknown_time_zone_is_refused(tmp_path: Path) -> None:
    """Times of another place would be printed on receipts."""
    text = settings_text({**GOOD, "hospital": {**GOOD["hospital"], "zone": "Mars/Base"}})

    with pytest.raises(RefusedInputError, match="Mars/Base"):
        read_settings(_written(tmp_path, text))


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found += _keys(kind, f"{prefix}{name}.")
        else:
            found.append(f"{prefix}{name}")
    return found


def test_every_setting_is_in_the_docs() -> None:
    """docs/settings.md lists every key there is."""
    text = DOCS.read_text("utf-8")

    assert [key for key in _keys(Settings) if f"`{key}" not in text] == []
