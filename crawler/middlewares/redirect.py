"""Scrapy's redirects, without a word of where we came from: so nothing has to look at every page for it."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares import redirect
from scrapy.http import Response


class RedirectMiddleware(redirect.RedirectMiddleware):
    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002 - Scrapy's own signature; to pass it on is deprecated
    ) -> Request | Response:
        """A redirect to no address at all (`javascript:`, `http://[`) is but an answer, as one to `ftp:` is.

        One to another host waits for that host's turn. (Scrapy's stays in the queue of the first.) Whether the page has
        changed is asked of its own address only: a 304 of another would settle this one.
        """
        try:
            answer = super().process_response(request, response)
        except ValueError:
            return response
        if answer is not response:
            answer.meta.pop("download_slot", None)
            for validator in ("If-None-Match", "If-Modified-Since"):
                answer.headers.pop(validator, None)
        return answer

    def _engine_started(self) -> None:
        """Nothing to look for; Scrapy's own warns at every start that nobody sets a Referer."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """No request of ours carries a Referer."""
