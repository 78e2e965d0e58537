"""From a page of Tempo to an article, whichever version it is: probed, never guessed from the host."""

from __future__ import annotations

from typing import Final

from crawler.sites import linked_data
from crawler.sites.html import no_article, parse
from crawler.sites.links import numbered
from crawler.sites.site import Page
from crawler.sites.tempo import credits as credited
from crawler.sites.tempo.addresses import language_of
from crawler.sites.tempo.body import read_body
from crawler.sites.tempo.layout import Layout
from crawler.sites.tempo.news_2013 import News2013
from crawler.sites.tempo.read_2017 import Read2017
from crawler.sites.tempo.read_2021 import Read2021
from crawler.sites.tempo.said import Said, json_ld, provenance_of, visible
from crawler.sites.tempo.view import INLINED, View, address_of
from crawler.sites.tempo.www_2024 import Www2024
from stories.article import Article, Source

LAYOUTS: Final[tuple[Layout, ...]] = (Www2024(), Read2021(), Read2017(), News2013())
"""Newest first."""


def read_article(page: Page, site: str) -> Article:
    """Raises PageError for a page that is no article of Tempo's."""
    tree, text = parse(page)
    roots = ((layout, tree.css_first(layout.ROOT)) for layout in LAYOUTS)
    layout, root = next((found for found in roots if found[1] is not None), (None, None))
    if layout is None or root is None:
        raise no_article(text, "no page version knows this page")
    linked = linked_data.read(tree, text)
    address = address_of(page.url, linked)
    if address is None:
        raise no_article(text, "neither the page nor its address says which article it is")
    further = frozenset(node.mem_id for node in tree.css(INLINED))
    view = View(page=page, tree=tree, linked=linked, root=root, address=address, site=site, further=further)
    article = _article(layout, view)
    if not article.headline or not article.article_body:
        raise no_article(text, f"no {'text' if article.headline else 'headline'} where {layout.VERSION} has it")
    return article


def _article(layout: Layout, view: View) -> Article:
    headline, description = layout.headline(view), layout.description(view)
    images, keywords, crumbs = layout.images(view), layout.keywords(view), layout.breadcrumbs(view)
    section = layout.section(view, crumbs)
    body = read_body(
        layout.lines(view),
        base=view.page.url,
        is_article=view.is_article,
        captions=frozenset(view.texts(layout.CAPTION)),
    )
    dated = layout.published(view)
    published, published_raw = dated.value if dated else (None, None)
    changed = layout.modified(view, published)
    modified, modified_raw = changed.value if changed else (None, None)
    people = (*layout.authors(view), *(Said(person, Source.VISIBLE) for person in body.authors))
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
        article_body=body.text,
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
            articleBody=visible(body.text),
            isAccessibleForFree=free,
            images=images,
            breadcrumbs=crumbs,
            inLanguage=language,
        ),
        date_downloaded=view.page.downloaded_at,
    )
