"""The cable does to a connection what it says: else the tests that lean on it would show nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.e2e.outages.cable import Cable


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that says back what it hears; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_all, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def answer_all(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def answer(connection: socket.socket) -> None:
    with connection:
        try:
            while heard := connection.recv(100):
                connection.sendall(heard)
        except ConnectionResetError:
            return


@pytest.fixture
def cable(echo: int) -> Iterator[Cable]:
    with Cable(echo) as made:
        yield made


def dial(cable: Cable) -> socket.socket:
    return socket.create_connection(("127.0.0.1", cable.port), timeout=5)


def says_back(caller: socket.socket, words: bytes = b"hello") -> bool:
    caller.sendall(words)
    return caller.recv(100) == words


def test_it_carries(cable: Cable) -> None:
    with dial(cable) as caller:
        assert says_back(caller)
        assert says_back(caller, b"again")


def test_cut_it_resets_what_is_connected_and_what_connects(cable: Cable) -> None:
    with dial(cable) as caller:
        assert says_back(caller)
        cable.cut()
        with pytest.raises(ConnectionResetError):
            caller.recv(1)
    with pytest.raises(ConnectionResetError), dial(cable) as later:  # while it connects, or as soon as it has
        later.recv(1)
    cable.mend()
    with dial(cable) as caller:
        assert says_back(caller)


def test_refusing_nobody_listens(cable: Cable) -> None:
    with dial(cable) as caller:
        assert says_back(caller)
        cable.refuse()
        with pytest.raises(ConnectionResetError):
            caller.recv(1)
    with pytest.raises(ConnectionRefusedError):
        dial(cable)
    cable.mend()
    with dial(cable) as caller:
        assert says_back(caller)


def test_silent_it_tells_nobody_and_mended_it_delivers_late(cable: Cable) -> None:
    with dial(cable) as caller, dial(cable) as later:
        assert says_back(caller)
        cable.silence()
        caller.sendall(b"late")
        later.sendall(b"later")
        for waiting in (caller, later):
            waiting.settimeout(0.3)
            with pytest.raises(TimeoutError):
                waiting.recv(1)
            waiting.settimeout(5)
        cable.mend()
        assert caller.recv(100) == b"late"
        assert later.recv(100) == b"later"
