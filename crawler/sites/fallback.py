"""A generic reading of an article's page that fits no page version: less exact, but never wrong by a guess.

What the page says of itself for machines comes first; then what its reader sees, where no two readers would differ; the
text is trafilatura's. A page that neither calls itself an article nor has the text of one is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from selectolax.lexbor import LexborHTMLParser

from crawler.sites.lines import lines_of
from crawler.sites.linked_data import LinkedData
from crawler.sites.linked_data import text as name_of
from crawler.sites.links import absolute
from crawler.sites.prose import body_of
from crawler.sites.site import Address, Page
from stories.article import Article, Author, Breadcrumb, Image, Role, Source
from stories.dates import Published, parse_published
from stories.text import SPACES, clean, text_of

VERSION: Final = "fallback"

MIN_TEXT: Final = 250
"""Characters that make an article of a page that does not say it is one: a notice such as "not found" is shorter."""

_HEAD_LINES: Final = 25  # between an article's headline and its text; one further up is on a list

_SAME_LINE: Final = 40  # characters by which a line is known to be the text's first

_SEPARATOR: Final = re.compile(rf"{SPACES}[|\u2013\u2014\u00bb-]\s+|{SPACES}?\|\s*")  # before a newspaper's name
_LIST: Final = re.compile(rf"{SPACES}?[,;]\s*")

_NAME: Final = re.compile(r"[^\W\d_][^\d@/|<>]{1,58}[^\W\d_.]\.?")
"""A person's name; no address, no number, no list of offices."""

_BY: Final = re.compile(r"(?:by|oleh|penulis|reporter)\s*:?\s+", re.IGNORECASE)
_AND: Final = re.compile(rf"{SPACES}?[,;|]\s*|{SPACES}(?:and|dan|&)\s+")
_MAX_NAME_WORDS: Final = 6
_MAX_KEYWORDS: Final = 50  # of one article; more is the house's whole vocabulary
_SMALL_WORDS: Final = frozenset({"a", "about", "and", "in", "of", "the", "to", "dan", "dari", "di", "ke", "yang"})
_CUT: Final = re.compile(r"(?:\.\.\.|\u2026)\W*$")
_PUBLISHED_NAMES: Final = (
    "article:published_time", "datepublished", "date.published", "dc.date.issued", "dcterms.created", "publishdate",
    "publish-date", "pubdate", "parsely-pub-date", "sailthru.date", "content_publisheddate",
)  # fmt: skip
_MODIFIED_NAMES: Final = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified")

T = TypeVar("T")
Claims = Iterator[tuple[Source, T | None]]
"""What a page says for one field, the most trusted first. Lazy: what comes later is seldom asked for."""

Dated = tuple[Published, str]
"""A date, understood and as it is written."""

Byline = tuple[str, str | None, Role]
"""What is said, the address it links to, and what for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """One page, as the fields look at it."""

    url: str
    tree: LexborHTMLParser
    linked: LinkedData
    body: str
    sources: dict[str, Source] = field(default_factory=dict)
    """Who was believed, by the field's name in JSON."""

    def believe(self, name: str, claims: Claims[T]) -> T | None:
        """The first claim that says anything; who made it is kept."""
        for source, value in claims:
            if value or value is False:
                self.sources[name] = source
                return value
        return None

    def meta(self, *names: str) -> str | None:
        return next((said for name in names if (said := self.linked.meta.get(name))), None)

    def absolute(self, href: str | None) -> str | None:
        return absolute(self.url, href)


def read_fallback(
    page: Page,
    *,
    tree: LexborHTMLParser,
    text: str,
    linked: LinkedData,
    address: Address,
    site: str,
    language: str,
) -> Article | None:
    """The article; None where the page has no headline, or no text that would make it one.

    `tree` and `linked` are of `text`; `address` says who the page is. The text's dateline and its house's lines stay in
    it: only the site knows how it writes them.
    """
    view = _View(url=page.url, tree=tree, linked=linked, body=body_of(text))
    headline = view.believe("headline", _headlines(view))
    if not headline or not view.body or (len(view.body) < MIN_TEXT and not _says_it_is_an_article(linked)):
        return None
    published, published_raw = view.believe("datePublished", _publications(view, headline)) or (None, None)
    modified, modified_raw = view.believe("dateModified", _modifications(view)) or (None, None)
    canonical = Source.META if address.url == linked.links.get("canonical") else Source.URL
    return Article(
        key=address.key,
        site=site,
        page_version=VERSION,
        url=page.url,
        canonical_url=view.believe("canonicalUrl", iter([(canonical, address.url)])) or address.url,
        headline=headline,
        description=view.believe("description", _descriptions(view)),
        date_published=published.instant if published else None,
        date_published_raw=published_raw,
        date_source=view.sources.get("datePublished"),
        date_modified=modified.instant if modified else None,
        date_modified_raw=modified_raw,
        authors=view.believe("authors", _bylines(view)) or (),
        article_section=view.believe("articleSection", _sections(view)),
        keywords=view.believe("keywords", _keywords(view)) or (),
        in_language=view.believe("inLanguage", iter([(Source.URL, language)])) or language,
        article_body=view.believe("articleBody", iter([(Source.FALLBACK, view.body)])) or view.body,
        body_complete=_is_complete(view),
        is_accessible_for_free=view.believe("isAccessibleForFree", iter([(Source.JSON_LD, linked.is_free())])),
        images=view.believe("images", _pictures(view)) or (),
        breadcrumbs=view.believe("breadcrumbs", iter([(Source.JSON_LD, _crumbs(view))])) or (),
        provenance=view.sources,
        date_downloaded=page.downloaded_at,
    )


def _says_it_is_an_article(linked: LinkedData) -> bool:
    return bool(linked.article) or linked.meta.get("og:type", "").casefold() == "article"


def _headlines(view: _View) -> Claims[str]:
    yield Source.JSON_LD, view.linked.text("headline")
    title = view.meta("og:title")
    yield Source.VISIBLE, _begins(title, view.tree)
    yield Source.VISIBLE, _only_heading(view.tree)
    yield Source.META, title
    yield Source.META, _title(view.tree)


def _begins(title: str | None, tree: LexborHTMLParser) -> str | None:
    """The heading that the title for machines begins with: what follows there is the newspaper's name."""
    headings = (text_of(heading) for heading in tree.css("h1, h2"))
    return next((heading for heading in headings if heading and (title or "").startswith(heading)), None)


def _only_heading(tree: LexborHTMLParser) -> str | None:
    """The page's h1, if there is one only: of several, some are names of sections or of further articles."""
    headings = {said for heading in tree.css("h1") if (said := text_of(heading))}
    return headings.pop() if len(headings) == 1 else None


def _title(tree: LexborHTMLParser) -> str | None:
    """The `<title>`, without the newspaper's name behind the last separator."""
    title = tree.css_first("title")
    said = clean(title.text()) if title is not None else ""
    places = [found.start() for found in _SEPARATOR.finditer(said)]
    return (said[: places[-1]] if places else said) or None


def _descriptions(view: _View) -> Claims[str]:
    yield Source.JSON_LD, view.linked.text("description")
    yield Source.META, view.meta("description", "og:description")


def _publications(view: _View, headline: str) -> Claims[Dated]:
    yield Source.JSON_LD, _dated([view.linked.text("datePublished")])
    yield Source.META, _dated(view.linked.meta.get(name) for name in _PUBLISHED_NAMES)
    yield Source.VISIBLE, _dated(_visible_dates(view, headline))


def _modifications(view: _View) -> Claims[Dated]:
    yield Source.JSON_LD, _dated([view.linked.text("dateModified")])
    yield Source.META, _dated(view.linked.meta.get(name) for name in _MODIFIED_NAMES)


def _dated(claims: Iterable[str | None]) -> Dated | None:
    """The first claim that is a date."""
    return next(((found, raw) for raw in claims if raw and (found := parse_published(raw))), None)


def _visible_dates(view: _View, headline: str) -> Iterator[str]:
    """What the article itself marks as its date; else the lines between headline and text that are nothing else."""
    for node in view.tree.css("[itemprop=datePublished]"):
        yield node.attributes.get("datetime") or node.attributes.get("content") or text_of(node)
    yield from _between(headline, view.body[:_SAME_LINE], [line.text for line in lines_of(view.tree.css("body"))])


def _between(headline: str, beginning: str, lines: Sequence[str]) -> Sequence[str]:
    """The lines below the headline down to the text's first; none if it is not known where that is.

    It can stand on lists above, too, with somebody else's date: the last one before the text is the article's.
    """
    end = next((place for place, line in enumerate(lines) if line.startswith(beginning)), 0)
    above = [place for place in range(max(0, end - _HEAD_LINES), end) if lines[place] == headline]
    return lines[above[-1] + 1 : end + 1] if above else ()


def _bylines(view: _View) -> Claims[tuple[Author, ...]]:
    houses = {(name or "").casefold() for name in (view.linked.text("publisher"), view.meta("og:site_name"))}
    yield Source.JSON_LD, _people(_linked_people(view), houses)
    yield Source.META, _people([(view.meta("author", "article:author") or "", None, Role.AUTHOR)], houses)
    marked = view.tree.css("[itemprop=author], [rel=author]")
    yield Source.VISIBLE, _people(((text_of(node), None, Role.AUTHOR) for node in marked), houses)


def _linked_people(view: _View) -> Iterator[Byline]:
    for name, role in (("author", Role.AUTHOR), ("editor", Role.EDITOR)):
        yield from ((said, view.absolute(url), role) for said, url in view.linked.people(name))


def _people(bylines: Iterable[Byline], houses: Container[str]) -> tuple[Author, ...]:
    """The persons of some bylines, each once in each role; never the newspaper itself."""
    people: dict[tuple[str, Role], Author] = {}
    for said, url, role in bylines:
        for part in _AND.split(_BY.sub("", said, count=1)):
            name = clean(part)
            if _NAME.fullmatch(name) and len(name.split()) <= _MAX_NAME_WORDS and name.casefold() not in houses:
                people.setdefault((name.casefold(), role), Author(name=name, role=role, url=url))
    return tuple(people.values())


def _sections(view: _View) -> Claims[str]:
    yield Source.JSON_LD, next(_words(view.linked.article.get("articleSection")), None)
    yield Source.META, view.meta("article:section")
    yield Source.JSON_LD, next((crumb.name for crumb in view.linked.breadcrumbs), None)


def _crumbs(view: _View) -> tuple[Breadcrumb, ...]:
    return tuple(Breadcrumb(name=crumb.name, url=view.absolute(crumb.url)) for crumb in view.linked.breadcrumbs)


def _keywords(view: _View) -> Claims[tuple[str, ...]]:
    linked = _unique(_words(view.linked.article.get("keywords")))
    yield Source.JSON_LD, None if _is_sentence(linked, view) else linked
    tags = view.tree.css('meta[property="article:tag"]')
    yield Source.META, _unique(clean(tag.attributes.get("content") or "") for tag in tags)
    listed = _unique(_words(view.meta("news_keywords", "keywords")))
    yield Source.META, None if _is_sentence(listed, view) else listed
    yield Source.VISIBLE, _unique(map(text_of, view.tree.css("a[rel=tag], [itemprop=keywords]")))


def _is_sentence(words: Sequence[str], view: _View) -> bool:
    """Whether they are the headline or any other text, cut up by a template that had no tags."""
    said = "".join(filter(str.isalnum, "".join(words))).casefold()
    headline = "".join(filter(str.isalnum, view.linked.text("headline") or view.meta("og:title") or "")).casefold()
    return said == headline or not _SMALL_WORDS.isdisjoint(words)


def _words(value: object) -> Iterator[str]:
    """The entries of a list, or of a text that is one by its commas."""
    for entry in value if isinstance(value, list) else _LIST.split(value) if isinstance(value, str) else ():
        if said := name_of(entry):
            yield said


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))[:_MAX_KEYWORDS]


def _pictures(view: _View) -> Claims[tuple[Image, ...]]:
    yield Source.JSON_LD, _images(_addresses(view.linked.article.get("image")), view)
    yield Source.META, _images([view.meta("og:image")], view)


def _addresses(value: object) -> Iterator[str | None]:
    """Of an ImageObject, an address, or a list of either."""
    for entry in value if isinstance(value, list) else (value,):
        yield name_of(entry.get("url") or entry.get("contentUrl") if isinstance(entry, dict) else entry)


def _images(addresses: Iterable[str | None], view: _View) -> tuple[Image, ...]:
    """Each picture once; with its caption if a figure of the page shows the same file."""
    urls = [url for address in addresses if (url := view.absolute(address))]
    captions = dict(_captions(view)) if urls else {}
    return tuple(Image(url=url, caption=captions.get(url)) for url in dict.fromkeys(urls))


def _captions(view: _View) -> Iterator[tuple[str, str]]:
    for figure in view.tree.css("figure"):
        picture, caption = figure.css_first("img"), figure.css_first("figcaption")
        url = view.absolute(picture.attributes.get("src")) if picture is not None else None
        if url and caption is not None and (said := text_of(caption)):
            yield url, " ".join(said.split())


def _is_complete(view: _View) -> bool:
    """False where the page says that it must be paid for or goes on, or its text ends in the middle of a sentence."""
    return view.linked.is_free() is not False and "next" not in view.linked.links and not _CUT.search(view.body)
