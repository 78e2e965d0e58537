"""The channels from 2021 to 2024, and the English edition since then."""

from __future__ import annotations

from typing import ClassVar

from selectolax.lexbor import LexborNode

from crawler.sites.tempo.cards import Cards
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.view import INLINED


class Read2021(Layout):
    VERSION = "read-2021"
    ROOT = ".detail-artikel:not(.berikutnya)"
    HEADLINE = ".detail-title h1"
    DATE = ".detail-title .date"
    BYLINE = ".text-avatar"
    BODY = "div.detail-in, div.detail-konten"
    NOISE = (
        "figure, figcaption, .newblur-pwcontain, .pw-container, .pw-containers, .foto-detail, .card-box, .paging,"
        f" .pagination, {INLINED}"
    )
    BOXES = "div.baca-juga, div.bacajuga, .box-baca-juga"
    PAYWALL = ".newblur-pwcontain, .pw-container, .pw-containers"
    FIGURES = ".foto-detail figure, .detail-in figure, .detail-konten figure"
    TAGS = ".box-tag-detail a"
    CRUMBS = ".breadcrumbs .sitemap a"
    CARDS: ClassVar[tuple[Cards, ...]] = (
        Cards(
            card="div.card-box",
            link=".title a",
            headline=".title",
            excerpt="p",
            age=".date",
            heading=".titlebox",
        ),
    )


def lead_of(root: LexborNode) -> LexborNode | None:
    """What stands above the text, where an article has its picture."""
    children = root.iter()
    return next((child for child in children if "foto-detail" in (child.attributes.get("class") or "").split()), None)
