"""How large a body may be, and what it is when its compression is undone: the limit counts what comes out, too."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response

from crawler.settings import LARGEST_PAGE
from crawler.sites.site import PageKind
from crawler.unpack import ANNOUNCED, unpacked
from stories.pages import Lease

_PAGES: Final = frozenset({PageKind.ARTICLE, PageKind.LISTING})


class BodyMiddleware:
    """In the place of Scrapy's for compression, see crawler/unpack.py."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", ANNOUNCED)
        lease: Lease | None = request.meta.get("lease")
        is_page = lease is not None and PageKind(lease.kind) in _PAGES
        request.meta["download_maxsize"] = min(LARGEST_PAGE, self._limit) if is_page else self._limit

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises DownloadCancelledError or DownloadFailedError for a page that is not to be had this way."""
        encodings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if not encodings or not response.body:
            return response
        try:
            body = unpacked(response.body, encodings, limit=request.meta["download_maxsize"])
        except (DownloadCancelledError, DownloadFailedError):
            if response.status == HTTPStatus.OK:
                raise
            body = b""  # its status says it all
        del response.headers["Content-Encoding"]
        return response.replace(body=body)
