"""RSS, of today and of 2017, and sitemaps, as XML and as the table that a browser shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from replica.listed import Row
from replica.pages.markup import text
from replica.times import WIB, feed_time, http_time, sitemap_time

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

_RSS_2017: Final = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Tempo.co RSS Feed</title>

    <link>https://www.tempo.co</link>
    <description>
          </description>
    <language>id</language>
%s
  </channel>
</rss>
"""
_ITEM_2017: Final = """    <item>
      <title>
  <![CDATA[
  %(headline)s  ]]>
  </title>
      <guid>%(url)s</guid>
      <link>%(url)s</link>
      <pubDate>%(time)s</pubDate>
      <description>
      <![CDATA[
        %(excerpt)s      ]]>
      </description>
      <content:encoded>
      <![CDATA[
        <figure><img src="http://statik.tempo.co/?id=%(number)d&width=960" width="960"></figure>
        %(excerpt)s      ]]>
      </content:encoded>
    </item>
"""

_TABLE: Final = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>XML Sitemap</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>
<body><div id="content"><h1 class="text-2xl mb-3">XML Sitemap</h1><h2>tempo.co - %(rubric)s</h2>
<p><a href="/sitemap_index.xml">/sitemap_index.xml</a></p>
<p class="expl">This XML Sitemap contains %(count)d URLs.</p>
<table id="sitemap" cellpadding="3"><thead><tr><th width="50%%">URL</th><th width="25%%">Images</th>
<th width="25%%">Last Updated</th></tr></thead><tbody>%(rows)s</tbody></table></div></body></html>
"""
_TABLE_ROW: Final = '<tr><td><a href="%s">%s</a></td><td>0</td><td>%s</td></tr>'
_STYLESHEET: Final = """<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" exclude-result-prefixes="s">
<xsl:output method="html" encoding="UTF-8"/>
<xsl:template match="/"><html><head><title>XML Sitemap</title></head><body><table id="sitemap"><tbody>
<xsl:for-each select="//s:url|//s:sitemap"><tr><td><a href="{s:loc}"><xsl:value-of select="s:loc"/></a></td>
<td>0</td><td><xsl:value-of select="concat(substring(s:lastmod,1,10),' ',substring(s:lastmod,12,5),' Z')"/></td></tr>
</xsl:for-each></tbody></table></body></html></xsl:template>
</xsl:stylesheet>
"""

_SITEMAP_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="/sitemap.xsl"?>\n'
)
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_UNDEFINED: Final = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_WINDOWS_1252: Final = {
    number: bytes([number]).decode("cp1252") for number in range(0x80, 0xA0) if number not in _UNDEFINED
}
"""Where it differs from latin-1. For five bytes it has no letter: browsers read those as latin-1 (WHATWG Encoding)."""
_SAVED_LATER: Final = timedelta(minutes=47)  # lastmod is the time of the last save, not of publication (trap 3)


def rss(rows: Iterable[Row], link: str, language: str, built: datetime, *, positions: bool = False) -> bytes:
    """With `positions` the guid is only 1, 2, 3 (trap 6), else the address."""
    items = "\n".join(_item(row, place if positions else row.address) for place, row in enumerate(rows, start=1))
    return (_RSS % (link, http_time(built), language, items)).encode()


def _item(row: Row, guid: int | str) -> str:
    story = row.story
    return _ITEM % (text(row.headline or ""), row.address, guid, feed_time(story.published), text(story.excerpt))


def rss_2017(rows: Iterable[Row]) -> bytes:
    """As the old server sent it: encoded as UTF-8, read as windows-1252, and encoded again."""
    items = "".join(
        _ITEM_2017
        % {
            "headline": row.headline,
            "url": row.address,
            "time": feed_time(row.story.published),
            "excerpt": row.story.excerpt,
            "number": row.story.number,
        }
        for row in rows
    )
    return _misread((_RSS_2017 % items).encode()).encode()


def _misread(body: bytes) -> str:
    return body.decode("latin-1").translate(_WINDOWS_1252)


def quoted(headline: str) -> str:
    """A headline with quotation marks that an encoding can break."""
    first, _, rest = headline.partition(" ")
    return f"\u201c{first}\u201d {rest}"


def sitemap_index(addresses: Iterable[str]) -> bytes:
    items = "".join(f"<sitemap><loc>{address}</loc></sitemap>\n" for address in addresses)
    return f'{_SITEMAP_OPEN}<sitemapindex xmlns="{_NAMESPACE}">\n{items}</sitemapindex>\n'.encode()


def sitemap(entries: Iterable[tuple[str, datetime]]) -> bytes:
    """(address, published)."""
    items = "".join(
        f"<url><loc>{url}</loc><lastmod>{sitemap_time(at + _SAVED_LATER)}</lastmod></url>\n" for url, at in entries
    )
    return f'{_SITEMAP_OPEN}<urlset xmlns="{_NAMESPACE}">\n{items}</urlset>\n'.encode()


def sitemap_table(rubric: str, entries: Sequence[tuple[str, datetime]]) -> bytes:
    """What a browser makes of a sitemap with its stylesheet; (address, published)."""
    rows = "".join(
        _TABLE_ROW % (url, url, f"{(at + _SAVED_LATER).astimezone(WIB):%Y-%m-%d %H:%M} Z") for url, at in entries
    )
    return (_TABLE % {"rubric": rubric, "count": len(entries), "rows": rows}).encode()


def sitemap_stylesheet() -> bytes:
    return _STYLESHEET.encode()
