"""The one port, as strangers and stations meet it: signed, fresh, bounded, or refused in a few words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.canonical import seal
from downtime.signing import SigningKey
from sync.connectors.hub_link import NotTakenError
from sync.hub.server import ASKED
from sync.hub.wire import BODY_BYTES_MAX, NONCE_SECONDS, Nonces, RefusedError, signed_header
from tests.sync.hub.lines import KEY, Line, refused
from tests.sync.hub.stations import verdicts

if TYPE_CHECKING:
    from tests.sync.hub.hubs import RunningHub


@pytest.fixture
def line(file_hub: RunningHub) -> Line:
    """A line to a hub that knows station W9A."""
    file_hub.knows("W9A", "A", KEY.public)
    return Line(file_hub)


def test_a_good_request_is_answered(line: Line) -> None:
    """Signed with the station's key over a fresh nonce."""
    status, body, _nonce = line.signed("/v1/outcomes", seal({"entries": []}))
    assert (status, json.loads(body)["outcomes"]) == (200, {})


def test_an_unsigned_request_is_refused(line: Line) -> None:
    """Whatever it asks."""
    for name in ASKED:
        assert refused(line.send("POST", f"/v1/{name}", b"{}")) == (401, "unsigned")
    assert refused(line.send("GET", f"/v1/file/{'0' * 64}/0")) == (401, "unsigned")


def test_a_request_copied_from_the_line_is_refused(line: Line) -> None:
    """The very same bytes a second time: the nonce is used up."""
    body, target = seal({"entries": []}), "/v1/outcomes"
    header = signed_header(
        "POST", target, body, nonce=line.nonce(), station="W9A", incarnation="A", sign=KEY.sign
    )
    assert line.send("POST", target, body, {"Authorization": header})[0] == 200
    assert refused(line.send("POST", target, body, {"Authorization": header})) == (409, "replayed")


def test_a_signature_holds_for_one_request_only(line: Line) -> None:
    """Another body, another target, another station or another key: refused."""
    body, target, nonce = seal({"entries": []}), "/v1/outcomes", line.nonce()
    header = signed_header("POST", target, body, nonce=nonce, station="W9A", incarnation="A", sign=KEY.sign)
    assert refused(line.send("POST", target, body + b" ", {"Authorization": header})) == (400, "other_body")
    assert refused(line.send("POST", "/v1/facts", body, {"Authorization": header})) == (
        401,
        "wrong_signature",
    )
    other = SigningKey(bytes(32), "A")
    assert refused(line.signed(target, body, key=other)) == (401, "wrong_signature")
    assert refused(line.signed(target, body, station="W03")) == (401, "unknown_station")


def test_a_nonce_of_our_own_making_is_refused(line: Line) -> None:
    """Only what the hub gave out counts."""
    assert refused(line.signed("/v1/outcomes", seal({"entries": []}), nonce="0" * 72)) == (409, "stale_nonce")


def test_nonces_grow_old_by_time_passed_not_by_the_clock() -> None:
    """A nonce counts for two minutes of time that really passed."""
    passed = [1_000]
    nonces = Nonces(lambda: passed[0])
    young, old = nonces.fresh(), nonces.fresh()
    nonces.use(young)
    passed[0] += NONCE_SECONDS * 1000 + 1
    with pytest.raises(RefusedError, match="stale_nonce"):
        nonces.use(old)


def test_used_nonces_are_forgotten_once_they_are_stale() -> None:
    """The hub's memory does not grow with the day."""
    passed = [0]
    nonces = Nonces(lambda: passed[0])
    for _n in range(1_000):
        nonces.use(nonces.fresh())
        passed[0] += 1_000
    assert len(nonces._used) <= 2 * NONCE_SECONDS + 2


def test_a_restarted_hub_asks_for_a_fresh_nonce_and_the_station_follows(file_hub: RunningHub) -> None:
    """The station notices nothing but one more exchange."""
    file_hub.knows("W9A", "A", KEY.public)
    link = file_hub.link("W9A", KEY)
    assert link.ask("outcomes", {"entries": []})["outcomes"] == {}
    file_hub.hub.nonces._secret = bytes(32)
    assert link.ask("outcomes", {"entries": []})["outcomes"] == {}
    link.close()


def test_a_request_too_large_is_refused(line: Line) -> None:
    """Said to be too large, it is refused before it is read; so is a compressed one."""
    body = b"x" * (BODY_BYTES_MAX + 1)
    header = signed_header(
        "POST", "/v1/entries", body, nonce=line.nonce(), station="W9A", incarnation="A", sign=KEY.sign
    )
    headers = {"Authorization": header, "Content-Length": str(len(body))}
    assert refused(line.send("POST", "/v1/entries", b"", headers)) == (413, "too_large")
    small = seal({})
    header = signed_header(
        "POST", "/v1/entries", small, nonce=line.nonce(), station="W9A", incarnation="A", sign=KEY.sign
    )
    packed = {"Authorization": header, "Content-Encoding": "gzip"}
    assert refused(line.send("POST", "/v1/entries", small, packed)) == (415, "encoded")


def test_too_many_entries_at_once_are_refused(line: Line) -> None:
    """A batch has a bound, and nothing of one beyond it is kept."""
    row = {"seq": 1, "salt": "00" * 16, "sealed": "{}", "hash": "00" * 32}
    body = seal({"incarnation": "A", "book": 1, "rows": [row] * 501, "heads": []})
    assert refused(line.signed("/v1/entries", body)) == (413, "too_large")
    assert verdicts(line.running, "W9A") == {}


def test_what_is_not_there_is_refused_shortly(line: Line) -> None:
    """Other paths and methods."""
    for method, target in (
        ("GET", "/"),
        ("GET", "/v1/entries"),
        ("PUT", "/v1/entries"),
        ("GET", "/" + "x" * 3_000),
    ):
        assert refused(line.send(method, target))[1] == "no_such_place"


def test_a_refusal_says_the_hubs_word(file_hub: RunningHub) -> None:
    """A station that is not known learns just that."""
    link = file_hub.link("W9A", KEY)
    with pytest.raises(NotTakenError) as refusal:
        link.ask("outcomes", {"entries": []})
    assert refusal.value.word == "unknown_station"
    link.close()
