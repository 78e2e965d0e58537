"""The address of a server, or of the several that are one: `scheme://user:password@a:1,b:2/path?options`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

SENTINELS: Final = ("redis+sentinel", "rediss+sentinel")
"""The form that Python's programs share; redis-py itself has none."""
REDIS: Final = ("redis", "rediss", "unix", *SENTINELS)
SETS: Final = ("mongodb", *SENTINELS)
"""Schemes that may name several members."""
SENTINEL_PORT: Final = 26379

_FORM: Final = re.compile(
    r"(?P<scheme>[a-z+]+)://(?:(?P<login>[^/?#]*)@)?(?P<members>[^/?#@]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an address says. (urlsplit knows one host only.)"""

    scheme: str
    login: str = field(repr=False)
    """`user:password`, as it is written; empty where there is none."""
    members: tuple[tuple[str, int | None], ...]
    """Hosts and ports, as many as are named."""
    path: str
    query: str = field(repr=False)  # may hold a password

    @classmethod
    def of(cls, url: str, schemes: Collection[str]) -> Address:
        """An address of one of these forms. Raises ValueError, without the address: it may hold a password."""
        found = _FORM.fullmatch(url)
        if not found or found["scheme"] not in schemes:
            raise ValueError("it begins otherwise")
        members = tuple(_member(one) for one in found["members"].split(",")) if found["members"] else ()
        if len(members) > 1 and found["scheme"] not in SETS:
            raise ValueError(f"{found['scheme']}:// names one server")
        if not members and found["scheme"] != "unix":
            raise ValueError("it names no host")
        address = cls(
            scheme=found["scheme"],
            login=found["login"] or "",
            members=members,
            path=found["path"] or "",
            query=found["query"] or "",
        )
        if address.scheme in SENTINELS:
            address.watched()
        return address

    def watched(self) -> tuple[str, int]:
        """What Sentinels know their servers by, and the number of the database. Raises ValueError."""
        name, _, number = self.path.strip("/").partition("/")
        if not name:
            raise ValueError("it does not say which servers: the name that the Sentinels know them by")
        if number and not number.isdecimal():
            raise ValueError("a database of Redis is a number")
        return unquote(name), int(number or 0)


def _member(text: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("a port that is none") from error  # urlsplit's words would show it: half a password, perhaps
    if not host or port == 0:
        raise ValueError("a host without a name, or a port 0")
    return host, port
