"""Line 13: feeds and sitemaps that would read files, fill the memory, or never end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.follow import MOST_NESTED
from crawler.run import DONE
from crawler.sites.feeds import read_feed, read_sitemap
from tests.cpu import at_most
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from tests.crawler.sites.fuzz import forget, peak
from tests.security.paper import address, article
from workers.stores import Stores

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 13))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY %% p SYSTEM "%(address)s"> %%p;]>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "%(address)s">]>'
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "%(address)s">'


def feed(prolog: str, text: str) -> bytes:
    item = f"<item><title>{text}</title><link>{address(1)}</link><pubDate>{text}</pubDate></item>"
    return f'{prolog}<rss version="2.0"><channel>{item}</channel></rss>'.encode()


def sitemap(prolog: str, text: str) -> bytes:
    return (
        f"{prolog}<urlset><url><loc>{address(1)}{text}</loc></url><url><loc>{address(2)}</loc></url></urlset>".encode()
    )


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.settimeout(0.2)
        yield opened


@pytest.mark.parametrize("make", [feed, sitemap])
@pytest.mark.parametrize(
    ("prolog", "text"), [(BILLION, "&l12;"), (QUADRATIC, "&a;" * 20_000), ("", "&l12;")], ids=["laughs", "many", "none"]
)
def test_a_bomb_fills_no_memory(make, prolog: str, text: str):
    body = make(prolog, text)
    forget()
    before = peak()
    with at_most(2):
        found = [*read_feed(body), *read_sitemap(body)]
    assert peak() - before < 50_000, "kB"
    assert all(len(entry.url) + len(entry.title or "") < 2_000 for entry in found)


@pytest.mark.parametrize("make", [feed, sitemap])
@pytest.mark.parametrize("prolog", [EXTERNAL, PARAMETER, DOCTYPE], ids=["entity", "parameter", "doctype"])
def test_nothing_from_elsewhere_is_read(make, prolog: str, listener: socket.socket, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-this-machine")
    port = listener.getsockname()[1]
    for where in (secret.as_uri(), f"http://127.0.0.1:{port}/", f"ftp://127.0.0.1:{port}/"):
        body = make(prolog % {"address": where}, "&e;")
        found = [*read_feed(body), *read_sitemap(body)]
        assert "a-secret" not in str(found)
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_sitemap_of_more_than_50_000_addresses_is_read_so_far():
    body = (
        b"<urlset>" + b"".join(b"<url><loc>https://a.example/%d</loc></url>" % n for n in range(50_001)) + b"</urlset>"
    )
    assert len(read_sitemap(body)) == 50_000
    items = b"".join(b"<item><link>https://a.example/%d</link></item>" % n for n in range(50_001))
    assert len(read_feed(b"<rss><channel>" + items + b"</channel></rss>")) == 50_000


def test_a_deep_tree_takes_no_long_time():
    with at_most(2):
        for read in (read_feed, read_sitemap):
            assert read(b"<a>" * 1_000_000) == []
            assert read(b"<html><body><table id='sitemap'>" + b"<div>" * 100_000) == []


def endless(asked: Asked) -> Answer:
    """Every sitemap names the next one, and a story."""
    if asked.path == "/robots.txt":
        return Answer(body="", headers={"Content-Type": "text/plain"})
    if "sitemap" not in asked.path:
        return Answer(body=article(int(asked.path.split("/")[2])))
    number = int("".join(filter(str.isdigit, asked.path)) or 0)
    below = f"https://en.tempo.co/sitemap{number + 1}.xml"
    body = (
        f"<sitemapindex><sitemap><loc>{below}</loc></sitemap><url><loc>{address(number + 1)}</loc></url></sitemapindex>"
    )
    return Answer(body=body, headers={"Content-Type": "application/xml"})


def test_sitemaps_in_sitemaps_are_followed_so_deep_and_no_deeper(stores: Stores):
    with serving(endless) as served:
        order = crawling.order_of(["https://en.tempo.co/sitemap.xml"])
        code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert code == DONE, said
    asked = sorted(path for path in served.paths() if "sitemap" in path)
    assert asked == ["/sitemap.xml", "/sitemap1.xml", "/sitemap2.xml", "/sitemap3.xml"]
    assert len(asked) == 1 + MOST_NESTED
    assert len(crawling.handed_over(stores)) == 1 + MOST_NESTED


def test_sitemaps_that_name_each_other_are_asked_for_once(stores: Stores):
    def ring(asked: Asked) -> Answer:
        body = "".join(f"<url><loc>https://en.tempo.co/sitemap{n}.xml</loc></url>" for n in ("", 1, 2, 3))
        is_sitemap = "sitemap" in asked.path
        return Answer(body=f"<urlset>{body}</urlset>" if is_sitemap else "", headers={"Content-Type": "text/plain"})

    with serving(ring) as served:
        order = crawling.order_of(["https://en.tempo.co/sitemap.xml"])
        code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert code == DONE, said
    assert sorted(served.paths()) == sorted(f"/sitemap{n}.xml" for n in ("", 1, 2, 3))
