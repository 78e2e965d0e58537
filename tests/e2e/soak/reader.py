"""Somebody who looks at the console all the time."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from pathlib import Path

PATHS = ("/", "/healthz", "/api/queue", "/api/schedules", "/api/stories?limit=20")
_ANSWERS_WITHIN = 10.0  # seconds
_SAID = re.compile(r"console: http://127\.0\.0\.1:(\d+) ")


class Reader:
    def __init__(self, home: Path, log: Path) -> None:
        """The console says its port in the log of `up`, once it listens."""
        said = _SAID.search(log.read_text(encoding="utf-8"))
        assert said, log.read_text(encoding="utf-8")
        self._port = int(said[1])
        self._token = (home / "secrets" / "console-token").read_text(encoding="ascii").strip()

    def look(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWERS_WITHIN)) as connection:
            for path in PATHS:
                connection.request("GET", path, headers={"Authorization": f"Bearer {self._token}"})
                answer = connection.getresponse()
                assert answer.status == http.client.OK, (path, answer.status, answer.read())
                answer.read()
