"""Lines 5 and 3: a server must prove who it is, and we say who we are. (robots.txt: see the table.)"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.utils.ssl import _make_ssl_context

from crawler.run import scrapy_settings
from stories.errors import UsageError
from stories.settings import Settings
from tests.crawler import crawling
from tests.crawler.crawling import Answer, serving
from tests.security.certificates import Authority
from tests.security.paper import address, article, crawl_elsewhere, paper
from workers.stores import Stores

STORY = paper({"/read/1/a-story": article(1)})


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Trusted by every process that is started here."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


BAD: dict[str, Callable[[Authority], ssl.SSLContext]] = {
    "signed by itself": lambda authority: authority.server("en.tempo.co", by_itself=True),
    "of another host": lambda authority: authority.server("www.tempo.co", "tempo.co", "*.en.tempo.co"),
    "run out": lambda authority: authority.server("en.tempo.co", valid_for=timedelta(seconds=-1)),
    "not yet valid": lambda authority: authority.server("en.tempo.co", valid_for=timedelta(days=30)),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_server_with_a_bad_certificate_is_not_asked(authority: Authority, kind: str):
    """By the very context of a crawl, with the settings of a crawl."""
    with serving(STORY, tls=BAD[kind](authority)) as served, pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(served.url, _make_ssl_context(scrapy_settings(Settings(contact="us@example.org"))))
    assert served.asked == []


def shake_hands(url: str, context: ssl.SSLContext) -> None:
    with (
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="en.tempo.co"),
    ):
        pass


def test_a_crawl_does_not_ask_one_either(stores: Stores, authority: Authority):
    with serving(STORY, tls=BAD["of another host"](authority)) as served:
        crawl_elsewhere(stores, {"en.tempo.co": [("127.0.0.1", urlsplit(served.url).port or 0)]}, "behind-the-door")
    [page] = crawling.pages(stores).values()
    assert served.asked == []
    assert page["state"] == "due", "it is asked again when its certificate is mended"


def test_a_server_with_a_good_one_is_asked_and_told_who_asks(stores: Stores, authority: Authority):
    with serving(STORY, tls=authority.server("en.tempo.co")) as served:
        said = crawl_elsewhere(
            stores, {"en.tempo.co": [("127.0.0.1", urlsplit(served.url).port or 0)]}, "behind-the-door"
        )
    assert served.paths() == ["/read/1/a-story"], said
    assert crawling.pages(stores)["tempo-read:1"]["state"] == "handedOver"
    agents = {one.headers["user-agent"] for one in served.asked}
    assert len(served.asked) == 2, "robots.txt and the story"
    [agent] = agents
    assert agent.startswith("Kliping/")
    assert agent.endswith(" (+https://example.org/us)")


def test_a_name_that_answers_otherwise_the_second_time_leads_nowhere_else(stores: Stores, authority: Authority):
    """Line 3, rebinding: a first answer that was good opens nothing for the second.

    127.0.0.1 stands for the open internet here, 127.0.0.2 for what is within.
    """
    away = {"Location": address(2).replace("https", "http")}  # another port, so the name is asked for again
    story = paper({"/read/1/a-story": Answer(status=302, headers=away), "/read/2/a-story": article(2)})
    tls = authority.server("en.tempo.co")
    with serving(story, tls=tls) as served, serving(story) as within:
        good, bad = (urlsplit(server.url).port or 0 for server in (served, within))
        world = {"en.tempo.co": [("127.0.0.1", good), ("127.0.0.2", bad)]}
        said = crawl_elsewhere(stores, world, "behind-the-door")
    assert served.paths() == ["/read/1/a-story"]
    assert within.asked == []
    assert "not connected: a host's name leads to 127.0.0.2" in said
    page = crawling.pages(stores)["tempo-read:1"]
    assert page["events"][-1]["why"] == "NotNow: en.tempo.co leads to no address of the open internet"
    assert (page["state"], page["attempts"]) == ("due", 0)


def test_without_a_contact_no_real_site_is_asked():
    with pytest.raises(UsageError, match="a real site must be able to reach you: set KLIPING_CONTACT"):
        Settings.load({}).require_contact()
    Settings.load({"KLIPING_CONTACT": "us@example.org"}).require_contact()
