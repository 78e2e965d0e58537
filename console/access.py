"""The console's one token: who may read, and how it is shown."""

from __future__ import annotations

import base64
import binascii
import hmac
from pathlib import Path
from typing import Final

from console.home import Home
from stories.errors import UsageError
from stories.settings import Settings

FILE: Final = "console-token"
"""Below the home's `secrets`."""
SHORTEST: Final = 16
"""Characters: what `openssl rand -hex 8` gives, 64 bits; a shorter one can be guessed over a network."""


def console_token(settings: Settings) -> tuple[str, Path | None]:
    """The token, and the file that holds it if it is ours: made at the first start, for its owner only.

    Raises UsageError for one that is too short, or where the file cannot be written.
    """
    given = settings.console_token
    if given is None:
        home = Home.at(settings.home)
        return home.secret(FILE), home.secret_file(FILE)
    if len(given) < SHORTEST:
        raise UsageError(
            f"KLIPING_CONSOLE_TOKEN has {len(given)} characters, at least {SHORTEST} are needed: openssl rand -hex 32"
        )
    return given, None


def shows(authorization: bytes, token: str) -> bool:
    """Whether an Authorization header shows the token: as `Bearer TOKEN`, or as the password of HTTP Basic (RFC 7617).

    In constant time: how long it takes tells nothing of where the two differ.
    """
    return hmac.compare_digest(_shown(authorization), token.encode())


def _shown(authorization: bytes) -> bytes:
    scheme, _, value = authorization.strip().partition(b" ")
    if scheme.lower() == b"bearer":
        return value.strip()
    if scheme.lower() != b"basic":
        return b""
    try:
        return base64.b64decode(value.strip(), validate=True).partition(b":")[2]
    except binascii.Error:
        return b""
