"""Pages that are made of their pictures: what stands with those is the story."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from typing import ClassVar

from selectolax.lexbor import LexborNode

from crawler.sites.said import Said, visible
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.view import View
from stories.text import text_of


class Essay(Layout):
    STRIP: ClassVar[str]
    """What holds the pictures of an essay; a page without it is an article whose text is elsewhere, or closed."""
    CAPTIONS: ClassVar[str] = ""
    """Captions that stand apart from the figures, in the order of those."""

    def captioned(self, view: View) -> Iterator[tuple[LexborNode, str]]:
        apart = (" ".join(text_of(node).split()) for node in view.css(self.CAPTIONS))
        for (figure, own), words in zip(super().captioned(view), chain(apart, repeat("")), strict=False):
            yield figure, own or words

    def text_instead(self, view: View) -> Said[str] | None:
        """The captions, in the pictures' order, a paragraph each; else the description, if the page is open."""
        if not view.css(self.STRIP):
            return None
        captions = dict.fromkeys(image.caption for image in self.pictures(view) if image.caption)
        is_closed = self.is_cut(view) or view.linked.is_free() is False
        return visible("\n\n".join(captions)) or (None if is_closed else self.description(view))
