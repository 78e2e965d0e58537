"""Scrapy's redirects, without a word of where we came from: so nothing has to look at every page for it."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares import redirect
from scrapy.http import Response


class RedirectMiddleware(redirect.RedirectMiddleware):
    def handle_referer(self, request: Request, response: Response) -> None:
        """No request of ours carries a Referer."""
