"""The page that this project began from, in every wrapping: it is built here, at run time, from the stored text."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from stories.codec import article_to_json
from tests.crawler.sites.samples import SAMPLES, article_of, digest, facts

URL = "https://suarakita.net/putin-holds-talks-with-xi-jinping/"
AT = datetime(2025, 8, 24, 12, tzinfo=UTC)
SOURCE = (SAMPLES / "seed/aggregator-page-2025-08.txt").read_text(encoding="utf-8")
LINES = [line for line in SOURCE.splitlines() if line.strip()]
ESCAPED = [html.escape(line) for line in LINES]
ORIGINAL = "https://en.tempo.co/read/2037562/putin-holds-talks"


def is_age(line: str) -> bool:
    return line.endswith(" lalu")


def framed(body: str) -> str:
    """With a house around it."""
    menu = "".join(f'<li><a href="/category/{name}/">{name}</a></li>' for name in ("News", "Sport"))
    return (
        f"<!DOCTYPE html><html><head><title>{ESCAPED[0]} | Suara Kita</title><script>var x = '2 jam lalu';</script>"
        f"</head><body><nav><ul>{menu}</ul></nav><p>Sunday, August 24, 2025 12:00</p>{body}"
        "<footer><p>3 jam lalu</p><p>More from us</p><form><input></form></footer></body></html>"
    )


def cards_of(lines: list[str]) -> list[str]:
    """As HTML: pictures whose alt is the line before an age, links on the lines after it, and at the end."""
    out = []
    for place, line in enumerate(lines):
        before_age = place + 1 < len(lines) and is_age(LINES[place + 1])
        number = sum(map(is_age, LINES[: place + 1]))
        if before_age:
            out.append(f'<a href="https://en.tempo.co/read/{100 + number + 1}/x"><img src="/c.jpg" alt="{line}"></a>')
        elif place and is_age(LINES[place - 1]):
            out.append(f'<h3><a href="https://en.tempo.co/read/{100 + number}/x">{line}</a></h3>')
        elif line == "Read Entire Article":
            out.append(f'<p><a href="{ORIGINAL}">{line}</a></p>')
        else:
            out.append(f"<div>{line}</div>")
    return out


without_alt = [line for line, after in pairwise([*ESCAPED, ""]) if not is_age(html.unescape(after))]
PAGES = {
    "plain": SOURCE,
    "p": "".join(f"<p>{line}</p>\n" for line in ESCAPED),
    "div": "".join(f"<div>{line}</div>" for line in ESCAPED),
    "br": "<br>\n".join(ESCAPED),
    "br br": f"<div>{'<br /><br />'.join(ESCAPED)}</div>",
    "one p": f"<p>{'<br>'.join(ESCAPED)}</p>",
    "nested": "".join(f"<div><section><p><span>{line}</span></p></section></div>" for line in ESCAPED),
    "table": f"<table>{''.join(f'<tr><td>{line}</td></tr>' for line in ESCAPED)}</table>",
    "framed": framed("".join(f"<p>{line}</p>" for line in ESCAPED)),
    "without alt": framed("".join(f"<p>{line}</p>" for line in without_alt)),
    "age and views apart": "".join(f"<p>{line}</p>" for line in [ESCAPED[0], "2 weeks ago", "29", *ESCAPED[2:]]),
    "straight quotes": "".join(f"<p>{line.replace(chr(0x2019), chr(39))}</p>" for line in ESCAPED),
    "linked": framed("".join(cards_of(ESCAPED))),
}


@cache
def read(page: str) -> dict[str, Any]:
    return facts(article_of(URL, PAGES[page].encode(), AT, "text/html; charset=utf-8"))


FIELDS = {
    "site": "suarakita",
    "pageVersion": "suarakita-lines",
    "url": URL,
    "canonicalUrl": digest(URL),
    "headline": digest(LINES[0]),
    "description": None,
    "datePublished": "2025-08-09T04:39:00Z",
    "datePublishedRaw": "August 9, 2025 | 11:39 am",
    "dateSource": "visible",
    "dateModified": None,
    "dateline": {"publisher": "TEMPO.CO", "place": "Jakarta"},
    "authors": [],
    "articleSection": None,
    "keywords": [],
    "inLanguage": "en",
    "paragraphs": 13,
    "firstWords": "Russian President",
    "lastWord": "matters.",
    "bodyComplete": True,
    "isAccessibleForFree": None,
    "images": [],
    "breadcrumbs": [],
    "viewCount": 29,
    "readAlso": [],
    "inline": [],
    "moreArticles": [],
}


@pytest.mark.parametrize(("page", "field"), [(page, field) for page in PAGES for field in FIELDS])
def test_a_field(page: str, field: str):
    assert read(page)[field] == FIELDS[field]


@pytest.mark.parametrize("page", [page for page in PAGES if page != "straight quotes"])
def test_the_text_is_the_same_however_it_is_wrapped(page: str):
    assert read(page)["articleBody"] == read("plain")["articleBody"]


@cache
def links(page: str) -> list[dict[str, Any]]:
    return article_to_json(article_of(URL, PAGES[page].encode(), AT))["relatedLinks"]


WINDOWS = {
    "2 jam lalu": ("2025-08-09T01:39:00Z", "2025-08-10T10:00:00Z"),
    "16 jam lalu": ("2025-08-08T11:39:00Z", "2025-08-09T20:00:00Z"),
    "20 jam lalu": ("2025-08-08T07:39:00Z", "2025-08-09T16:00:00Z"),
    "22 jam lalu": ("2025-08-08T05:39:00Z", "2025-08-09T14:00:00Z"),
    "1 hari lalu": ("2025-08-07T04:39:00Z", "2025-08-09T12:00:00Z"),
}


@pytest.mark.parametrize("page", PAGES)
def test_ten_cards(page: str):
    cards = [link for link in links(page) if link["relation"] == "related"]
    ages = [line for line in LINES if is_age(line)]
    assert [card["position"] for card in cards] == list(range(1, 11))
    assert [card["datePublishedRaw"] for card in cards] == ages
    assert [(card["datePublishedEarliest"], card["datePublishedLatest"]) for card in cards] == [
        WINDOWS[a] for a in ages
    ]
    titles = [LINES[place + 1] for place, line in enumerate(LINES) if is_age(line)]
    excerpts = [LINES[place + 2] for place, line in enumerate(LINES) if is_age(line)]
    quote = str.maketrans("\u2019", "'")
    assert [card["headline"].translate(quote) for card in cards] == [title.translate(quote) for title in titles]
    assert [card["description"].translate(quote) for card in cards] == [text.translate(quote) for text in excerpts]


@pytest.mark.parametrize("page", PAGES)
def test_one_editors_choice(page: str):
    (choice,) = (link for link in links(page) if link["relation"] == "editorsChoice")
    assert choice["headline"].startswith("Kremlin Announces")
    assert choice["position"] == 1
    assert choice["url"] == ("https://en.tempo.co/read/108/x" if page == "linked" else None)


def test_cards_without_addresses_have_none():
    assert {link["url"] for link in links("plain")} == {None}
    assert read("plain")["isBasedOn"] is None


def test_cards_with_addresses():
    related = [link["url"] for link in links("linked") if link["relation"] == "related"]
    assert related == [f"https://en.tempo.co/read/{100 + number}/x" for number in range(1, 11)]
    assert read("linked")["isBasedOn"] == ORIGINAL


@pytest.mark.parametrize("page", PAGES)
def test_no_promotion_in_the_text(page: str):
    text = article_of(URL, PAGES[page].encode(), AT).article_body
    assert not [word for word in ("Google News", "Choice", "Read Entire", "lalu") if word in text]


def test_ages_never_count_from_before_the_publication():
    young = article_of(URL, SOURCE.replace("2 weeks ago 29", "1 year ago 29").encode(), AT)
    first = next(link for link in young.related_links if link.relation == "related")
    assert first.date_published is not None
    assert json.dumps(str(first.date_published.earliest)) == '"2025-08-09 01:39:00+00:00"'
