"""Certificate and port: pinned to the hub's own authority, whatever else answers there."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from downtime.errors import WrongPlaceError
from sync.connectors.hub_link import HubLink, NoAnswerError, NotReachedError, Speaker
from sync.hub import certificates
from tests.sync.hub.hubs import make_hub, start_hub, stop_hub
from tests.sync.hub.lines import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub


def test_an_ended_certificate_is_renewed_before_anybody_notices(tmp_path: Path) -> None:
    """The hub was switched off for years: it starts with a new certificate of the same authority."""
    running = make_hub(tmp_path / "hub")
    place, keys = running.place, running.hub.keys
    number = running.port.number
    running.knows("W9A", "A", KEY.public)
    link = running.link("W9A", KEY)
    stop_hub(running)
    ended = certificates.make_certificate(keys.authority, ["127.0.0.1"], datetime(2019, 1, 1, tzinfo=UTC))
    assert certificates.days_left(ended.certificate) < 0
    key = certificates.locked_key(ended.key, keys.server_password)
    place.certificate_file.write_bytes(ended.certificate + place.authority_certificate + key)
    running = start_hub(place, number=number)
    assert certificates.days_left(place.certificate_file.read_bytes()) > 300
    assert link.ask("outcomes", {"entries": []})["outcomes"] == {}
    link.close()
    stop_hub(running)


def test_an_ended_certificate_in_use_does_not_lock_stations_out(tmp_path: Path) -> None:
    """It is the authority that is pinned; dates are the hub's own business."""
    running = make_hub(tmp_path / "hub")
    keys = running.hub.keys
    ended = certificates.make_certificate(keys.authority, ["127.0.0.1"], datetime(2019, 1, 1, tzinfo=UTC))
    file = tmp_path / "ended.pem"
    file.write_bytes(ended.certificate + certificates.locked_key(ended.key, b"x"))
    running.port.context.load_cert_chain(file, password=b"x")
    running.knows("W9A", "A", KEY.public)
    link = running.link("W9A", KEY)
    assert link.ask("outcomes", {"entries": []})["outcomes"] == {}
    link.close()
    stop_hub(running)


def test_a_hub_of_another_authority_is_not_spoken_to(tmp_path: Path) -> None:
    """Something else answers at the address: nothing is sent, and that is said."""
    running, other = make_hub(tmp_path / "one"), make_hub(tmp_path / "two")
    link = HubLink([other.address], running.place.authority_certificate, Speaker("W9A", "A", KEY.sign))
    with pytest.raises(NotReachedError, match=other.address):
        link.ask("outcomes", {"entries": []})
    for one in (running, other):
        stop_hub(one)


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"SSH-2.0-x\r\n"])
def test_a_port_answered_by_something_else(file_hub: RunningHub, says: bytes) -> None:
    """A printer, a web page or a silent port at the address is not taken for the hub."""
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        number = foreign.getsockname()[1]

        def answer() -> None:
            stream, _peer = foreign.accept()
            stream.sendall(says)
            stream.close()

        thread = threading.Thread(target=answer)
        thread.start()
        authority = file_hub.place.authority_certificate
        link = HubLink([f"127.0.0.1:{number}"], authority, Speaker("W9A", "A", KEY.sign))
        with pytest.raises(NotReachedError):
            link.ask("outcomes", {"entries": []})
        thread.join()


def test_a_web_server_with_our_certificate_but_other_answers_is_no_hub(file_hub: RunningHub) -> None:
    """What answers in another way than the hub leaves a doubt, never a wrong certainty."""
    from sync.hub.server import server_context

    place = file_hub.place
    context = server_context(place.certificate_file, file_hub.hub.keys.server_password)
    with socket.create_server(("127.0.0.1", 0)) as foreign:

        def answer() -> None:
            stream = context.wrap_socket(foreign.accept()[0], server_side=True)
            stream.recv(4_096)
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            stream.close()

        thread = threading.Thread(target=answer)
        thread.start()
        link = HubLink(
            [f"127.0.0.1:{foreign.getsockname()[1]}"],
            place.authority_certificate,
            Speaker("W9A", "A", KEY.sign),
        )
        with pytest.raises(NoAnswerError):
            link.ask("outcomes", {"entries": []})
        thread.join()


def test_a_port_that_is_taken_is_said_at_the_start(file_hub: RunningHub) -> None:
    """The hub does not pretend to listen."""
    with pytest.raises(WrongPlaceError, match=str(file_hub.port.number)):
        start_hub(file_hub.place, number=file_hub.port.number)


def test_old_tls_is_not_spoken(file_hub: RunningHub) -> None:
    """TLS 1.2 at least."""
    assert file_hub.port.context.minimum_version >= ssl.TLSVersion.TLSv1_2
