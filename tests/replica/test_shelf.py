from __future__ import annotations

from datetime import UTC, datetime

from replica.answers import Answer, Kind
from replica.shelf import Shelf

_LONG_AGO = datetime(2025, 8, 9, tzinfo=UTC)


class Desk:
    """Builds pages of four bytes, and counts them."""

    def __init__(self) -> None:
        self.built = 0

    def answer(self, etag: str = "first") -> Answer:
        return Answer(kind=Kind.ARTICLE, build=self._build, etag=etag, modified=_LONG_AGO)

    def _build(self) -> bytes:
        self.built += 1
        return f"{self.built:04}".encode()


def test_a_page_is_built_once_as_long_as_it_is_the_same() -> None:
    desk, shelf = Desk(), Shelf()
    assert [shelf.body("/1", desk.answer()) for _ in range(3)] == [b"0001"] * 3
    assert shelf.body("/1", desk.answer("edited")) == b"0002"
    assert shelf.body("/2", desk.answer()) == b"0003"
    assert desk.built == 3


def test_the_page_that_nobody_asked_for_goes_when_there_is_no_room() -> None:
    desk, shelf = Desk(), Shelf(room=8)
    shelf.body("/1", desk.answer())
    shelf.body("/2", desk.answer())
    shelf.body("/1", desk.answer())
    shelf.body("/3", desk.answer())
    assert [shelf.body(url, desk.answer()) for url in ("/1", "/3")] == [b"0001", b"0003"]
    assert shelf.body("/2", desk.answer()) == b"0004"


def test_a_page_larger_than_all_room_is_sent_all_the_same() -> None:
    desk, shelf = Desk(), Shelf(room=3)
    assert [shelf.body("/1", desk.answer()) for _ in range(2)] == [b"0001", b"0002"]
