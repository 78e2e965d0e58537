"""From a page of ANTARA's to an article, by either of its two layouts.

The text stands bare in its element, paragraphs apart by double `<br>`; its last lines name the people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites import linked_data
from crawler.sites.antara.addresses import EDITIONS, Edition, identify
from crawler.sites.antara.credits import caption_and_credit, people_of, split_dateline
from crawler.sites.html import no_article, parse
from crawler.sites.lines import Line, lines_of
from crawler.sites.linked_data import LinkedData
from crawler.sites.links import absolute, numbered, window_of
from crawler.sites.said import Said, json_ld, meta, provenance_of, visible
from crawler.sites.site import Address, Page, Part
from stories.article import Article, Author, Breadcrumb, Dateline, Image, RelatedLink, Relation, Source, Window
from stories.dates import Published, parse_published
from stories.text import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things stand. All but cards and crumbs are searched on the whole page: it has one article."""

    version: str
    headline: str
    date: str
    body: str
    image: str
    caption: str
    crumbs: str
    tags: str
    card: str
    age: str


LAYOUTS: Final = (
    Layout(
        version="antara-2023",
        headline=".wrap__article-detail-title h1",
        date=".wrap__article-detail-info .text-secondary",
        body=".wrap__article-detail-content",
        image=".wrap__article-detail-image img",
        caption="figcaption, .wrap__article-detail-image p",
        crumbs=".breadcrumbs a",
        tags=".blog-tags a",
        card=".related-article .card__post",
        age=".text-secondary, li span",
    ),
    Layout(
        version="antara-2018",
        headline="h1.post-title",
        date="h1.post-title + p, .article-date",
        body=".post-content",
        image=".image-overlay img, figure.post-image img",
        caption="figcaption, .wp-caption-text",
        crumbs=".breadcrumb a",
        tags=".tags-widget a, .blog-tags a",
        card=".related-posts article.simple-post",
        age=".simple-share span",
    ),
)
"""Newest first."""

_NOISE: Final = "p.text-muted, ul.blog-tags, figure, table.ads, .adsbygoogle"
_CREDITS: Final = "p.text-muted"
_LABEL: Final = re.compile(r"\b(?:baca juga|related news|read also|also read)\s?:\s?", re.IGNORECASE)
_PAGES: Final = ".pagination a"
_PART: Final = re.compile(r"[?&]page=(\d{1,2})(?:&|$)")
_HOME: Final = frozenset({"home", "beranda"})


def read_article(page: Page, edition: Edition) -> Article | Part:
    """Raises PageError for a page that is no article of this edition's."""
    tree, source = parse(page)
    layout = next((layout for layout in LAYOUTS if tree.css_first(layout.body) is not None), None)
    linked = linked_data.read(tree, source)
    address = _address(page, linked, edition)
    if layout is None or address is None:
        raise no_article(source, "no page version knows this page")
    article = _article(_View(page, tree, linked, layout), address, edition)
    if not article.headline or not article.article_body:
        raise no_article(source, f"no {'text' if article.headline else 'headline'} where {layout.version} has it")
    following = _next_part(page, tree, edition)
    return Part(article=article, next_url=following) if following else article


@dataclass(frozen=True, slots=True)
class _View:
    page: Page
    tree: LexborHTMLParser
    linked: LinkedData
    layout: Layout

    def texts(self, selector: str) -> Iterator[str]:
        return (said for node in self.tree.css(selector) if (said := text_of(node)))

    def absolute(self, node: LexborNode, attribute: str = "href") -> str | None:
        return absolute(self.page.url, node.attributes.get(attribute))


def _address(page: Page, linked: LinkedData, edition: Edition) -> Said[Address] | None:
    """The first of the page's own addresses that is one of an article."""
    for claim in filter(None, (linked.links.get("canonical"), linked.meta.get("og:url"), page.url)):
        address = identify(claim, edition)
        if address and address.kind.is_article:
            return Said(address, Source.URL if claim == page.url else Source.META)
    return None


def _article(view: _View, address: Said[Address], edition: Edition) -> Article:
    lines = _lines(view)
    dateline, text = _text(lines)
    headline = visible(next(view.texts(view.layout.headline), None))
    description = meta(view.linked.meta.get("description") or view.linked.meta.get("og:description"))
    dated = _published(view)
    authors, images, crumbs = tuple(_people(view)), tuple(_images(view)), tuple(_crumbs(view))
    section = visible(crumbs[0].name) if crumbs else json_ld(view.linked.text("articleSection"))
    keywords = tuple(dict.fromkeys(view.texts(view.layout.tags)))
    free = json_ld(view.linked.is_free())
    return Article(
        key=address.value.key,
        site=edition.name,
        page_version=view.layout.version,
        url=view.page.url,
        canonical_url=address.value.url,
        headline=headline.value if headline else "",
        description=description.value if description else None,
        date_published=dated.value[0].instant if dated else None,
        date_published_raw=dated.value[1] if dated else None,
        date_source=dated.source if dated else None,
        dateline=dateline,
        authors=authors,
        article_section=section.value if section else None,
        keywords=keywords,
        in_language=edition.language,
        article_body=text,
        body_complete=_next_part(view.page, view.tree, edition) is None,
        is_accessible_for_free=free.value if free else None,
        images=images,
        breadcrumbs=crumbs,
        related_links=numbered((*_pointers(view, lines), *_cards(view))),
        provenance=provenance_of(
            headline=headline,
            description=description,
            canonicalUrl=address,
            datePublished=dated,
            dateline=visible(dateline),
            authors=visible(authors),
            articleSection=section,
            keywords=visible(keywords),
            inLanguage=Said(edition.language, Source.URL),
            articleBody=visible(text),
            isAccessibleForFree=free,
            images=visible(images),
            breadcrumbs=visible(crumbs),
        ),
        date_downloaded=view.page.downloaded_at,
    )


def _published(view: _View) -> Said[tuple[Published, str]] | None:
    """What a reader sees, else JSON-LD; to the minute both."""
    linked = view.linked.text("datePublished")
    for raw, source in (
        *((raw, Source.VISIBLE) for raw in view.texts(view.layout.date)),
        *([(linked, Source.JSON_LD)] if linked else []),
    ):
        if found := parse_published(raw):
            return Said((found, raw), source)
    return None


def _lines(view: _View) -> list[Line]:
    body = view.tree.css_first(view.layout.body)
    if body is None:
        return []
    return lines_of([body], skip={node.mem_id for node in body.css(_NOISE)})


def _text(lines: Sequence[Line]) -> tuple[Dateline | None, str]:
    """The dateline and the paragraphs, without lines that name another story."""
    kept = [(line.block, said) for line in lines if (said := _LABEL.split(line.text, maxsplit=1)[0].strip())]
    dateline, first = split_dateline(kept[0][1]) if kept else (None, "")
    text, previous = first, kept[0][0] if kept else 0
    for block, line in kept[1:]:
        text += f"\n{line}" if block == previous else f"\n\n{line}"
        previous = block
    return dateline, text


def _people(view: _View) -> Iterator[Author]:
    body = view.tree.css_first(view.layout.body)
    credits_ = view.tree.css(_CREDITS) if body is not None else []
    named = people_of(line.text for line in lines_of(credits_))
    yield from {(author.name.casefold(), author.role): author for author in named}.values()


def _images(view: _View) -> Iterator[Image]:
    for picture in view.tree.css(view.layout.image):
        url = view.absolute(picture, "data-src") or view.absolute(picture, "src")
        beside = picture.parent.css_first(view.layout.caption) if picture.parent is not None else None
        caption, credit = caption_and_credit(text_of(beside) if beside is not None else "")
        if url:
            yield Image(url=url, caption=caption, credit=credit)


def _crumbs(view: _View) -> Iterator[Breadcrumb]:
    for node in view.tree.css(view.layout.crumbs):
        name = text_of(node)
        if name and name.casefold() not in _HOME:
            yield Breadcrumb(name=name, url=view.absolute(node))


def _pointers(view: _View, lines: Sequence[Line]) -> Iterator[RelatedLink]:
    """Links behind `Baca juga: `; and those to other articles in the text."""
    for line in lines:
        label = _LABEL.search(line.text)
        pointed = line.text[label.end() :] if label else ""
        for anchor in line.anchors:
            relation = Relation.READ_ALSO if anchor.text in pointed else Relation.INLINE
            url = absolute(view.page.url, anchor.href)
            if relation is Relation.READ_ALSO or (url and _is_article(url)):
                yield RelatedLink(url=url, headline=anchor.text, relation=relation, position=1)


def _is_article(url: str) -> bool:
    known = (identify(url, edition) for edition in EDITIONS)
    return any(address and address.kind.is_article for address in known)


def _cards(view: _View) -> Iterator[RelatedLink]:
    seen = Window(earliest=view.page.downloaded_at, latest=view.page.downloaded_at)
    for card in view.tree.css(view.layout.card):
        link = next((a for a in card.css("h1 a, h2 a, h3 a, h4 a, h5 a, h6 a") if text_of(a)), None)
        if link is not None:
            label = next((said for node in card.css(view.layout.age) if (said := text_of(node))), None)
            yield RelatedLink(
                url=view.absolute(link),
                headline=text_of(link),
                relation=Relation.RELATED,
                position=1,
                date_published_raw=label,
                date_published=window_of(label, seen),
            )


def _next_part(page: Page, tree: LexborHTMLParser, edition: Edition) -> str | None:
    """The next page of an article on several: `?page=2`."""
    here = identify(page.url, edition)
    found = _PART.search(page.url)
    wanted = int(found[1]) + 1 if found else 2
    for link in tree.css(_PAGES):
        url = absolute(page.url, link.attributes.get("href"))
        part = _PART.search(url or "")
        address = identify(url, edition) if url else None
        if url and part and int(part[1]) == wanted and address and here and address.key == here.key:
            return url
    return None
