"""Hostile input, well signed or not at all: the hub refuses it or keeps it aside, and goes on."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from downtime.canonical import seal
from tests.sync.hub.hubs import empty_postgresql, make_hub, stop_hub
from tests.sync.hub.lines import ANSWER_BYTES_MAX, KEY, Line, refused
from tests.sync.hub.stations import known_to, make_station, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One hub on either store for many hostile requests; it must outlive them all."""
    url = "" if request.param == "sqlite" else empty_postgresql(request)
    running = make_hub(tmp_path_factory.mktemp("lasting") / "hub", store_url=url)
    running.knows("W9A", "A", KEY.public)
    yield Line(running)
    stop_hub(running)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ROW = {"seq": 1, "salt": "00" * 16, "sealed": "{}", "hash": "00" * 32}
HEAD = {"seq_from": 1, "seq_to": 1, "head": "00" * 32, "signature": "00" * 64}
GOOD: dict[str, dict[str, Any]] = {
    "join": {
        "request": {
            "hospital": "PRACTICE",
            "station": "W9A",
            "drill": False,
            "keys": [{"incarnation": "A", "public": KEY.public.hex()}],
        },
        "mark": "00" * 32,
    },
    "keys": {"keys": [{"incarnation": "B", "public": "11" * 32}]},
    "station": {
        "journals": [{"incarnation": "A", "book": 1, "seq": 1, "head": "00" * 32}],
        "clock": "2026-01-05T08:00:00+08:00",
        "package": 0,
    },
    "entries": {"incarnation": "A", "book": 1, "rows": [ROW], "heads": [HEAD]},
    "outcomes": {"entries": [{"id": "x", "body_hash": "00" * 32}]},
    "facts": {"ids": ["x"]},
    "receipt": {"number": "W03A-000001-5", "using": "x"},
    "package": {"have": 0},
}


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return a request of which one place, anywhere, holds something else."""
    name = draw(st.sampled_from(sorted(GOOD)))
    content = json.loads(json.dumps(GOOD[name]))
    place: Any = content
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            break
        place = inner
    if isinstance(place, dict) and draw(st.integers(0, 4)) == 0:
        del place[key]
    else:
        place[key] = draw(JSON)
    return name, json.dumps(content).encode()


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoilt())
def test_a_spoilt_request_of_a_known_station_harms_nobody(
    lasting: Line, spoilt_request: tuple[str, bytes]
) -> None:
    """Signed by a station that went mad: refused or kept aside, never a fault, and the hub goes on."""
    name, body = spoilt_request
    status, answer, _nonce = lasting.signed(f"/v1/{name}", body)
    assert status in (200, 400, 401, 413)
    assert status == 200 or len(answer) <= ANSWER_BYTES_MAX


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(GOOD)), st.binary(max_size=400) | JSON.map(lambda told: json.dumps(told).encode())
)
def test_garbage_is_refused(lasting: Line, name: str, body: bytes) -> None:
    """Bytes of no form, well signed."""
    status, answer, _nonce = lasting.signed(f"/v1/{name}", body)
    assert status in (200, 400, 401, 413)
    assert status == 200 or len(answer) <= ANSWER_BYTES_MAX


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    JSON | st.recursive(st.just([]), lambda inner: st.tuples(inner).map(list), max_leaves=3),
    st.integers(1, 9),
)
def test_sealed_garbage_is_put_aside(lasting: Line, told: Any, seq: int) -> None:
    """An entry that is none is kept in quarantine, whatever it says."""
    sealed = json.dumps({"body": told, "envelope": told} if seq % 2 else told)
    row = {"seq": seq, "salt": "00" * 16, "sealed": sealed, "hash": "00" * 32}
    body = json.dumps({"incarnation": "A", "book": 1, "rows": [row], "heads": []}).encode()
    status, answer, _nonce = lasting.signed("/v1/entries", body)
    assert status == 200
    assert json.loads(answer)["kept"] == 1
    assert set(verdicts(lasting.running, "W9A")) <= {"unreadable", "foreign"}


def test_content_nested_without_end_is_refused(lasting: Line) -> None:
    """A hundred thousand brackets are not read as an entry, nor as a request."""
    deep = "[" * 100_000 + "]" * 100_000
    row = {"seq": 1, "salt": "00" * 16, "sealed": deep, "hash": "00" * 32}
    body = seal({"incarnation": "A", "book": 1, "rows": [row], "heads": []})
    assert json.loads(lasting.signed("/v1/entries", body)[1])["kept"] == 1
    assert "unreadable" in verdicts(lasting.running, "W9A")
    assert refused(lasting.signed("/v1/entries", deep.encode())) == (400, "garbage")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(min_size=1, max_size=300))
def test_bytes_that_are_no_http_at_all_harm_nobody(lasting: Line, sent: bytes) -> None:
    """Inside TLS or without it, the hub hangs up and listens on."""
    for wrapped in (True, False):
        plain = socket.create_connection(("127.0.0.1", lasting.running.port.number), timeout=10)
        stream = lasting.tls.wrap_socket(plain) if wrapped else plain
        with suppress(OSError):  # it may hang up first
            stream.sendall(sent + b"\r\n\r\n")
        stream.close()
    assert lasting.send("GET", "/v1/hello")[0] == 200


def test_the_hub_is_as_it_was_after_all_that(lasting: Line, tmp_path: Path) -> None:
    """A good station is collected by the very hub the hostile requests went to."""
    station = known_to(lasting.running, make_station(tmp_path / "w03"))
    station.charge(1)
    body = seal(station.batch())
    status, answer, _nonce = lasting.signed(
        "/v1/entries", body, station="W03", key=station.ring.signing_key()
    )
    assert status == 200
    assert json.loads(answer)["kept"] == len(station.batch()["rows"])
    assert set(verdicts(lasting.running, "W03")) == {""}
