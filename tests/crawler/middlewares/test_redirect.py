"""Redirects, beside those that tests/security/test_redirects.py crawls."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.redirect import RedirectMiddleware


def test_whether_a_page_has_changed_is_asked_of_its_own_address_only():
    """The 304 of another address settled the page as unchanged."""
    asked = {"If-None-Match": '"a"', "If-Modified-Since": "Tue, 24 Nov 2026 05:10:00 GMT", "Accept": "text/html"}
    request = Request("https://en.tempo.co/read/1/x", headers=asked, meta={"download_slot": "en.tempo.co"})
    moved = Response(request.url, status=301, headers={"Location": "https://www.tempo.co/hukum/x-7654321"})
    further = RedirectMiddleware.from_crawler(get_crawler()).process_response(request, moved)
    assert isinstance(further, Request)
    assert further.url == "https://www.tempo.co/hukum/x-7654321"
    assert set(further.headers) == {b"Accept"}
    assert "download_slot" not in further.meta
    assert request.headers["If-None-Match"] == b'"a"', "a later try asks for the page as it is known"
