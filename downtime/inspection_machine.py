"""The PC and the program: reference data, printer, disk, file rights, ports, versions. Measured at this moment."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from downtime import __version__, os_calls
from downtime.inspection_ports import listening_ports, own_ports
from downtime.inspection_words import (
    EVIDENCE,
    MEASURED,
    MISSING,
    OUT_OF_DATE,
    SETTINGS,
    Evidence,
    Fact,
    Told,
    age_days,
    aged,
    in_entry,
    minute,
    named,
    plain,
)
from downtime.room import LOW_BYTES, VERY_LOW_BYTES, ballast_path
from downtime.store.reference import reference_path
from downtime.store.sqlite import SQLITE_FLOOR
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.inspection_look import Look
    from downtime.inspection_words import State

DISTRIBUTION = "hospital-downtime"
RISKY_PORTS = {
    21: "FTP",
    23: "Telnet",
    135: "RPC",
    137: "NetBIOS",
    138: "NetBIOS",
    139: "NetBIOS",
    445: "SMB",
    3389: "RDP",
}
_OTHERS = 0o077
_FORBIDDEN = 0o777
_STATUS_FILE = Path("/proc/self/status")
_NOT_MEASURED = Told(N_("cannot be measured on this system; look by hand and say so in the controls file"))


def reference_age(look: Look, days: int) -> Evidence:
    """How old prices, patients and staff are, and that their file is there and opens."""
    in_force = look.newest("reference_in_force")
    if in_force is None:
        return Evidence(MISSING, Told(N_("no reference data are in force")))
    content = in_force.content
    version, taken_at = int(content["version"]), str(content["taken_at"])
    path = reference_path(look.home.path / "reference", version)
    rows = sum(content["rows"].values())
    since = age_days(taken_at, look.now)
    facts: tuple[Fact, ...] = (
        Fact(N_("Version"), plain(f"v{version}"), in_entry(in_force)),
        Fact(N_("Taken from the HIS"), plain(minute(taken_at)), in_entry(in_force)),
        Fact(N_("Rows"), plain(f"{rows:,}"), in_entry(in_force)),
        Fact(N_("Put in force"), plain(minute(in_force.recorded_at)), in_entry(in_force)),
    )
    figures = {"version": version, "days": since, "rows": rows}
    if look.staff is None:
        facts += (Fact(N_("File"), plain(look.reference_problem or path.name), MEASURED),)
        return Evidence(
            MISSING,
            Told(N_("the file of v{version} is missing or does not open"), {"version": version}),
            facts,
            figures,
        )
    line = Told(
        N_("v{version}, taken {at}, {days} days ago"),
        {"version": version, "at": minute(taken_at), "days": since},
    )
    return Evidence(aged(taken_at, look.now, days), line, facts, figures)


def printer(look: Look, days: int) -> Evidence:
    """When paper last came out of the printer."""
    kind = Fact(N_("Printer"), plain(look.settings.printer.kind), SETTINGS)
    found = next((book for book in reversed(look.books) if book.printed is not None), None)
    if found is None or found.printed is None:
        return Evidence(MISSING, Told(N_("nothing was ever printed here")), (kind,), {"failed_since": 0})
    entry, failed = found.printed
    facts = (
        kind,
        Fact(N_("Last paper"), plain(minute(entry.recorded_at)), in_entry(entry)),
        Fact(N_("Not printed since then"), plain(failed), Told(N_("audit of all books"))),
    )
    values = {"at": minute(entry.recorded_at), "count": failed}
    line = Told(N_("last paper {at}; {count} not printed since then"), values)
    return Evidence(aged(entry.recorded_at, look.now, days), line, facts, {"failed_since": failed})


def disk_space(look: Look, _days: int) -> Evidence:
    """Room on the home's disk, and the reserve that is given up when it fills."""
    free = os_calls.free_bytes(look.home.path)
    ballast = ballast_path(look.home.path)
    reserve = ballast.stat().st_size if ballast.is_file() else 0
    facts = (
        Fact(N_("Free"), plain(f"{free >> 20:,} MB"), MEASURED),
        Fact(N_("Reserve"), plain(f"{reserve >> 20} MB"), MEASURED),
        Fact(N_("Warned below"), plain(f"{LOW_BYTES >> 20} MB"), Told(N_("program"))),
    )
    state: State = EVIDENCE if free >= LOW_BYTES else OUT_OF_DATE if free >= VERY_LOW_BYTES else MISSING
    line = Told(
        N_("{free} MB free, reserve {reserve} MB"), {"free": f"{free >> 20:,}", "reserve": reserve >> 20}
    )
    return Evidence(state, line, facts, {"free_megabytes": free >> 20, "reserve_megabytes": reserve >> 20})


def versions(look: Look, _days: int) -> Evidence:
    """The program, what it stands on, and under which licences."""
    licences = dict(_licences())
    python = ".".join(map(str, sys.version_info[:3]))
    facts = [
        Fact(N_("Program"), plain(f"{DISTRIBUTION} {__version__}"), MEASURED),
        Fact("Python", plain(python), MEASURED),
        Fact("SQLite", plain(look.sqlite), MEASURED),
        Fact("SQLCipher", plain(look.cipher), MEASURED),
        *(Fact(N_("Package"), plain(text), Told(N_("installed package"))) for text in licences.values()),
    ]
    figures = {"packages": len(licences)}
    floor = ".".join(map(str, SQLITE_FLOOR))
    if not look.sqlite or tuple(map(int, look.sqlite.split("."))) < SQLITE_FLOOR:
        return Evidence(
            MISSING, Told(N_("SQLite is older than {floor}"), {"floor": floor}), tuple(facts), figures
        )
    if not licences:
        return Evidence(MISSING, Told(N_("the list of packages cannot be read")), tuple(facts), figures)
    values = {"program": __version__, "sqlite": look.sqlite, "cipher": look.cipher, "count": len(licences)}
    line = Told(N_("program {program}, SQLite {sqlite}, SQLCipher {cipher}, {count} packages"), values)
    return Evidence(EVIDENCE, line, tuple(facts), figures)


def _licences() -> Iterator[tuple[str, str]]:
    """Yield each package the program asks for by name, with version and licence as it states them."""
    try:
        asked = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return
    for line in asked:
        if "extra ==" in line:
            continue
        name = line.split(";")[0].split("==")[0].split("[")[0].strip()
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            yield name, f"{name} -"
            continue
        classifier = next(
            (one for one in about.get_all("Classifier", []) if one.startswith("License :: ")), ""
        )
        stated = next(
            (about[key] for key in ("License-Expression", "License") if key in about),
            classifier.rpartition(":: ")[2],
        )
        yield name, f"{name} {about['Version']}: {stated.splitlines()[0][:60] if stated else '-'}"


def home_private(look: Look, _days: int) -> Evidence:
    """Whether anybody else on this PC could read the home: file rights as they are now.

    Papers the hospital put into ``inspection/`` are its own affair; the home's folder shuts them in anyway.
    """
    if os_calls.WINDOWS:
        return Evidence(MISSING, _NOT_MEASURED)
    home = look.home.path
    looked, open_ones = 0, []
    for path in (home, *_below(home)):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue  # somebody is recording beside us, and files come and go
        looked += 1
        if mode & _OTHERS:
            open_ones.append("." if path == home else path.relative_to(home).as_posix())
    umask = _umask()
    facts = (
        Fact(N_("Files and folders"), plain(looked), MEASURED),
        Fact(
            N_("Umask of this program"), plain("-" if umask is None else f"{umask:04o}"), plain(_STATUS_FILE)
        ),
        *(Fact(N_("Open to others"), plain(name), MEASURED) for name in open_ones[:20]),
    )
    figures = {"files": looked, "open": len(open_ones)}
    if open_ones:
        values = {"count": len(open_ones), "names": named(open_ones)}
        return Evidence(MISSING, Told(N_("{count} can be read by others: {names}"), values), facts, figures)
    if umask is not None and umask & _OTHERS != _OTHERS:
        return Evidence(MISSING, Told(N_("new files would be open to others")), facts, figures)
    line = Told(N_("none of {count} files and folders is open to others"), {"count": looked})
    return Evidence(EVIDENCE, line, facts, figures)


def _below(home: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(home):
        if Path(folder) == home and "inspection" in names:
            names.remove("inspection")
        yield from (
            Path(folder) / name for name in (*names, *files) if not (Path(folder) / name).is_symlink()
        )


def _umask() -> int | None:
    try:
        lines = _STATUS_FILE.read_text("ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1], 8) & _FORBIDDEN for line in lines if line.startswith("Umask:")), None)


def no_listening(_look: Look, _days: int) -> Evidence:
    """The program waits for no connection, and none of the ports known as risky is open on this PC."""
    ports = listening_ports()
    if ports is None:
        return Evidence(MISSING, _NOT_MEASURED)
    own = own_ports()
    risky = sorted(port for port in ports if port in RISKY_PORTS)
    source = plain("/proc/net/tcp, /proc/net/tcp6")
    facts = (
        Fact(N_("This program listens on"), plain(", ".join(map(str, sorted(own))) or "-"), source),
        Fact(
            N_("Listening on this PC, beyond itself"),
            plain(", ".join(map(str, sorted(ports))) or "-"),
            source,
        ),
        *(Fact(N_("Risky port open"), plain(f"{port} {RISKY_PORTS[port]}"), source) for port in risky),
    )
    figures = {"own": len(own), "ports": len(ports), "risky": len(risky)}
    if own:
        line = Told(N_("this program listens on {ports}"), {"ports": named(list(map(str, sorted(own))))})
        return Evidence(MISSING, line, facts, figures)
    if risky:
        line = Told(N_("risky ports are open on this PC: {ports}"), {"ports": named(list(map(str, risky)))})
        return Evidence(MISSING, line, facts, figures)
    line = Told(
        N_("this program listens on no port; ports of other programs: {count}, none of them risky"),
        {"count": len(ports)},
    )
    return Evidence(EVIDENCE, line, facts, figures)


def idle_lock(look: Look, _days: int) -> Evidence:
    """The screen locks by itself."""
    access = look.settings.access
    seconds = {"cashier": access.idle_seconds_cashier, "others": access.idle_seconds}
    locked = sum(event.count for book in look.books for event in book.events if event.event == "locked")
    facts = (
        Fact(
            N_("Locks after, cashiers"),
            Told(N_("{seconds} seconds"), {"seconds": seconds["cashier"]}),
            SETTINGS,
        ),
        Fact(
            N_("Locks after, others"), Told(N_("{seconds} seconds"), {"seconds": seconds["others"]}), SETTINGS
        ),
        Fact(
            N_("Locked so far"), Told(N_("{count} times"), {"count": locked}), Told(N_("audit of all books"))
        ),
        Fact(N_("Read"), plain("station.toml"), MEASURED),
    )
    line = Told(N_("locks by itself after {cashier} s (cashiers) and {others} s (others)"), seconds)
    return Evidence(EVIDENCE, line, facts, {**seconds, "locked": locked})
