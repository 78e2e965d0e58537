"""Listings that are empty without their script, in a real Chromium: rendered once, within limits; nothing leaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest

from crawler.browser import MOST_REQUESTS
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Served, serving
from tests.crawler.shells import EATING, PLAIN, ROWS_A_PAGE, Site, listing, script
from tests.servers import emptied
from workers.stores import Stores

(
    ROWS,
    LEAKS,
    DIALOGS,
    POPUPS,
    DOWNLOAD,
    WORKERS,
    FORBIDDEN,
    HUGE,
    GREEDY,
    EMPTY,
    NO_NEWS,
    LATE,
    MOVED,
    BUSY,
    POSTS,
    POLLS,
    AWAY,
    EATER,
    FRAMES,
) = range(1, 20)

LEAKING = """
const to = "127.0.0.1:%(port)d";
const add = (name, given) => document.head.append(Object.assign(document.createElement(name), given));
const tries = [
  () => fetch(`http://${to}/fetch`).catch(() => {}),
  () => fetch(`http://${to}/nocors`, { mode: "no-cors", keepalive: true }).catch(() => {}),
  () => { new Image().src = `http://${to}/image`; },
  () => add("script", { src: `http://${to}/script` }),
  () => add("link", { rel: "stylesheet", href: `http://${to}/style` }),
  () => add("link", { rel: "prefetch", href: `http://${to}/prefetch` }),
  () => add("link", { rel: "preconnect", href: `http://${to}` }),
  () => add("link", { rel: "dns-prefetch", href: "//ads.example.invalid" }),
  () => add("link", { rel: "icon", href: `http://${to}/icon` }),
  () => navigator.sendBeacon(`http://${to}/beacon`, "seen"),
  () => new WebSocket(`ws://${to}/socket`),
  () => new WebSocket("wss://ads.example.invalid/socket"),
  () => new WebSocket("wss://www.tempo.co/socket"),
  () => new EventSource(`http://${to}/events`),
  () => window.open(`http://${to}/popup`),
  () => new Worker(URL.createObjectURL(new Blob([`fetch("http://${to}/worker"); new WebSocket("ws://${to}/ws");`]))),
  () => new SharedWorker(URL.createObjectURL(new Blob([`fetch("http://${to}/shared"); new WebSocket("ws://${to}/w")`]))),
  () => { const form = document.body.appendChild(document.createElement("form"));
          Object.assign(form, { method: "post", action: `http://${to}/form`, target: "_blank" }).submit(); },
  () => { const servers = [{ urls: `stun:${to}` }, { urls: `stun:127.0.0.1:%(udp)d` }];
          const peer = new RTCPeerConnection({ iceServers: servers });
          peer.createDataChannel("x"); peer.createOffer().then((offer) => peer.setLocalDescription(offer)); },
  () => new WebTransport(`https://${to}/transport`).ready.catch(() => {}),
  () => document.body.append(Object.assign(document.createElement("iframe"), { src: `http://${to}/frame` })),
  () => { location.href = `http://${to}/landing`; },
];
for (const attempt of tries) { try { attempt(); } catch (error) { console.warn(error); } }
await wait(1000);
print(await rows());
"""

SCRIPTS = {
    DIALOGS: "onbeforeunload = () => 'stay'; for (const ask of [alert, confirm, prompt]) ask('?'); " + PLAIN,
    POPUPS: "for (let i = 0; i < 10; i++) window.open('/indeks?page=1', '_blank', i % 2 ? 'noopener' : '');" + PLAIN,
    DOWNLOAD: """const link = document.body.appendChild(document.createElement("a"));
Object.assign(link, { href: "/file.zip", download: "file.zip" }).click(); link.remove(); """
    + PLAIN,
    WORKERS: """navigator.serviceWorker?.register("/_nuxt/worker.js").catch(() => {}); await wait(300); """ + PLAIN,
    FORBIDDEN: """fetch("/api/private/1").catch(() => {}); fetch("https://koran.tempo.co/x").catch(() => {});"""
    + PLAIN,
    HUGE: "root.textContent = 'x'.repeat(9 * 1024 * 1024);",
    GREEDY: PLAIN + "for (let i = 0; i < 200; i++) fetch(`/api/more/${i}`).catch(() => {});",
    EMPTY: "",
    NO_NEWS: "root.innerHTML = '<main><h1>Indeks</h1><p>Tidak ada berita.</p></main>';",
    LATE: "await wait(2500); " + PLAIN,
    MOVED: "location.replace('/indeks?page=1');",
    BUSY: "rows().then(print, () => {});",
    POSTS: "fetch('/api/rows/1', { method: 'POST', body: '{}' }).catch(() => {}); " + PLAIN,
    POLLS: "setInterval(() => rows().catch(() => {}), 20); " + PLAIN,
    AWAY: "location.href = 'https://ads.example.invalid/landing'; " + PLAIN,
    FRAMES: """const frame = document.createElement("iframe");
frame.src = "/indeks?page=1"; document.body.append(frame); """
    + PLAIN,
}

ROBOTS = "User-agent: *\nDisallow: /api/private\n"


def heard(connection: socket.socket) -> str:
    """What it says; one that is made ahead of need says nothing."""
    with connection, suppress(OSError):
        connection.settimeout(0.5)
        return connection.recv(200).decode("latin-1")
    return "nothing"


@contextmanager
def listening() -> Iterator[tuple[int, int, list[str]]]:
    """A TCP and a UDP port of this machine; the list tells of whoever came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))

        def accept() -> None:
            while True:
                try:
                    connection, _ = tcp.accept()
                except OSError:
                    return
                came.append(heard(connection))

        def receive() -> None:
            while True:
                try:
                    came.append(f"udp {udp.recv(200)!r}")
                except OSError:
                    return

        for listen in (accept, receive):
            Thread(target=listen, daemon=True).start()
        yield tcp.getsockname()[1], udp.getsockname()[1], came
        tcp.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Crawled:
    site: Site
    served: Served
    came: list[str]
    pages: dict[str, dict[str, Any]]
    code: int
    said: str

    def page(self, number: int) -> dict[str, Any]:
        return next(page for page in self.pages.values() if page["url"] == listing(number))

    def found(self, number: int) -> int:
        """How many stories the page led to."""
        return sum(page.get("foundOn") == self.page(number)["_id"] for page in self.pages.values())


@pytest.fixture(scope="module")
def crawled(prepared: Stores) -> Iterator[Crawled]:
    """One crawl, looked at by every test here."""
    stores = emptied(prepared)
    with listening() as (port, udp, came):
        site = Site(
            SCRIPTS | {LEAKS: LEAKING % {"port": port, "udp": udp}}, robots="User-agent: *\nDisallow: /api/private\n"
        )
        site.once[f"/api/rows/{BUSY}"] = Answer(status=500)
        site.once[f"/_nuxt/{EATER}.js"] = script(EATER, EATING)
        site.others["/file.zip"] = Answer(body=b"PK", headers={"Content-Type": "application/zip"})
        site.others["/_nuxt/worker.js"] = Answer(body="", headers={"Content-Type": "text/javascript"})
        with serving(site) as served:
            order = crawling.order_of([listing(number) for number in range(ROWS, FRAMES + 1)], site="tempo-id")
            settings = crawling.settings_of(stores, served)
            code, said = crawling.crawl(order, settings, limit=150)
            yield Crawled(site, served, came, crawling.pages(stores), code, said)
    emptied(prepared)


def fate(page: dict[str, Any]) -> tuple[str, str | None]:
    return page["state"], page.get("fate")


@pytest.mark.parametrize(
    "number",
    [ROWS, LEAKS, DIALOGS, POPUPS, DOWNLOAD, WORKERS, FORBIDDEN, GREEDY, LATE, POSTS, POLLS, AWAY, FRAMES],
)
def test_it_is_rendered_and_its_links_are_found(crawled: Crawled, number: int):
    assert fate(crawled.page(number)) == ("settled", "listed"), crawled.said
    assert crawled.found(number) == ROWS_A_PAGE


def test_the_page_itself_is_asked_for_once(crawled: Crawled):
    asked = crawled.served.paths("www.tempo.co")
    for number in set(range(LEAKS, FRAMES + 1)) - {BUSY}:  # which is tried again; to ROWS another page leads
        assert asked.count(f"/indeks?page={number}") == 1


def test_nothing_leaves_but_by_our_own_downloader(crawled: Crawled):
    assert crawled.came == []
    assert {one.host for one in crawled.served.asked} <= {"www.tempo.co", "koran.tempo.co"}
    assert {one.headers["user-agent"].partition("/")[0] for one in crawled.served.asked} == {"Kliping"}
    assert not any({"cookie", "referer"} & set(one.headers) for one in crawled.served.asked)


def test_what_robots_txt_forbids_is_not_asked_for(crawled: Crawled):
    assert not [path for path in crawled.served.paths() if path.startswith("/api/private")]


def test_what_is_not_needed_is_not_asked_for(crawled: Crawled):
    for path in ("/_nuxt/style.css", "/card.jpg", "/favicon.ico", "/file.zip", "/_nuxt/worker.js"):
        assert crawled.site.tries[path] == 0, path


def test_only_get(crawled: Crawled):
    assert {one.method for one in crawled.served.asked} == {"GET"}


def test_a_page_asks_so_often_and_no_more(crawled: Crawled):
    assert 20 < len([path for path in crawled.served.paths() if path.startswith("/api/more")]) <= MOST_REQUESTS
    assert crawled.site.tries[f"/api/rows/{POLLS}"] == 1


def test_a_page_that_stays_empty_says_so(crawled: Crawled):
    page = crawled.page(EMPTY)
    assert fate(page) == ("settled", "emptyShell")
    assert page["nextFetchAt"] > page["fateAt"]


def test_a_page_that_says_there_is_no_news_is_read(crawled: Crawled):
    assert fate(crawled.page(NO_NEWS)) == ("settled", "listed")
    assert crawled.found(NO_NEWS) == 0


def test_a_page_that_grows_beyond_all_size_is_refused(crawled: Crawled):
    assert fate(crawled.page(HUGE)) == ("settled", "refused")
    assert "too large" in crawled.page(HUGE)["fateReason"]


def test_a_script_that_leads_elsewhere_makes_an_alias(crawled: Crawled):
    assert fate(crawled.page(MOVED)) == ("settled", "alias")


def test_an_empty_page_that_lacks_what_is_not_to_be_had_now_is_tried_again(crawled: Crawled):
    assert fate(crawled.page(BUSY)) == ("settled", "listed")
    failed = [event["why"] for event in crawled.page(BUSY)["events"] if event["what"] == "failed"]
    assert len(failed) == 1
    assert f"/api/rows/{BUSY}: HTTP 500" in failed[0]


def test_a_page_that_dies_in_the_browser_is_rendered_once_more_at_once(crawled: Crawled):
    assert crawled.site.tries[f"/_nuxt/{EATER}.js"] == 2
    assert crawled.site.tries[f"/indeks?page={EATER}"] == 1
    assert fate(crawled.page(EATER)) == ("settled", "listed")


def test_the_crawl_ends_well(crawled: Crawled):
    assert crawled.code == 0, crawled.said
