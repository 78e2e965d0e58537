"""Pages that were built, kept for whoever asks again: to build one takes three times as long as to send it."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from replica.answers import Answer

_ROOM: Final = 512 * 1024 * 1024  # bytes: 7,000 articles, so that who measures a crawl of them does not measure us


class Shelf:
    """The least recently asked goes first when it is full."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._pages: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def body(self, url: str, answer: Answer) -> bytes:
        """The page's bytes, which are the same as long as its address and its ETag are."""
        name = url, answer.etag
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = answer.build()
            self._room -= len(page)
            while self._room < 0:
                self._room += len(self._pages.popitem(last=False)[1])
        else:
            self._pages.move_to_end(name)
        return page
