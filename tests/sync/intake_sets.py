"""Making intake sets for the tests of this folder."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TAKEN_AT = "2026-11-22T04:00:00.000+08:00"
KEY = bytes(range(32))
ITEMS = "code,name,unit,price\n1,练习血常规,次,18.00\n2,练习尿常规,次,11.00\n"


def put_set(
    folder: Path,
    files: dict[str, tuple[str, bytes]],
    *,
    version: int = 1,
    rows: int | None = None,
    **told: Any,
) -> None:
    """Write files given as {name: (table, content)} and a manifest that is right unless ``told`` differs."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, (table, content) in files.items():
        (folder / name).write_bytes(content)
        count = content.count(b"\n") - 1 if rows is None else rows
        digest = hashlib.sha256(content).hexdigest()
        entries.append({"table": table, "file": name, "rows": count, "sha256": digest})
    manifest = {"version": version, "taken_at": TAKEN_AT, "encoding": "utf-8", "files": entries, **told}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def put_items(folder: Path, content: str | bytes = ITEMS, **told: Any) -> None:
    """Write a set of one file of items."""
    body = content.encode() if isinstance(content, str) else content
    put_set(folder, {"items.csv": ("items", body)}, **told)
