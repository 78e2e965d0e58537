"""Whether what goes to a server over a network can be read on its way, and until when its certificate holds."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from console.check import Check, Place
from stories.settings import LOOPBACK

PATIENCE: Final = 2.0  # seconds for one more connection
SOON: Final = timedelta(days=14)  # a renewal that failed is noticed, and somebody is back from a holiday


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a server is connected to, as its address says."""

    is_tls: bool
    is_verified: bool
    """False where the address says that any certificate will do."""
    host: str | None
    port: int
    ca_file: str | None = None


def tls_check(place: Place, connection: Connection, how: str) -> Check:
    """`how` says how to have TLS there. A warning only: a network may be private."""
    name = f"{place.kind} TLS"
    if not place.hosts or place.hosts <= LOOPBACK:
        return Check(name=name, ok=True, detail="on this machine only", fatal=False)
    if not connection.is_tls:
        return Check(name=name, ok=False, detail="what goes there is not encrypted", remedy=how, fatal=False)
    if not connection.is_verified:
        remedy = f"Take out of {place.setting} what switches it off, and name the authority's file in it."
        return Check(name=name, ok=False, detail="its certificate is not verified", remedy=remedy, fatal=False)
    ends = certificate_ends(connection)
    if ends is None:
        return Check(name=name, ok=True, detail="encrypted and verified", fatal=False)
    return Check(
        name=name,
        ok=ends - datetime.now(UTC) > SOON,
        detail=f"encrypted and verified; its certificate ends on {ends:%Y-%m-%d}",
        remedy="Renew the server's certificate before it ends: then no connection is made any more.",
        fatal=False,
    )


def certificate_ends(connection: Connection) -> datetime | None:
    """None where it cannot be seen; whether the server can be reached is another check's business."""
    try:
        context = ssl.create_default_context(cafile=connection.ca_file)
        with (
            socket.create_connection((connection.host or "", connection.port), PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=connection.host) as secure,
        ):
            certificate = secure.getpeercert()
    except (OSError, ValueError):
        return None
    ends = certificate.get("notAfter") if certificate else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC) if ends else None
