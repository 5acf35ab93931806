"""``make inspection``: draw docs/inspection from a made-up station that was used for 200 days."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import tomllib
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from PIL import Image

from downtime import inspection_machine, os_calls
from downtime.clock import ManualClock
from downtime.envelopes import seal_emergency
from downtime.inspection_controls import FILE, shipped_text
from downtime.inspection_pdf import inspection_pdf
from downtime.inspection_writing import markdown
from downtime.keys import CHEAP_COST, Person
from downtime.reference_tables import StaffRow
from downtime.store.reference import build_reference
from forms.station_book import Audit, OutageDeclared, OutageEnded, Printed, ReferenceInForce
from forms.trust import BackupMade, RestoreTested
from tests.downtime.inspections import PEOPLE, Station, make_inspected
from tests.screens.inspection_shots import take_inspection

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.inspection import Inspection

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "inspection"
_PROJECT = FOLDER.parents[1] / "pyproject.toml"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_HASH = "00" * 32
_DOTS_PER_INCH = 80
_COLOURS = 160
_BOTH = ("4005", "练习兼任", ("it", "administrator"))


def make_sample(folder: Path = FOLDER) -> list[Path]:
    """Write page, pictures and draft in both languages into ``folder``; return what was written."""
    place = Path(tempfile.gettempdir()) / "downtime-sample"
    shutil.rmtree(place, ignore_errors=True)
    before = os.umask(0o077)
    try:
        found = _inspected(place)
    finally:
        os.umask(before)
        shutil.rmtree(place, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        page, draft = folder / f"page-{language}.pdf", folder / f"draft-{language}.md"
        page.write_bytes(inspection_pdf(found, language))
        draft.write_text(markdown(found, language), "utf-8")
        written += [page, draft, *_picture(page)]
    return [*written, *take_inspection(folder)]


def _picture(page: Path) -> list[Path]:
    """Draw the first sheet, where the tool for it is installed."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        return []
    target = page.with_suffix(".png")
    command = [tool, "-r", str(_DOTS_PER_INCH), "-png", "-singlefile", str(page), str(target.with_suffix(""))]
    subprocess.run(command, check=True)
    with Image.open(target) as drawn:
        small = drawn.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    small.save(target, optimize=True)
    return [target]


def _inspected(place: Path) -> Inspection:
    """Live through 200 days, then look."""
    clock = ManualClock()
    make_inspected(place)
    station = Station(place, clock)
    station.set("backup", folders=["copies"])
    station.set("journal", head_mirror="mirror")
    station.pass_days(20)
    seal_emergency(station.ring, clock.now().wall)
    station.pass_days(60)
    _outage(station)
    station.pass_days(20)
    _restore_tested(station)
    station.pass_days(40)
    _new_passwords(station)
    station.pass_days(60)
    _today(station)
    _papers(station)
    with (
        patch.object(os_calls, "free_bytes", lambda _path: 60 << 30),
        patch.object(inspection_machine, "listening_ports", lambda: {631}),
        patch.object(inspection_machine, "own_ports", set),
        patch.object(metadata, "requires", lambda _name: _asked()),
    ):
        return station.inspect()


def _asked() -> list[str]:
    """Return the packages of the app, also where it runs from a checkout that was never installed."""
    asked: list[str] = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["dependencies"]
    return asked


def _outage(station: Station) -> None:
    station.by_two(OutageDeclared(outage="X2026-03-26", reason="练习"))
    station.clock.turn(wall_seconds=4_980, passed_seconds=4_980)
    station.by_two(OutageEnded(outage="X2026-03-26"))


def _restore_tested(station: Station) -> None:
    now = station.clock.now().wall
    station.record(
        RestoreTested(file="W03A-20260415T004000Z", made_at=now, book=1, head=_HASH, entries=9, seconds=41)
    )


def _new_passwords(station: Station) -> None:
    now = station.clock.now().wall
    for number, (name, roles) in PEOPLE.items():
        if number != "4001":  # one person forgot
            station.home.keys.enrol(
                station.ring, Person(number, name, roles), f"neu-{number}", CHEAP_COST, set_at=now
            )
    station.home.keys.enrol(station.ring, Person(*_BOTH), "neu-4005", CHEAP_COST, set_at=now)


def _today(station: Station) -> None:
    now = station.clock.now().wall
    staff = [
        StaffRow.model_validate({"number": number, "name": name, "roles": ";".join(roles)})
        for number, name, roles in [*((number, *about) for number, about in PEOPLE.items()), _BOTH]
    ]
    key = station.ring.reference_key()
    built = build_reference(station.path / "reference", 2, {"staff": staff}, key, taken_at=now, origin="练习")
    station.record(ReferenceInForce(version=2, sha256=built.sha256, taken_at=now, rows=built.rows))
    for event in ("login", "settings_seen", "locked", "unlocked", "patient_opened", "logout"):
        station.record(Audit(event=event))
    station.record(Audit(event="login_refused", subject="1001", success=False))
    station.record(Printed(entry_id="1", number="W03A-000001-7", state="printed", printer="pdf_folder"))
    copy = station.path / "copies" / "W03A-20260724T002000Z"
    os_calls.private_dir(copy)
    (copy / "manifest.json").write_bytes(b"{}")
    digest = hashlib.sha256(b"{}").hexdigest()
    station.record(
        BackupMade(
            folder=str(copy.parent),
            file=copy.name,
            sha256=digest,
            book=1,
            head=_HASH,
            entries=19,
            bytes=4 << 20,
        )
    )
    os_calls.private_dir(station.path / "mirror")
    shutil.copyfile(station.home.current_book().head_log, station.path / "mirror" / "W03A-0001.head")


def _papers(station: Station) -> None:
    """What the hospital itself adds: names, a reason, papers of different age."""
    folder = station.path / "inspection"
    os_calls.private_dir(folder)
    for name in ("emergency-plan-2026-03-02.pdf", "training-2025-05-11.xlsx", "organisation-2026-02-01.pdf"):
        path = folder / name
        path.write_bytes(b"%PDF practice")
        when = datetime.fromisoformat(station.clock.now().wall).timestamp()
        os.utime(path, (when, when))
    text = shipped_text().replace('responsible = ""', 'responsible = "信息科 练习员"', 12)
    head, _, tail = text.partition('id = "narcotics-register"')
    tail = tail.replace('not_applicable_reason = ""', 'not_applicable_reason = "本窗口不存放麻精药品"', 1)
    tail = tail.replace('not_applicable_by = ""', 'not_applicable_by = "练习药剂科长"', 1)
    (station.path / FILE).write_text(f'{head}id = "narcotics-register"{tail}', "utf-8")


if __name__ == "__main__":
    print(*(path.name for path in make_sample()), sep="\n")  # noqa: T201 (its output)
