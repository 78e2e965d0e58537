"""Around the console's application: who may come in, and what every answer says to a browser."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.access import shows
from console.page import STYLE

OPEN: Final = frozenset({"/healthz"})
"""What everybody may ask: it tells nothing but up or down."""

_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICY: Final = (  # nothing but our own style: no script, image, frame or form, whatever a headline holds
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAID: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_ASK: Final = ((b"www-authenticate", b'Basic realm="kliping", charset="UTF-8"'), (b"www-authenticate", b"Bearer"))
_STRANGER: Final = json.dumps(
    {"error": "show the token: 'Authorization: Bearer TOKEN', or HTTP Basic with it as the password"}
).encode()


class Fence:
    """Lets through who shows the token; on every answer the headers above."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_SAID]
            await send(message)

        if scope["path"] in OPEN or shows(_authorization(scope), self._token):
            await self._app(scope, receive, say)
        else:
            await _refuse(say)


def _authorization(scope: Scope) -> bytes:
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    return next((value for name, value in headers if name == b"authorization"), b"")


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_STRANGER)).encode()), *_ASK]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": _STRANGER})
