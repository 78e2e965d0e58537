"""Which addresses may be connected to: the open internet's; in replica mode the replica's and no other.

guard.py judges what is asked for, by its name. This judges what the name has led to, in the moment in which the
connection to just that address is made. So a name that answers otherwise the second time (DNS rebinding), a cached
answer or a number in place of a name lead nowhere else.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult

log = logging.getLogger(__name__)

AddressInfo = tuple[int, int, int, str, tuple[str | int, ...]]
"""As getaddrinfo gives it: family, type, protocol, name, (address, port, ...)."""
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            # Some Pythons call these global, and none of them is a web server's own address.
            "100.64.0.0/10",  # shared by a carrier's customers (RFC 6598); a cloud's metadata at 100.100.100.200
            "192.0.0.0/24",  # protocol assignments; a cloud's metadata at 192.0.0.192
            "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
            "168.63.129.16/32",  # Azure's own services, as every machine there sees them
            "2001::/23",  # protocol assignments, with Teredo, whose last 32 bits are an IPv4 address
            "2002::/16",  # 6to4: bits 16 to 48 are an IPv4 address
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""IPv6 as it is given to hosts: IPv4 in IPv6 (::ffff:a.b.c.d, 64:ff9b::a.b.c.d) and what is local lie outside."""


class ClosedAddressError(OSError):
    """An address that is never connected to. An OSError, as of a host that cannot be reached: the next may be open."""


def is_open(address: str) -> bool:
    """Whether an address, in numbers, is one of the open internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    is_special = not ip.is_global or ip.is_multicast or any(ip in net for net in _CLOSED if net.version == ip.version)
    return not is_special and (ip.version == 4 or ip in _GLOBAL_UNICAST)  # noqa: PLR2004 - IPv4


def door(replica: SplitResult | None) -> Callable[[AddressInfo], socket.socket]:
    """Makes the socket for a connection, or raises ClosedAddressError."""

    def opened(to: AddressInfo) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = to
        if not (_is_replica(str(address), port, replica) if replica else is_open(str(address))):
            log.warning("not connected: a host's name leads to %s port %s", address, port)
            raise ClosedAddressError(f"no address of {'the replica' if replica else 'the open internet'}")
        return socket.socket(family, kind, protocol)

    return opened


def _is_replica(address: str, port: object, replica: SplitResult) -> bool:
    """Its name may be `localhost`, which is more than one address; all of them are this machine's own."""
    return ipaddress.ip_address(address).is_loopback and port == (replica.port or 80)
