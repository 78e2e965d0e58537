"""Make a replica set of these members, with a user: python -m tests.hosts.initiate 10.77.1.1:27017,... PASSWORD

On the first member itself: as long as there is no user, MongoDB listens to its own loopback only.
"""

from __future__ import annotations

import sys

from pymongo.errors import ConnectionFailure

from stories.mongo import client
from tests.hosts.servers import ELECTION, MONGO, SET, USER
from tests.waiting import wait_for


def hello(member: str) -> dict:
    """What a member says to anybody; nothing while it does not listen yet."""
    try:
        with client(f"mongodb://{member}/?directConnection=true") as guest:
            return guest.admin.command("hello")
    except ConnectionFailure:
        return {}


def main(members: str, password: str) -> None:
    hosts = members.split(",")
    here = f"127.0.0.1:{MONGO}"
    wait_for(lambda: all(map(hello, [here, *hosts])), "a mongod on each machine")
    config = {
        "_id": SET,
        "members": [{"_id": number, "host": host} for number, host in enumerate(hosts)],
        "settings": {"electionTimeoutMillis": ELECTION},
    }
    with client(f"mongodb://{here}/?directConnection=true") as guest:
        guest.admin.command("replSetInitiate", config)
        wait_for(lambda: hello(here).get("isWritablePrimary"), "a primary on this machine")
        guest.admin.command("createUser", USER, pwd=password, roles=["root"], mechanisms=["SCRAM-SHA-256"])


if __name__ == "__main__":
    main(*sys.argv[1:])
