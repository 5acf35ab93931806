"""Two people sign an outage off for all stations: nothing open, or each open thing explained by its name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from downtime.clock import ManualClock
from downtime.obstacles import NotYet
from downtime.record import Recorded
from downtime.sign_off import still_open
from sync.hub.signed import is_signed
from sync.hub.signing import open_csv, read_explained, sign_outage
from tests.downtime.closings import OUTAGE
from tests.downtime.kept_books import make_station, opened, ring_of
from tests.sync.hub.collected import CHINA, Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import Home
    from downtime.keys import Keyring

EXPLAINED = "已在 HIS 手工补录,见登记本"


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Home, Keyring]]:
    """Two stations with a whole outage each; these tests only read them."""
    return make_stations(tmp_path_factory.mktemp("stations"), ("W03", "W05"), 8)


@pytest.fixture
def hub(tmp_path: Path, store_url: str, stations: list[tuple[Home, Keyring]]) -> Iterator[Collected]:
    """A hub on either store that has all of it; the HIS refused one entry."""
    with made_hub(tmp_path / "hub", store_url) as made:
        for home, ring in stations:
            made.bring(home, ring)
        made.deliver(("refused",))
        made.ended()
        yield made


@pytest.fixture
def it_home(tmp_path: Path) -> Home:
    """The home of the IT PC."""
    clock = ManualClock(datetime(2026, 1, 6, 9, tzinfo=CHINA))
    return make_station(tmp_path / "it", clock, station={"code": "IT1", "name": "信息科"})


def _sign(
    hub: Collected, home: Home, explained: dict[str, str], people: tuple[str, str] = ("1006", "4003")
) -> Recorded | NotYet:
    book = opened(home, people[0], ManualClock(datetime(2026, 1, 6, 10, tzinfo=CHINA)))
    try:
        return sign_outage(book, ring_of(home, people[1]), hub.read("zh"), explained)
    finally:
        book.close()


def _all_keys(hub: Collected) -> dict[str, str]:
    return {
        item.key: EXPLAINED for one in hub.read("zh").obstacles if one.weight == "stops" for item in one.items
    }


def _kinds(outcome: Any) -> list[str]:
    assert isinstance(outcome, NotYet), outcome
    return [one.kind for one in outcome.obstacles]


def test_nothing_is_signed_while_something_is_unexplained(hub: Collected, it_home: Home) -> None:
    """Each open thing stops it; one explanation too few is one obstacle, which names the very thing."""
    assert {"rejected", "paper_missing"} <= set(_kinds(_sign(hub, it_home, {})))
    given = _all_keys(hub)
    left = next(key for key in given if key.startswith("rejected"))
    outcome = _sign(hub, it_home, {key: why for key, why in given.items() if key != left})
    assert _kinds(outcome) == ["rejected"]
    assert isinstance(outcome, NotYet)
    assert outcome.obstacles[0].unexplained(set(given) - {left})[0].key == left
    assert _kinds(_sign(hub, it_home, {**given, left: "  "})) == ["rejected"]


def test_two_people_sign_what_stands_there(hub: Collected, it_home: Home) -> None:
    """Every book with its length and head, the totals, the digest and each explanation are sealed and signed."""
    given = _all_keys(hub)
    outcome = _sign(hub, it_home, given)
    assert isinstance(outcome, Recorded), outcome
    content, whole = outcome.entry.content, hub.read("zh")
    assert [(one["station"], one["entries"], one["head"]) for one in content["books"]] == [
        (book.label[:3], book.entries, book.head) for book in whole.closing.books
    ]
    assert {one["key"]: one["reason"] for one in content["explained"]} == given
    figures = {one.name: one.value for one in whole.closing.figures}
    assert content["totals"] == {name: figures[name] for name in content["totals"]}
    assert content["facts"] == whole.closing.sha256_to_sign
    assert is_signed(content)
    assert not is_signed({**content, "reason": "x"})
    assert not is_signed({**content, "signed": [content["signed"][0]] * 2})


def test_the_certificate_names_who_signed_once_it_came_up(hub: Collected, it_home: Home) -> None:
    """The form travels like any entry; the digest stays, a second sign-off of the same is refused."""
    before = hub.read("zh").closing
    assert not before.signed_by
    assert isinstance(_sign(hub, it_home, _all_keys(hub)), Recorded)
    hub.bring(it_home, ring_of(it_home, "4003"))
    after = hub.read("zh").closing
    assert len(after.signed_by) == 2
    assert not after.changed_since
    assert after.sha256_to_sign == before.sha256_to_sign
    assert "signed_off" in after.tables["course"].values("event")
    assert "already" in _kinds(_sign(hub, it_home, _all_keys(hub)))


def test_what_came_after_the_signature_is_said(hub: Collected, it_home: Home) -> None:
    """The HIS answered later: the books are the signed ones, and the paper says that something changed."""
    assert isinstance(_sign(hub, it_home, _all_keys(hub)), Recorded)
    hub.bring(it_home, ring_of(it_home, "4003"))
    row = hub.db.row("SELECT max(turn) FROM entry")
    refused = hub.db.row(
        "SELECT entry_n, step FROM delivery WHERE state = 'rejected' ORDER BY n DESC LIMIT 1"
    )
    assert refused is not None
    assert row is not None
    names = [one for one in _columns(hub) if one != "n"]
    kept = hub.db.row(f"SELECT {', '.join(names)} FROM delivery WHERE entry_n = ? AND step = ?", refused)  # noqa: S608 (names)
    assert kept is not None
    told = dict(zip(names, kept, strict=True)) | {"step": refused[1] + 1, "state": "in_doubt"}
    with hub.db.writing():
        marks = ", ".join("?" * len(names))
        hub.db.rows(f"INSERT INTO delivery ({', '.join(names)}) VALUES ({marks})", list(told.values()))  # noqa: S608 (names)
    after = hub.read("zh").closing
    assert after.signed_by
    assert after.changed_since


def _columns(hub: Collected) -> list[str]:
    if hub.db.dialect == "sqlite":
        return [row[0] for row in hub.db.rows("SELECT name FROM pragma_table_info('delivery')")]
    return [
        row[0]
        for row in hub.db.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'delivery'"
        )
    ]


def test_who_may_sign(hub: Collected, it_home: Home) -> None:
    """Not one person twice, nobody without the right, nobody who took money at any of the stations."""
    given = _all_keys(hub)
    assert _kinds(_sign(hub, it_home, given, ("4003", "4003"))) == ["same_person"]
    assert "no_right" in _kinds(_sign(hub, it_home, given, ("4003", "4001")))
    assert _kinds(_sign(hub, it_home, given, ("4003", "1007"))) == ["took_money"]


def test_a_name_nobody_knows_is_refused(hub: Collected, it_home: Home) -> None:
    """A key mistyped explains nothing and is said."""
    given = {**_all_keys(hub), "rejected W99": EXPLAINED}
    assert _kinds(_sign(hub, it_home, given)) == ["unknown_key"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_list_of_open_things_goes_through_a_spreadsheet(hub: Collected, encoding: str) -> None:
    """Written, filled in, saved as a Chinese office saves it, and read: each reason is with its thing."""
    whole = hub.read("zh")
    keys = list(_all_keys(hub))
    empty = open_csv(whole, {})
    assert read_explained(empty) == {}
    filled = open_csv(whole, dict.fromkeys(keys, EXPLAINED)).decode("utf-8-sig").encode(encoding)
    assert read_explained(filled) == dict.fromkeys(keys, EXPLAINED)
    assert still_open(whole.obstacles, read_explained(filled)) == []
    with pytest.raises(ValueError, match=r"list of|清单"):
        read_explained(b"a,b\r\n1,2\r\n")


def test_a_sign_off_of_another_state_does_not_count(hub: Collected, it_home: Home) -> None:
    """More entries of a book than were signed: nobody has signed that."""
    outcome = _sign(hub, it_home, _all_keys(hub))
    assert isinstance(outcome, Recorded)
    content = outcome.entry.content
    other = {**content, "books": [{**one, "entries": one["entries"] + 1} for one in content["books"]]}
    assert not is_signed(other)
    assert hub.read("zh").closing.place["outage"] == OUTAGE
