"""The only maker of Redis clients: of one server, or of whichever of several the Sentinels say is the master."""

from __future__ import annotations

import time
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.connection import Connection, SSLConnection, parse_url
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import ReadOnlyError, ResponseError
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelManagedConnection, SentinelManagedSSLConnection

from stories.address import REDIS, SENTINEL_PORT, SENTINELS, Address

SENTINEL_PATIENCE: Final = 1.0  # seconds for one Sentinel's answer, which it has in memory; the next is asked then
_PAUSE: Final = ExponentialBackoff(cap=1, base=0.05)  # seconds
_NO_MASTER: Final = ("READONLY", "NOREPLICAS")  # a replica; a master with min-replicas-to-write that has too few
_OPTION: Final = "sentinel_"
_LOGIN: Final = ("username", "password")


class _Leaves:
    """Leaves a server that is no master any more, or takes no writes as it was cut off from its replicas.

    The next try looks for the master anew. Else a connection would stay with the old one, and every command fail.
    """

    def read_response(self, *args: Any, **options: Any) -> Any:
        # redis-py's own is False with Sentinels: an answer that came late would be taken for the next one.
        options.setdefault("disconnect_on_error", True)
        try:
            return super().read_response(*args, **options)  # type: ignore[misc]  # of the connection beside us
        except ResponseError as error:
            # Of what a script was refused Redis 6.2 tells in the middle of a message.
            if not (isinstance(error, ReadOnlyError) or any(word in str(error) for word in _NO_MASTER)):
                raise
            self.disconnect()  # type: ignore[attr-defined]
            raise Unreachable(f"it is no master now: {error}") from error


class _Plain(_Leaves, Connection):
    pass


class _PlainTLS(_Leaves, SSLConnection):
    pass


class _Asks:
    """Asks the Sentinels before each try. redis-py's own, within a retry, goes back to the server it knows; to one that
    drops packets it would connect again and again, until its patience ends.
    """

    def connect_check_health(self, check_health: bool = True, retry_socket_connect: bool = True) -> None:
        if retry_socket_connect and not self._sock:  # type: ignore[attr-defined]  # else redis-py has just asked
            self.host, self.port = self.connection_pool.get_master_address()  # type: ignore[attr-defined]
        super().connect_check_health(check_health, retry_socket_connect=False)  # type: ignore[misc]


class _Managed(_Leaves, _Asks, SentinelManagedConnection):
    pass


class _ManagedTLS(_Leaves, _Asks, SentinelManagedSSLConnection):
    pass


_CLASSES: Final = {"redis": _Plain, "rediss": _PlainTLS, "redis+sentinel": _Managed, "rediss+sentinel": _ManagedTLS}


class _Within(Retry):
    """Tries again for so many seconds, however often that is. (redis-py's own counts, a try within a try too.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__(_PAUSE, retries=-1)
        self._seconds = seconds

    def call_with_retry(self, do: Any, fail: Any, is_retryable: Any = None, with_failure_count: bool = False) -> Any:
        until = time.monotonic() + self._seconds

        def is_time(error: Exception) -> bool:
            return time.monotonic() < until and (is_retryable is None or is_retryable(error))

        return super().call_with_retry(do, fail, is_time, with_failure_count)


def client(
    url: str, *, timeout: float, connect_timeout: float, reconnects: int = 0, patience: float = 0.0, **options: Any
) -> redis.Redis:
    """Connects at the first command. Raises ValueError where the address cannot be used.

    Waits `timeout` seconds for an answer, and tries again so often, or for `patience` seconds. Each try goes to the
    master of that moment: one that Sentinels replace costs tries, no commands.
    """
    options |= {
        "socket_timeout": timeout,
        "socket_connect_timeout": connect_timeout,
        "retry": _Within(patience) if patience else Retry(_PAUSE, reconnects),
    }
    address = Address.of(url, REDIS)
    if kind := _CLASSES.get(address.scheme):  # not for a socket of this machine's: nobody takes its place
        options["connection_class"] = kind
    return _of_master(address, options) if address.scheme in SENTINELS else redis.Redis.from_url(url, **options)


def _of_master(address: Address, options: dict[str, Any]) -> redis.Redis:
    name, number = address.watched()
    own = parse_url(_of_one(address, number))
    is_tls = own.pop("connection_class", None) is SSLConnection  # of one server
    del own["host"]
    tls = {option: value for option, value in own.items() if option.startswith("ssl_")}
    sentinel = Sentinel(
        [(host, port or SENTINEL_PORT) for host, port in address.members],
        sentinel_kwargs={
            "socket_timeout": SENTINEL_PATIENCE,
            "socket_connect_timeout": SENTINEL_PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            "ssl": is_tls,
            **tls,
            **_login_of_sentinels(address),
        },
    )
    master: redis.Redis = sentinel.master_for(name, **(options | own))
    return master


def _of_one(address: Address, number: int) -> str:
    """The address as it would be of one server, for redis-py to read its options."""
    scheme, login = address.scheme.partition("+")[0], f"{address.login}@" if address.login else ""
    ours = [(option, value) for option, value in parse_qsl(address.query) if not option.startswith(_OPTION)]
    return f"{scheme}://{login}sentinels/{number}?{urlencode(ours)}"


def _login_of_sentinels(address: Address) -> dict[str, str]:
    given = {
        option.removeprefix(_OPTION): value for option, value in parse_qsl(address.query) if option.startswith(_OPTION)
    }
    if unknown := sorted(set(given) - set(_LOGIN)):
        raise ValueError(f"unknown option {_OPTION}{unknown[0]}; there are sentinel_username and sentinel_password")
    return given
