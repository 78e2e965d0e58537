"""Clients of real servers that are watched by real Sentinels, and of one that is no master any more."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis
from redis.sentinel import MasterNotFoundError

from console.processes import free_port, kill
from stories.redis_client import client
from tests.sentinels import Watched, watching


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watching(tmp_path_factory.mktemp("watched")) as servers:
        yield servers


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Watched]:
    """To be killed."""
    with watching(tmp_path) as servers:
        yield servers


@contextmanager
def crowd(port: int) -> Iterator[None]:
    """So many wait for a server that stands still that the kernel drops whoever comes next."""
    with ExitStack() as stack:
        for _ in range(1000):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
            _, connected, _ = select.select([], [caller], [], 0.2)
            if not connected:
                break
        else:
            pytest.fail(f"the server at {port} still takes connections")
        yield


def quick(url: str, *, patience: float = 0.0) -> redis.Redis:
    return client(url, timeout=2, connect_timeout=1, patience=patience, decode_responses=True)


def test_a_master_that_dies_costs_a_wait(mortal: Watched):
    master, replica = mortal.servers
    with quick(mortal.url(), patience=30) as queue:
        queue.set("a", 1)
        assert queue.info("server")["tcp_port"] == master
        queue.wait(1, 1000)
        kill([mortal.processes[master]])
        assert queue.get("a") == "1"
        queue.set("b", 2)
        assert queue.info("server")["tcp_port"] == replica


def test_a_blocking_call_outlives_a_master_that_stands_still(mortal: Watched):
    """As RQ waits for a job. The old master still takes connections, and answers none."""
    master, _ = mortal.servers
    with quick(mortal.url(), patience=30) as queue, quick(mortal.url(), patience=30) as other:
        queue.ping()
        mortal.processes[master].send_signal(signal.SIGSTOP)
        other.rpush("jobs", "one")
        assert queue.blmove("jobs", "taken", 1) == "one"


def test_a_master_that_takes_no_connection_is_left(mortal: Watched):
    """As one whose host is cut off: nothing is refused, packets to it are lost."""
    master, replica = mortal.servers
    with client(mortal.url(), timeout=0.5, connect_timeout=0.5, patience=30) as queue:
        queue.ping()
        mortal.processes[master].send_signal(signal.SIGSTOP)
        with crowd(master):
            began = time.monotonic()
            assert queue.info("server")["tcp_port"] == replica
            assert time.monotonic() - began < 20


def test_without_patience_it_is_told_at_once(mortal: Watched):
    master, _ = mortal.servers
    with quick(mortal.url()) as queue:
        queue.ping()
        kill([mortal.processes[master]])
        began = time.monotonic()
        with pytest.raises(redis.ConnectionError):
            queue.set("a", 1)
        assert time.monotonic() - began < 10


def test_an_answer_that_is_late_is_nobodys(watched: Watched):
    with client(watched.url(), timeout=0.5, connect_timeout=2, patience=0.1, decode_responses=True) as queue:
        queue.set("a", 1)
        with pytest.raises(redis.TimeoutError):
            queue.blpop("nothing", timeout=2)
        assert queue.get("a") == "1"


def test_a_sentinel_that_is_away_is_passed_over(watched: Watched, tmp_path: Path):
    with quick(watched.url().replace("@", f"@127.0.0.1:{free_port()},", 1)) as queue:
        assert queue.ping()


def test_what_is_wrong_with_an_address_is_told_apart(watched: Watched):
    with quick(watched.url(name="another")) as queue, pytest.raises(MasterNotFoundError, match="No master found"):
        queue.ping()
    with quick(watched.url(password="wrong")) as queue, pytest.raises(redis.AuthenticationError):
        queue.ping()
    with quick(watched.url(other="wrong")) as queue, pytest.raises(redis.ConnectionError):
        queue.ping()
    with pytest.raises(ValueError, match="unknown option sentinel_pasword"):
        quick(watched.url().replace("sentinel_password", "sentinel_pasword"))


@pytest.mark.parametrize("asks", ["directly", "by a script", "in a pipeline"])
def test_a_server_that_takes_no_writes_is_left(watched: Watched, asks: str):
    """A master that nobody follows, and one that became a replica: as one that a name led to before a failover."""
    master, replica = watched.servers

    def write(queue: redis.Redis) -> None:
        if asks == "directly":
            queue.set("a", 1)
        elif asks == "by a script":
            queue.eval("return redis.call('SET', KEYS[1], 1)", 1, "a")
        else:
            queue.pipeline().set("a", 1).execute()

    left = pytest.raises(redis.ConnectionError, match="no master")
    with quick(f"redis://:geheim@127.0.0.1:{replica}/0") as queue, left:
        write(queue)
    left = pytest.raises(redis.ConnectionError, match="no master")
    with quick(f"redis://:geheim@127.0.0.1:{master}/0") as queue:
        queue.config_set("min-replicas-to-write", 2)
        with left:
            write(queue)
        queue.config_set("min-replicas-to-write", 0)
        write(queue)


@pytest.mark.parametrize("why", ["READONLY You can't write against a read only replica.", "NOREPLICAS Not enough."])
def test_a_refusal_within_a_script_of_redis_6_2_is_one(watched: Watched, why: str):
    said = f"ERR Error running script (call to f_0): @user_script:1: @user_script: 1: -{why}"
    left = pytest.raises(redis.ConnectionError, match="no master")
    with quick(f"redis://:geheim@127.0.0.1:{watched.servers[0]}/0") as queue, left:
        queue.eval("return redis.error_reply(ARGV[1])", 0, said)


def test_tls_is_for_servers_and_sentinels():
    url = "rediss+sentinel://:geheim@127.0.0.1:1/kliping?ssl_ca_certs=ca.pem&sentinel_username=me&sentinel_password=q"
    with quick(url) as queue:
        pool = queue.connection_pool
        assert issubclass(pool.connection_class, redis.SSLConnection)
        assert pool.connection_kwargs["ssl_ca_certs"] == "ca.pem"
        (sentinel,) = pool.sentinel_manager.sentinels
        assert issubclass(sentinel.connection_pool.connection_class, redis.SSLConnection)
        asked = sentinel.connection_pool.connection_kwargs
        assert (asked["username"], asked["password"], asked["ssl_ca_certs"]) == ("me", "q", "ca.pem")
