"""From a page of Tempo to an article, whichever version it is: probed, never guessed from the host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.sites import linked_data
from crawler.sites.html import is_challenge, no_article, parse
from crawler.sites.linked_data import LinkedData
from crawler.sites.links import numbered
from crawler.sites.said import Said, json_ld, provenance_of, visible
from crawler.sites.site import Address, Page, Part
from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.addresses import identify_any, language_of
from crawler.sites.tempo.amp import Amp
from crawler.sites.tempo.body import Body, read_body
from crawler.sites.tempo.graphic import Graphic
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.magazine_2021 import Magazine2021
from crawler.sites.tempo.news_2013 import News2013
from crawler.sites.tempo.news_2013_id import News2013Id
from crawler.sites.tempo.photo import Photo2017, Photo2021
from crawler.sites.tempo.read_2017 import Read2017
from crawler.sites.tempo.read_2021 import Read2021
from crawler.sites.tempo.video import Video
from crawler.sites.tempo.view import View, address_of, further_articles
from crawler.sites.tempo.www_2024 import Www2024
from stories.article import Article, Author, Source
from stories.dates import parse_published
from stories.errors import PageError
from stories.fate import Fate

LAYOUTS: Final[tuple[Layout, ...]] = (
    Amp(),
    Www2024(),
    Magazine2021(),
    Photo2021(),
    Video(),
    Graphic(),
    Read2021(),
    Photo2017(),
    Read2017(),
    News2013(),
    News2013Id(),
)
"""The first that knows a page reads it: those with a further sign before those whose frame they share."""

_SAME_DAY: Final = timedelta(days=1)


def read_article(page: Page, site: str) -> Article | Part:
    """Raises PageError for a page that is no article of Tempo's."""
    tree, text = parse(page)
    linked = linked_data.read(tree, text)
    address = address_of(page.url, linked)
    if address is None:
        raise no_article(text, "neither the page nor its address says which article it is", tree)
    known = _layout_of(tree)
    if known is None:
        return _generic(page, site, tree=tree, text=text, linked=linked, address=address.value)
    layout, root = known
    further = further_articles(tree, root)
    view = View(
        page=page, tree=tree, source=text, linked=linked, root=root, address=address, site=site, further=further
    )
    view = replace(view, linked=linked.without_article()) if _is_leftover(layout, view) else view
    article = _article(layout, view)
    if not article.headline or not article.article_body:
        return _unread(article, layout, view)
    following = layout.next_url(view)
    return Part(article=replace(article, body_complete=False), next_url=following) if following else article


def _layout_of(tree: LexborHTMLParser) -> tuple[Layout, LexborNode] | None:
    """The version that knows a page, and the article's own element, which is searched once for all that share it."""
    roots: dict[str, LexborNode | None] = {}
    for layout in LAYOUTS:
        if layout.ROOT not in roots:
            roots[layout.ROOT] = layout.root(tree)
        root = roots[layout.ROOT]
        if root is not None and layout.has_signs(root, tree):
            return layout, root
    return None


def _is_leftover(layout: Layout, view: View) -> bool:
    """Whether the JSON-LD is of another article: neither its address nor its date is this one's.

    Tempo's template of 2017 once had that of its designer's example on its articles.
    """
    claimed = parse_published(view.linked.text("datePublished") or "")
    shown = next((found for raw in layout.dates(view, Source.VISIBLE) if (found := parse_published(raw))), None)
    if claimed is None or shown is None or abs(claimed.instant - shown.instant) <= _SAME_DAY:
        return False
    own = identify_any(view.linked.address() or "")
    return own is None or own.key != view.address.value.key


def _unread(article: Article, layout: Layout, view: View) -> Article:
    """What becomes of an article without headline or text in the places of its version."""
    if not article.article_body and (article.is_accessible_for_free is False or layout.is_cut(view)):
        raise PageError(Fate.PAYWALLED, "not even a first paragraph is to be read without paying")
    return _generic(
        view.page,
        view.site,
        tree=view.tree,
        text=view.source,
        linked=view.linked,
        address=view.address.value,
    )


def _generic(
    page: Page, site: str, *, tree: LexborHTMLParser, text: str, linked: LinkedData, address: Address
) -> Article:
    """An article that fits no version. Raises PageError for a page that is none."""
    from crawler.sites.tempo.generic import read_generic  # noqa: PLC0415 - it loads trafilatura, which few pages need

    if not is_challenge(text) or linked.says_article():
        article = read_generic(page, site, tree=tree, text=text, linked=linked, address=address)
        if article is not None:
            return article
        if linked.is_free() is False:
            raise PageError(Fate.PAYWALLED, "not even a first paragraph is to be read without paying")
    raise no_article(text, "no page version knows this page, and it has no text of an article", tree)


def _body(layout: Layout, view: View) -> Body:
    captions = frozenset(view.texts(layout.CAPTION))
    return read_body(layout.lines(view), base=view.page.url, is_article=view.is_article, captions=captions)


def _people(layout: Layout, view: View, body: Body) -> tuple[Said[Author], ...]:
    """Whom the page and its text name; else whom it claims, without showing them."""
    shown = (*layout.authors(view), *(Said(person, Source.VISIBLE) for person in body.authors))
    return shown or tuple(layout.claimed_authors(view))


def _article(layout: Layout, view: View) -> Article:
    """Each field with who said it. A plain list, long as an article has fields: what decides is the version's."""
    headline, description = layout.headline(view), layout.description(view)
    images, keywords, crumbs = layout.images(view), layout.keywords(view), layout.breadcrumbs(view)
    section = layout.section(view, crumbs)
    body = _body(layout, view)
    people = _people(layout, view, body)
    text = visible(body.text) or layout.text_instead(view)
    dated = layout.published(view)
    published, published_raw = dated.value if dated else (None, None)
    changed = layout.modified(view, published)
    modified, modified_raw = changed.value if changed else (None, None)
    address = view.address.value
    language = Said(language_of(address.url), Source.URL)
    free = json_ld(view.linked.is_free())
    return Article(
        key=address.key,
        site=view.site,
        page_version=layout.VERSION,
        url=view.page.url,
        canonical_url=address.url,
        headline=headline.value if headline else "",
        description=description.value if description else None,
        date_published=published.instant if published else None,
        date_published_raw=published_raw,
        date_source=dated.source if dated else None,
        date_modified=modified,
        date_modified_raw=modified_raw,
        dateline=body.dateline,
        authors=credited.unique(person.value for person in people),
        article_section=section.value if section else None,
        keywords=keywords.value if keywords else (),
        in_language=language.value,
        article_body=text.value if text else "",
        body_complete=not (free and free.value is False) and not layout.is_cut(view),
        is_accessible_for_free=free.value if free else None,
        images=images.value if images else (),
        breadcrumbs=crumbs.value if crumbs else (),
        related_links=numbered((*body.links, *layout.cards(view))),
        provenance=provenance_of(
            headline=headline,
            description=description,
            canonicalUrl=view.address,
            datePublished=dated,
            dateModified=changed,
            dateline=visible(body.dateline),
            authors=next(iter(people), None),
            articleSection=section,
            keywords=keywords,
            articleBody=text,
            isAccessibleForFree=free,
            images=images,
            breadcrumbs=crumbs,
            inLanguage=language,
        ),
        date_downloaded=view.page.downloaded_at,
    )
