"""The manifest of a set: which files, how many rows, which bytes, from when. It is written last."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from downtime import os_calls
from downtime.clean import visible
from downtime.i18n import _
from downtime.reference_tables import SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from sync.intake_report import Reasons

MANIFEST_NAMES = ("manifest.json", "manifest.toml")
_MANIFEST_BYTES_MAX = 1 << 20
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030", "gbk": "gb18030"}


def _encoding(name: Any) -> Any:
    return _ENCODINGS.get(str(name).lower(), name)


def _plain_name(name: str) -> str:
    if not name or name.startswith(".") or any(c in name for c in "/\\:\0") or not name.isprintable():
        raise ValueError("a file lies in the folder of the manifest; give its plain name")
    return name


def _known_table(name: str) -> str:
    if name not in TABLES:
        raise ValueError(f"no such table; the tables are {', '.join(TABLES)}")
    return name


def _instant(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time with its offset, like 2026-11-22T04:00:00+08:00")
    return text


Encoding = Annotated[Literal["utf-8", "gb18030"], BeforeValidator(_encoding)]
PlainName = Annotated[str, Field(max_length=200), AfterValidator(_plain_name)]
TableName = Annotated[str, AfterValidator(_known_table)]


class ManifestFile(BaseModel):
    """One file of the set; ``bytes`` is optional and tells a file still being copied from a wrong one."""

    model_config = ConfigDict(extra="forbid", strict=True)
    table: TableName
    file: PlainName
    rows: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]
    bytes: Annotated[int, Field(ge=0)] | None = None


class Manifest(BaseModel):
    """What the sender says of the set."""

    model_config = ConfigDict(extra="forbid", strict=True)
    schema_version: Annotated[int, Field(ge=1, le=SCHEMA_VERSION)] = SCHEMA_VERSION
    version: Annotated[int, Field(ge=1, le=999_999_999)]
    taken_at: Annotated[str, AfterValidator(_instant)]
    origin: Annotated[str, Field(max_length=200)] = ""
    encoding: Encoding
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    mapping: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")] | None = None
    files: Annotated[list[ManifestFile], Field(min_length=1, max_length=100)]


def manifest_path(folder: Path) -> Path | None:
    """Return the manifest in ``folder``, or None if none is there yet."""
    return next((folder / name for name in MANIFEST_NAMES if (folder / name).exists()), None)


def read_manifest(path: Path, reasons: Reasons) -> tuple[Manifest | None, str]:
    """Return the manifest and the SHA-256 of its bytes; None with reasons if it cannot be taken."""
    try:
        with os_calls.open_regular(path) as handle:
            content = handle.read(_MANIFEST_BYTES_MAX + 1)
    except OSError as error:
        reasons.add(_("cannot be read: {reason}").format(reason=error.strerror), file=path.name)
        return None, ""
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > _MANIFEST_BYTES_MAX:
        reasons.add(_("a manifest of more than 1 MiB"), file=path.name)
        return None, digest
    try:
        text = content.decode("utf-8-sig")
        told = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        return Manifest.model_validate(told), digest
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_context=False):
            place = ".".join(str(part) for part in wrong["loc"])
            value = "" if isinstance(wrong["input"], (dict, list)) else wrong["input"]
            reasons.add(wrong["msg"], file=path.name, column=place, value=value)
    except (ValueError, RecursionError) as error:
        reasons.add(_("not a manifest: {reason}").format(reason=visible(str(error), 200)), file=path.name)
    return None, digest
