"""The servers of three machines as docs/operations.md sets them up: a member of each kind on every machine."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from pymongo.errors import PyMongoError

from console import embedded_mongo, embedded_valkey
from stories.mongo import client
from tests.hosts.network import Machine
from tests.waiting import wait_for

SET, WATCHED, USER = "rs0", "kliping", "kliping"
MONGO, REDIS, SENTINEL = 27017, 6379, 26379
ELECTION = 4_000  # ms without the primary until the others elect (MongoDB's own default is 10,000)
DOWN = 4_000  # ms until a Sentinel takes the master for dead; longer than LAG, so that there are never two
LAG = 2  # seconds without its replicas after which a master takes no more writes

VALKEY = """\
bind {address} 127.0.0.1
port 6379
requirepass {password}
masterauth {password}
dir "{folder}"
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
min-replicas-to-write 1
min-replicas-max-lag {lag}
repl-diskless-sync-delay 0
{role}
"""
SENTINELS = """\
bind {address} 127.0.0.1
port 26379
requirepass {sentinel_password}
dir "{folder}"
sentinel monitor {name} {master} 6379 2
sentinel auth-pass {name} {password}
sentinel down-after-milliseconds {name} {down}
sentinel failover-timeout {name} 20000
"""


@dataclass
class Cluster:
    """All servers, and what one may ask them from outside of the machines."""

    machines: Sequence[Machine]
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    sentinel_password: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def mongo_url(self) -> str:
        members = ",".join(f"{machine.address}:{MONGO}" for machine in self.machines)
        return f"mongodb://{USER}:{self.password}@{members}/?authSource=admin&replicaSet={SET}"

    @property
    def redis_url(self) -> str:
        members = ",".join(f"{machine.address}:{SENTINEL}" for machine in self.machines)
        return f"redis+sentinel://:{self.password}@{members}/{WATCHED}/0?sentinel_password={self.sentinel_password}"

    def start(self) -> None:
        key = self.machines[0].folder / "mongo-key"
        key.write_text(secrets.token_hex(32))
        key.chmod(0o400)
        for machine in self.machines:
            self._start_mongod(machine, key)
            self._start_valkey(machine)
        self._initiate()
        wait_for(lambda: self.replicas() == 2, "two replicas of Redis")
        for machine in self.machines:
            self._start_sentinel(machine)
        wait_for(self.is_whole, "all members of both sets")

    def _start_mongod(self, machine: Machine, key: Path) -> None:
        data = machine.folder / "mongo"
        data.mkdir()
        places = ["--bind_ip", f"127.0.0.1,{machine.address}", "--port", str(MONGO), "--dbpath", str(data)]
        sizes = [*embedded_mongo.OPTIONS[embedded_mongo.OPTIONS.index("--wiredTigerCacheSizeGB") :]]
        command = [str(embedded_mongo.binary()), *places, "--keyFile", str(key), "--replSet", SET, "--nounixsocket"]
        machine.start("mongod", [*command, *sizes, "--logpath", str(machine.folder / "mongod.log")])

    def _start_valkey(self, machine: Machine) -> None:
        first = self.machines[0]
        role = "" if machine is first else f"replicaof {first.address} {REDIS}"
        self._start(machine, "valkey", VALKEY, role=role)

    def _start_sentinel(self, machine: Machine) -> None:
        self._start(machine, "sentinel", SENTINELS, "--sentinel")

    def _start(self, machine: Machine, name: str, configuration: str, *options: str, **values: str) -> None:
        folder = machine.folder / name
        folder.mkdir()
        file = folder / f"{name}.conf"
        file.write_text(
            configuration.format(
                address=machine.address,
                master=self.machines[0].address,
                password=self.password,
                sentinel_password=self.sentinel_password,
                folder=folder,
                name=WATCHED,
                lag=LAG,
                down=DOWN,
                **values,
            )
        )
        machine.start(name, [str(embedded_valkey.binary()), str(file), *options])

    def _initiate(self) -> None:
        """On the machine itself: as long as there is no user, MongoDB listens to its own loopback only."""
        members = ",".join(f"{machine.address}:{MONGO}" for machine in self.machines)
        command = [sys.executable, "-m", "tests.hosts.initiate", members, self.password]
        subprocess.run(self.machines[0].inside(*command), check=True, timeout=60)

    # -- asked ----------------------------------------------------------------------------------------------

    def primary(self) -> str | None:
        """The address of MongoDB's."""
        try:
            with client(self.mongo_url, serverSelectionTimeoutMS=2_000) as mongo:
                status = mongo.admin.command("replSetGetStatus")
        except PyMongoError:
            return None
        return next((m["name"].partition(":")[0] for m in status["members"] if m["state"] == 1), None)

    def masters(self) -> dict[str, str | None]:
        """Redis' master, as each machine's Sentinel has it; None: it does not answer."""
        return {machine.address: self._master_by(machine) for machine in self.machines}

    def _master_by(self, machine: Machine) -> str | None:
        sentinel = redis.Redis(machine.address, SENTINEL, password=self.sentinel_password, **QUICK)
        try:
            return str(sentinel.sentinel_get_master_addr_by_name(WATCHED)[0])
        except redis.RedisError:
            return None
        finally:
            sentinel.close()

    def replicas(self) -> int:
        """How many follow the master now, wherever that is."""
        for machine in self.machines:
            server = redis.Redis(machine.address, REDIS, password=self.password, **QUICK)
            try:
                info = server.info("replication")
            except redis.RedisError:
                continue
            finally:
                server.close()
            if info["role"] == "master" and info["connected_slaves"]:
                return sum(info[f"slave{number}"]["state"] == "online" for number in range(info["connected_slaves"]))
        return 0

    def is_whole(self) -> bool:
        """Every member of both sets is there, and all agree."""
        masters = set(self.masters().values())
        if None in masters or len(masters) != 1 or self.replicas() != len(self.machines) - 1:
            return False
        try:
            with client(self.mongo_url, serverSelectionTimeoutMS=2_000) as mongo:
                members = mongo.admin.command("replSetGetStatus")["members"]
        except PyMongoError:
            return False
        return sorted(member["state"] for member in members) == [1, *[2] * (len(self.machines) - 1)]


QUICK: dict[str, Any] = {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "decode_responses": True,
    "retry": redis.retry.Retry(redis.backoff.NoBackoff(), 0),
}
