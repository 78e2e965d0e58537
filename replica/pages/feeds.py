"""RSS and sitemaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from replica.pages.markup import text
from replica.story import Story
from replica.times import feed_time, http_time, sitemap_time

_RSS: Final = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0">
  <channel>
    <title>RSS Feed Tempo.co</title>
    <link>%s</link>
    <description>Tempo.co News</description>
    <lastBuildDate>%s</lastBuildDate>
    <language>%s</language>
%s
  </channel>
</rss>
"""

_ITEM: Final = """    <item>
      <title>%s</title>
      <link>%s</link>
      <guid>%s</guid>
      <pubDate>%s</pubDate>
      <description>%s</description>
      <thumbnail>https://statik.tempo.co/card.jpg</thumbnail>
    </item>"""

_SITEMAP_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="/sitemap.xsl"?>\n'
)
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SAVED_LATER: Final = timedelta(minutes=47)  # lastmod is the time of the last save, not of publication (trap 3)


def rss(stories: Iterable[Story], link: str, language: str, built: datetime, *, positions: bool) -> bytes:
    """With `positions` the guid is only 1, 2, 3 (trap 6), else the address."""
    items = "\n".join(_item(story, place if positions else story.url) for place, story in enumerate(stories, start=1))
    return (_RSS % (link, http_time(built), language, items)).encode()


def _item(story: Story, guid: int | str) -> str:
    return _ITEM % (text(story.headline), story.url, guid, feed_time(story.published), text(story.excerpt))


def sitemap_index(addresses: Iterable[str]) -> bytes:
    items = "".join(f"<sitemap><loc>{address}</loc></sitemap>\n" for address in addresses)
    return f'{_SITEMAP_OPEN}<sitemapindex xmlns="{_NAMESPACE}">\n{items}</sitemapindex>\n'.encode()


def sitemap(entries: Iterable[tuple[str, datetime]]) -> bytes:
    """(address, published)."""
    items = "".join(
        f"<url><loc>{url}</loc><lastmod>{sitemap_time(at + _SAVED_LATER)}</lastmod></url>\n" for url, at in entries
    )
    return f'{_SITEMAP_OPEN}<urlset xmlns="{_NAMESPACE}">\n{items}</urlset>\n'.encode()
