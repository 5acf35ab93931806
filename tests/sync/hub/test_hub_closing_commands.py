"""The end of an outage at the IT PC, typed: certificate, pack, differences, the list of what is open, the sign-off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from downtime.clock import ManualClock
from downtime.closing_pdf import head_codes
from downtime.commands.common import FINE, FOUND_A_PROBLEM, WRONG_USE, run_command
from sync.__main__ import sync
from tests.downtime.closings import OUTAGE
from tests.downtime.kept_books import make_station, password_of, ring_of
from tests.sync.hub.collected import CHINA, Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    """A hub with two stations' outage, most of it in the HIS."""
    root = tmp_path_factory.mktemp("typed")
    with made_hub(root / "hub") as made:
        for home, ring in make_stations(root, ("W03", "W05"), 6):
            made.bring(home, ring)
        made.deliver(("refused",))
        made.ended()
        settings = made.place.settings_file
        settings.write_text(settings.read_text("utf-8") + "\n[connectors.memory]\n", "utf-8")
        yield made


def typed(hub: Collected, *words: Any) -> int:
    """Type a command about the outage."""
    place = ["--hub", str(hub.place.path)]
    return run_command(sync, ["hub", str(words[0]), *place, *map(str, words[1:])])


def test_the_papers_are_written(hub: Collected, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Certificate and pack lie where they were asked for; what is open is said, and the exit code says that it is."""
    pdf = tmp_path / "c.pdf"
    assert typed(hub, "certificate", "--outage", OUTAGE, "--pdf", pdf, "--language", "en") == FOUND_A_PROBLEM
    assert pdf.read_bytes().startswith(b"%PDF")
    assert "W03A" in capsys.readouterr().out
    assert typed(hub, "pack", "--outage", OUTAGE, "--to", tmp_path / "pack") == FOUND_A_PROBLEM
    names = {path.name for path in (tmp_path / "pack").iterdir()}
    assert {f"{OUTAGE}.pdf", f"{OUTAGE}.json", f"{OUTAGE}-receipts.csv", f"{OUTAGE}-stations.csv"} <= names
    assert typed(hub, "certificate", "--outage", "X1999", "--pdf", pdf) == WRONG_USE


def test_a_printed_code_leads_to_its_book(hub: Collected, capsys: pytest.CaptureFixture[str]) -> None:
    """Each code of the certificate is found; one that was changed is not."""
    for title, length, _head, digits in head_codes(hub.read().closing):
        assert typed(hub, "check", digits) == FINE
        told = capsys.readouterr().out
        assert title in told
        assert str(length) in told
    other = digits[:-1] + ("1" if digits[-1] != "1" else "2")
    assert typed(hub, "check", other) == FOUND_A_PROBLEM
    assert typed(hub, "check", "12") == WRONG_USE


def test_the_differences_are_a_list_for_the_window(hub: Collected, tmp_path: Path) -> None:
    """A CSV with the patients, which a spreadsheet opens."""
    file = tmp_path / "d.csv"
    assert typed(hub, "differences", "--outage", OUTAGE, "--csv", file) == FINE
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_two_people_sign_with_the_list_they_filled_in(
    hub: Collected, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is open is written, filled in, taken back, and signed; before that everything open is named."""
    clock = ManualClock(datetime(2026, 1, 6, 9, tzinfo=CHINA))
    home = make_station(tmp_path / "it", clock, station={"code": "IT1", "name": "信息科"})
    people = ["--home", home.path]
    for name, operator in (("operator", "1006"), ("second", "4003")):
        file = tmp_path / f"{operator}.password"
        file.write_text(password_of(operator), "utf-8")
        option = "--password-file" if name == "operator" else "--second-password-file"
        people += [f"--{name}", operator, option, file]
    sign = ["sign-off", "--outage", OUTAGE]
    assert typed(hub, *sign, *people) == FOUND_A_PROBLEM
    assert "rejected memory" in capsys.readouterr().out
    listed = tmp_path / "open.csv"
    assert typed(hub, *sign, "--open", listed) == FINE
    head, *lines = listed.read_text("utf-8-sig").splitlines()
    assert lines
    listed.write_text("\r\n".join([head, *(f"{line}已核对" for line in lines)]) + "\r\n", "gb18030")
    assert typed(hub, *sign, *people, "--accept", "rejected") == WRONG_USE
    assert typed(hub, *sign, *people[:6], "--explained", listed) == WRONG_USE
    assert typed(hub, *sign, *people, "--explained", listed) == FINE
    hub.bring(home, ring_of(home, "4003"))
    assert len(hub.read().closing.signed_by) == 2
    pdf = tmp_path / "signed.pdf"
    assert typed(hub, "certificate", "--outage", OUTAGE, "--pdf", pdf) == FINE
