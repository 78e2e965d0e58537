"""An article of Tempo's on a page that fits no version: the generic reading, cleaned of what is Tempo's own."""

from __future__ import annotations

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from crawler.sites.fallback import read_fallback
from crawler.sites.lines import Line
from crawler.sites.linked_data import LinkedData
from crawler.sites.site import Address, Page
from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.addresses import language_of
from crawler.sites.tempo.body import read_body
from stories.article import Article, Source
from stories.text import clean


def read_generic(
    page: Page, site: str, *, tree: LexborHTMLParser, text: str, linked: LinkedData, address: Address
) -> Article | None:
    """The dateline is a field, lines that are no text go, and those of people and links become what they name."""
    article = read_fallback(
        page, tree=tree, text=text, linked=linked, address=address, site=site, language=language_of(address.url)
    )
    if article is None:
        return None
    body = read_body(_lines(article.article_body), base=page.url, is_article=lambda _: False)
    people = [author for author in article.authors if credited.somebody(author.name)]
    authors = credited.unique((*people, *body.authors))
    provenance = {name: source for name, source in article.provenance.items() if name != "authors"}
    if authors:
        provenance["authors"] = article.provenance["authors"] if people else Source.FALLBACK
    if body.dateline:
        provenance["dateline"] = Source.FALLBACK
    return (
        replace(
            article,
            article_body=body.text,
            dateline=body.dateline,
            authors=authors,
            related_links=body.links,
            provenance=provenance,
        )
        if body.text
        else None
    )


def _lines(text: str) -> list[Line]:
    return [
        Line(text=said, block=block, prose=True)
        for block, paragraph in enumerate(text.split("\n\n"))
        for line in paragraph.split("\n")
        if (said := clean(line))
    ]
