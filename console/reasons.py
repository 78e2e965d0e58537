"""Why `kliping doctor` looks at a thing: what happens where it is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WHY: Final[Mapping[str, str]] = {
    "servers": "Every command works on a MongoDB and a Redis: those that the settings name, else its own.",
    "MongoDB reachable": "MongoDB is the memory: without it nothing is collected, and nothing can be asked.",
    "MongoDB login": "A server that does not know us tells us nothing.",
    "MongoDB replica set": "A server that stands alone lost 2,272 of 89,346 acknowledged writes when it was killed.",
    "MongoDB primary": "Only the primary takes writes; until there is one crawlers wait and then give up.",
    "MongoDB version": "Older ones do not know what we ask of them.",
    "MongoDB password": "Who can reach it could read, change and remove every story.",
    "MongoDB write concern": "What is acknowledged by less than a majority's journals is lost when a server is.",
    "MongoDB TLS": "Without TLS passwords and stories can be read and changed on their way.",
    "MongoDB disk": "When it is full nothing can be stored; crawls wait for minutes and then give up.",
    "clocks": "Ticks and leases go by MongoDB's clock, an age such as '2 hours ago' by this machine's.",
    "collections": "Without its indexes leasing and searching slow down with every page; validators keep errors out.",
    "documents": "An older kliping could write over what it does not understand.",
    "Redis reachable": "Redis carries the queue: without it nothing is crawled or enriched; nothing is lost either.",
    "Redis login": "A server that does not know us tells us nothing.",
    "Redis version": "Older ones do not know the commands by which jobs are moved.",
    "Redis primary": "A replica takes no jobs.",
    "Redis maxmemory-policy": "A Redis that makes room by forgetting forgets jobs; their pages wait for minutes.",
    "Redis durability": "Jobs that it forgets in a crash are queued again minutes later.",
    "Redis password": "Who can reach it could add and read jobs.",
    "Redis TLS": "Without TLS the password and the articles in jobs can be read and changed on their way.",
    "Redis memory": "When it is full no job is taken: crawls wait.",
    "Redis clock": "The pace of requests and the workers' signs of life go by Redis' clock.",
    "Redis Sentinels": "Without a majority of them, or a replica, nobody takes a lost master's place.",
    "Redis cut off": "A master that is cut off would go on giving turns to crawlers, beside the new one.",
    "workers": "Jobs that nobody serves wait for ever.",
    "home": "The embedded servers, passwords and logs lie there.",
    "disk": "When it is full the embedded servers stop taking anything.",
    "time zones": "A schedule in a zone that is not known here fires no more.",
    "versions": "We build on inner parts of these; others were never tested.",
    "contact": "A site's people must be able to reach you; without it no real site is asked.",
    "console port": "'kliping up' and 'kliping console' listen there.",
    "browser": "The few listings that are empty without their script are rendered in one; all else is read without.",
}
"""By a check's name."""
