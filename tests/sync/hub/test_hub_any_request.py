"""Requests of every kind, made by a generator from what the port takes: the hub refuses or keeps, and goes on."""

from __future__ import annotations

import http.client
import itertools
import json
import shutil
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from downtime.canonical import seal
from sync.connectors.hub_link import HubLink, Speaker
from sync.hub.place import HubPlace
from sync.hub.wire import IDS_MAX, signed_header
from tests.sync.hub.hubs import empty_postgresql, make_hub, start_hub, stop_hub
from tests.sync.hub.lines import ANSWER_BYTES_MAX, KEY, Line, refused
from tests.sync.hub.stations import known_to, make_station, verdicts

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

COUNTED = itertools.count()
"""Each example has a station of its own: the hub outlives them all."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One hub on either store for all of it; it must outlive it."""
    url = "" if request.param == "sqlite" else empty_postgresql(request)
    running = make_hub(tmp_path_factory.mktemp("bad") / "hub", store_url=url)
    running.knows("W9A", "A", KEY.public)
    yield Line(running)
    stop_hub(running)


TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=300)
PATHS = st.sampled_from(
    ["/v1/hello", "/v1/ca", "/v1/join", "/v1/entries", "/v1/station", "/v1/receipt", "/", "*"]
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "HEAD", "PATCH", "BREW"])
FIELDS = st.sampled_from(
    [
        "Authorization",
        "Content-Type",
        "Content-Encoding",
        "Content-Length",
        "Transfer-Encoding",
        "Expect",
        "Host",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(METHODS, PATHS, st.dictionaries(FIELDS, HEADER, max_size=4), st.binary(max_size=600))
def test_any_method_path_header_and_body(
    lasting: Line, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    """Unsigned, in every combination: answered shortly or hung up on, never a fault, and the hub goes on."""
    number = lasting.running.port.number
    line = http.client.HTTPSConnection("127.0.0.1", number, timeout=40, context=lasting.tls)
    try:
        line.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        lengths = {name.lower() for name in headers} & {"content-length", "transfer-encoding"}
        for name, value in headers.items():
            line.putheader(name, value.strip() or "x")
        if not lengths:
            line.putheader("Content-Length", str(len(body)))
        line.endheaders()
        line.send(body)
        line.sock.shutdown(socket.SHUT_WR)  # whatever length was promised: there is no more
        answer = line.getresponse()
        content = answer.read()
        assert answer.status < 500 or answer.status == 503
        assert answer.status == 200 or len(content) <= 2 * ANSWER_BYTES_MAX
    except (OSError, http.client.HTTPException):
        pass  # hung up on: as good an answer
    finally:
        line.close()
    assert lasting.send("GET", "/v1/hello")[0] == 200


SPOILT_AUTHORIZATION = st.sampled_from(["station", "incarnation", "nonce", "body", "signature"])


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(SPOILT_AUTHORIZATION, st.text("0123456789abcdefABCXYZ", max_size=140))
def test_any_part_of_the_signature_changed(lasting: Line, part: str, value: str) -> None:
    """One field of the header says something else: refused with a word of ours, nothing kept."""
    body = seal({"entries": []})
    header = signed_header(
        "POST", "/v1/outcomes", body, nonce=lasting.nonce(), station="W9A", incarnation="A", sign=KEY.sign
    )
    before, _equals, rest = header.partition(f"{part}=")
    changed = f"{before}{part}={value}{rest[rest.find(',') :] if ',' in rest else ''}"
    if changed == header:
        return
    status, _word = refused(lasting.send("POST", "/v1/outcomes", body, {"Authorization": changed}))
    assert status in (400, 401, 409)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXT, max_size=5), st.integers(-5, 1 << 70), st.integers(0, 3))
def test_well_signed_questions_out_of_all_bounds(
    lasting: Line, names: list[str], number: int, many: int
) -> None:
    """Ids of any text, numbers of any size, lists too long: refused or answered, never kept, never a fault."""
    told = json.dumps(names * (1 if many else IDS_MAX))
    for name, body in (
        ("facts", f'{{"ids": {told}}}'),
        ("receipt", json.dumps({"number": names[0] if names else "", "using": "x" * many * 40})),
        ("entries", json.dumps({"incarnation": "A", "book": number, "rows": [], "heads": []})),
        ("package", json.dumps({"have": number})),
    ):
        status, _answer, _nonce = lasting.signed(f"/v1/{name}", body.encode("utf-8", "surrogatepass"))
        assert status in (200, 400, 413)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_batches_of_any_cut_in_any_order_any_number_of_times(
    lasting: Line, tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> None:
    """Cut anywhere, repeated, shuffled, with heads that come late: in the end the whole chain stands, once."""
    folder = tmp_path_factory.mktemp("any")
    code = f"A{next(COUNTED):03X}"
    station = known_to(lasting.running, make_station(folder / "w", code))
    station.charge(5)
    whole = station.batch()
    cuts = sorted({0, len(whole["rows"]), *(chance.randrange(len(whole["rows"])) for _n in range(4))})
    pieces = []
    for first, last in itertools.pairwise(cuts):
        rows = whole["rows"][first:last]
        heads = [
            head
            for head in whole["heads"]
            if head["seq_to"] >= rows[0]["seq"] and head["seq_from"] <= rows[-1]["seq"]
        ]
        late = chance.random() < 0.3
        pieces.append({**whole, "rows": rows, "heads": [] if late else heads})
        if late:
            pieces.append({**whole, "rows": [], "heads": heads})
    order = [*pieces, *chance.sample(pieces, len(pieces) // 2)]
    chance.shuffle(order)
    key = station.ring.signing_key()
    link = HubLink(
        [lasting.running.address], lasting.running.place.authority_certificate, Speaker(code, "A", key.sign)
    )
    with closing(link):
        for piece in order:
            link.ask("entries", piece)
            if chance.random() < 0.3:
                lasting.running.hub.settle()
    assert verdicts(lasting.running, code) == {"": len(whole["rows"])}


def test_a_copied_home_of_the_hub_does_not_share_its_nonces(file_hub: RunningHub, tmp_path: Path) -> None:
    """A request recorded at one hub is worth nothing at its twin: nonces are made anew with each start."""
    file_hub.knows("W9A", "A", KEY.public)
    line = Line(file_hub)
    nonce = line.nonce()
    stop_hub(file_hub)
    twin = start_hub(HubPlace(shutil.copytree(file_hub.place.path, tmp_path / "twin")))
    body = seal({"entries": []})
    assert refused(Line(twin).signed("/v1/outcomes", body, nonce=nonce)) == (409, "stale_nonce")
    file_hub.port, file_hub.hub = twin.port, twin.hub
