"""Tempo's own pages, where they lie beside the project: served by a local server, crawled into MongoDB, read exactly.

They are the publisher's work: of their text only first words, counts and hashes stand here.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from console.crew import CRAWLERS, ENRICHERS, crew
from console.workplace import Workplace, workplace
from stories.order import CrawlOrder
from stories.settings import Settings
from tests.crawler.sites.samples import SAMPLES
from tests.e2e import house

ENGLISH, INDONESIAN, REPUBLISHED = "tempo-news:715684", "tempo-read:1028050", "https://suarakita.net/putin-holds-talks/"


def page(name: str) -> bytes:
    return gzip.decompress((SAMPLES / "pages" / f"{name}.html.gz").read_bytes())


def seed() -> bytes:
    text = (SAMPLES / "seed" / "aggregator-page-2025-08.txt").read_text(encoding="utf-8")
    original = "https://en.tempo.co/read/2037562/putin-holds-talks-with-xi-jinping"
    lines = [line for line in text.splitlines() if line.strip()]
    body = "\n".join(f"<p>{line}</p>" for line in lines)
    linked = body.replace("<p>Read Entire Article</p>", f'<p><a href="{original}">Read Entire Article</a></p>')
    return f"<html><head><meta charset='utf-8'></head><body>{linked}</body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers for the hosts of the samples; nothing else is there."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host, body = self.headers["Host"], b""
        if host == "en.tempo.co" and self.path.startswith("/index"):
            body = page("en-2015-index")
        elif "055715684" in self.path:
            body = page("en-2015-article")
        elif host == "metro.tempo.co" and "/read/1028050/" in self.path:
            body = page("id-2017-article")
        elif host == "suarakita.net" and self.path == "/putin-holds-talks/":
            body = seed()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.fixture
def place(settings: Settings, server: str) -> Iterator[Workplace]:
    own = replace(settings, replica=server, delay=0.0, log_level="CRITICAL")
    with workplace(own) as opened, crew(opened.settings, [CRAWLERS, ENRICHERS]):
        for site, urls, day in (
            ("tempo-en", (), date(2015, 11, 4)),
            ("tempo-id", ("https://metro.tempo.co/read/1028050/ahok-hampir-khatam-al-quran",), None),
            ("suarakita", (REPUBLISHED,), None),
        ):
            order = CrawlOrder(run=site, site=site, urls=urls, since=day, until=day)
            opened.stores.runs.order(order, job_id=f"crawl-{site}", now=opened.now())
            opened.stores.queue.enqueue_crawl(order.to_json(), job_id=f"crawl-{site}")
        house.drain(opened, ["tempo-en", "tempo-id", "suarakita"], limit=60)
        yield opened


def story(place: Workplace, key: str) -> dict:
    found = place.query.story(key)
    assert found is not None, key
    return found


def links(place: Workplace, key: str) -> list[tuple[str, int, str | None]]:
    edges = place.stores.database["links"].find({"from": key}).sort([("relation", 1), ("position", 1)])
    return [(edge["relation"], edge["position"], edge["to"]) for edge in edges]


def test_real_pages_are_crawled_into_mongodb(place: Workplace) -> None:
    index_rows = place.stores.database["pages"].count_documents({"foundOn": {"$exists": True}, "relation": "section"})
    assert index_rows == 37

    english = story(place, ENGLISH)
    assert english["datePublished"] == datetime(2015, 11, 4, 0, 28, tzinfo=UTC)
    assert english["dateline"] == {"publisher": "TEMPO.CO", "place": "Jakarta"}
    assert english["headline"].startswith("Indonesia can Learn")
    assert english["keywords"] == ["Forest Fire"]
    paragraphs = english["articleBody"].split("\n\n")
    assert (len(paragraphs), paragraphs[0][:15], paragraphs[-1][-6:]) == (19, "Indonesia could", "tated.")
    assert links(place, ENGLISH) == [
        ("related", 1, "tempo-news:715376"),
        ("related", 2, "tempo-news:715339"),
        ("related", 3, "tempo-news:715207"),
        ("related", 4, "tempo-news:715061"),
        ("related", 5, "tempo-news:715042"),
    ]

    indonesian = story(place, INDONESIAN)
    assert indonesian["datePublished"] == datetime(2017, 10, 26, 5, 34, tzinfo=UTC)
    assert indonesian["dateline"] == {"publisher": "TEMPO.CO", "place": "Jakarta"}
    assert indonesian["keywords"] == ["Ahok"]
    assert "Baca" not in indonesian["articleBody"]
    assert len(indonesian["articleBody"].split("\n\n")) == 5
    assert [link for link in links(place, INDONESIAN) if link[0] in {"readAlso", "related"}] == [
        ("readAlso", 1, "tempo-read:1027712"),
        ("readAlso", 2, None),  # a shortener, kept as it is
        ("related", 1, "tempo-read:1027753"),
        ("related", 2, "tempo-read:1027790"),
        ("related", 3, "tempo-read:1027712"),
        ("related", 4, "tempo-read:1027681"),
    ]

    republished = place.stores.database["stories"].find_one({"site": "suarakita"})
    assert republished["datePublished"] == datetime(2025, 8, 9, 4, 39, tzinfo=UTC)
    assert republished["viewCount"] == 29
    assert republished["isBasedOnKey"] == "tempo-read:2037562"
    assert len(republished["articleBody"].split("\n\n")) == 13
    assert republished["enrichment"]["agencies"]["names"] == ["Anadolu", "CCTV", "Al Arabiya"]
    assert republished["enrichment"]["language"]["code"] == "en"
    assert [link["relation"] for link in republished["relatedLinks"]].count("related") == 10
    assert place.stores.ledger.page("tempo-read:2037562")["foundOn"] == republished["_id"]
