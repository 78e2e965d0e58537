"""What was looked at, whether it is as it must be, and what to do if not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from console.reasons import WHY
from stories.errors import ServiceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    """What was found, in words; never a password."""
    remedy: str | None = None
    """What to do where it is not ok."""
    fatal: bool = True
    """Whether commands refuse to work without it; otherwise it is worth mending, and work goes on."""

    @property
    def why(self) -> str | None:
        """What happens where it is not ok; None for what explains itself."""
        return WHY.get(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A server as the user knows it."""

    kind: str
    """MongoDB or Redis."""
    address: str
    """Hosts and ports, without user and password."""
    setting: str
    """The setting that names it."""

    @classmethod
    def of(cls, kind: str, url: str, setting: str) -> Place:
        rest = url.partition("://")[2].rpartition("@")[2]
        return cls(kind=kind, address=rest.partition("?")[0].rstrip("/"), setting=setting)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts alone."""
        members = (urlsplit(f"//{member}").hostname for member in self.address.partition("/")[0].split(","))
        return frozenset(host for host in members if host)

    def __str__(self) -> str:
        return f"{self.kind} at {self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A way in which a server cannot be reached."""

    signs: tuple[str, ...]
    """Words of a driver's error, any of which tell it. They are the operating system's; drivers keep nothing else."""
    detail: str
    remedy: str


FAULTS: Final = (
    Fault(
        signs=("Connection refused", "No such file or directory"),
        detail="nothing listens at {place.address} (connection refused)",
        remedy="Start it, or set {place.setting} to one that runs; without it 'kliping up' starts its own.",
    ),
    Fault(
        signs=("not known", "nodename nor servname", "name resolution", "DNS query name", "No address associated"),
        detail="the host name in {place.address} is not known here",
        remedy="Check the name in {place.setting}.",
    ),
    Fault(
        signs=("SSL", "_ssl.c", "certificate"),
        detail="no TLS connection to {place.address}",
        remedy="Check that the server speaks TLS, that its certificate is trusted here, and {place.setting}.",
    ),
    Fault(
        signs=("Protocol Error", "Got response id", "Message length", "closed by server", "connection closed"),
        detail="something answers at {place.address}, but it does not speak as {place.kind} does",
        remedy="Check the port in {place.setting}, and whether the server wants TLS.",
    ),
    Fault(
        signs=("No replica set members", "No primary", "No servers match", "NotPrimary"),
        detail="no replica set with a primary at {place.address}",
        remedy=(
            "If it was never initiated, run rs.initiate() in mongosh. If it was, look at rs.status(), "
            "and check the name after replicaSet= in {place.setting}."
        ),
    ),
    Fault(
        signs=("No master found",),
        detail="the Sentinels at {place.address} name no master: {said}",
        remedy=(
            "Check the name after them in {place.setting}, and sentinel_password if they want one; "
            "else wait until they have chosen one, or look at SENTINEL MASTERS."
        ),
    ),
    Fault(
        signs=("unknown command",),
        detail="the {place.kind} at {place.address} is too old",
        remedy="Install a newer one (docs/settings.md), or set {place.setting} to one.",
    ),
    Fault(
        signs=("timed out", "Timeout reading", "Timeout connecting", "No servers found"),
        detail="no answer from {place.address}",
        remedy="Check the address in {place.setting}, the firewall, and that {place.kind} is what listens there.",
    ),
)
OTHER_FAULT: Final = Fault(
    signs=(),
    detail="{place.address} cannot be used: {said}",
    remedy="Look into the server's log, and at {place.setting}.",
)


def unreachable(place: Place, error: Exception) -> Check:
    """Why a server could not be asked."""
    said = str(error).partition(", Timeout:")[0]
    fault = next((fault for fault in FAULTS if any(sign in said for sign in fault.signs)), OTHER_FAULT)
    return Check(
        name=f"{place.kind} reachable",
        ok=False,
        detail=fault.detail.format(place=place, said=said),
        remedy=fault.remedy.format(place=place),
    )


def require(checks: Iterable[Check]) -> None:
    """Raise ServiceError with the first failed check that nothing can go on without."""
    for check in checks:
        if check.fatal and not check.ok:
            raise ServiceError(f"{check.name}: {check.detail}. {check.remedy}")
