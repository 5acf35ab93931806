"""The end: two people sign, every open thing by its name; certificate and pack are written and read again."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.outage.person import FIRST, SECOND
from tests.outage.stations import OUTAGE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.outage.world import World

REASON: Final = "练习:已逐笔核对,另行办理"


@dataclass(frozen=True)
class Signed:
    """What was signed: how many open things were explained one by one, and the pack as read again."""

    explained: int
    pack: dict[str, Any]


def sign(world: World) -> Signed:
    """Sign the outage off, write certificate and pack, and read the pack again."""
    folder = world.folder / "signed"
    folder.mkdir()
    open_file = folder / "open.csv"
    world.command("hub", "sign-off", "--outage", OUTAGE, "--open", str(open_file))
    rows = list(csv.reader(io.StringIO(open_file.read_text("utf-8-sig"))))
    for row in rows[1:]:
        row[-1] = REASON
    _write(open_file, rows)
    people = ["--home", str(world.it.home.path)]
    for option, (number, word) in (("operator", FIRST), ("second", SECOND)):
        password = folder / f"{number}.password"
        password.write_text(word + "\n", "utf-8")
        file_option = "--password-file" if option == "operator" else "--second-password-file"
        people += [f"--{option}", number, file_option, str(password)]
    world.command(
        "hub", "sign-off", "--outage", OUTAGE, "--explained", str(open_file), "--reason", REASON, *people
    )
    world.line.calm_round(world.it)
    certificate = folder / "certificate.pdf"
    world.command("hub", "certificate", "--outage", OUTAGE, "--pdf", str(certificate))
    assert certificate.read_bytes().startswith(b"%PDF")
    world.command("hub", "pack", "--outage", OUTAGE, "--to", str(folder / "pack"), "--language", "en")
    pack = _told(folder / "pack")
    assert pack["signed_off"]["by"], "two people signed, and the pack does not say so"
    return Signed(len(rows) - 1, pack)


def _told(folder: Path) -> dict[str, Any]:
    [file] = folder.glob("*.json")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def _write(path: Path, rows: list[list[str]]) -> None:
    stored = io.StringIO()
    csv.writer(stored).writerows(rows)
    path.write_text(stored.getvalue(), "utf-8-sig")
