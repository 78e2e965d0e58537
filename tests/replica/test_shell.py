"""The listing that needs JavaScript, in a real browser that nobody guards: what it shows, and what it tries."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser

from crawler.browser import find
from crawler.sites.registry import SITES
from crawler.sites.site import Page
from replica import HOSTS
from replica.pages import shell
from stories.article import Relation
from stories.settings import Settings
from tests.replica.conftest import world_of

STORIES = 1200  # the rubric's index has three pages
CHROMIUM = find(Settings())
PATIENCE = 20_000  # milliseconds, on a busy machine
ROW = "main figure figcaption p.font-bold a"
BUTTONS = 'button[data-type="page"]'
WAITING = "document.querySelector('#__nuxt').dataset.ticks > 20"


@pytest.fixture(scope="module")
def world():
    return world_of(STORIES)


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        arguments = ["--host-resolver-rules=MAP * ~NOTFOUND", "--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def asked():
    """Every address that the browser asked for."""
    return []


@pytest.fixture
def tab(chromium, world, asked):
    """One that the world answers; other hosts do not exist."""
    context = chromium.new_context()

    def answer(route):
        asked.append(route.request.url)
        reply = world.page(route.request.url)
        if urlsplit(route.request.url).hostname in HOSTS:
            route.fulfill(status=reply.status, headers=dict(reply.headers), body=reply.body)
        else:
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def shown(tab):
    return [(link.get_attribute("href"), link.inner_text()) for link in tab.locator(ROW).all()]


def true(world, url):
    rows = world.listing_truth(url)
    return [(row["url"].removeprefix("https://www.tempo.co"), row["headline"]) for row in rows]


def test_plain_http_finds_an_empty_page(world):
    body = world.page(world.rendered_listing_url()).body.decode()
    tree = LexborHTMLParser(body)
    assert tree.css_first("#__nuxt").html == '<div id="__nuxt"></div>'
    assert "window.__NUXT__={}" in body
    assert not tree.css("a")
    assert world.needs_browser(world.rendered_listing_url())
    assert not world.needs_browser("https://www.tempo.co/indeks?category=rubrik&rubric_slug=hukum")


def test_its_truth_is_that_of_the_rubric_page_by_page(world):
    pages = [world.listing_truth(world.rendered_listing_url(page)) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages[:2]] == [20, 20]
    assert 0 < len(pages[2]) <= 20
    assert pages[3] == []
    assert len({row["key"] for page in pages for row in page}) == sum(map(len, pages))
    assert all("/sains/" in row["url"] for page in pages for row in page)


@pytest.mark.parametrize("page", [1, 2, 4])
def test_a_browser_finds_the_rows_and_the_buttons(world, tab, page):
    url = world.rendered_listing_url(page)
    tab.goto(url)
    tab.wait_for_selector("main h1")
    assert shown(tab) == true(world, url)
    assert [button.inner_text() for button in tab.locator(BUTTONS).all()] == {
        1: ["1", "2", "3"],
        2: ["1", "2", "3"],
        4: ["1", "3"],
    }[page]


def test_an_unguarded_browser_asks_for_what_a_guarded_one_must_not(world, tab, asked):
    with tab.expect_popup() as popup, tab.expect_websocket() as socket:
        tab.goto(world.rendered_listing_url())
    tab.wait_for_selector("main h1")
    tab.wait_for_function(WAITING)
    foreign = {f"https://{shell.FOREIGN}/{name}" for name in ("pixel.gif", "x.js", "frame", "beacon", "pop")}
    assert foreign | {f"https://www.tempo.co{shell.FORBIDDEN_PATHS[0]}"} <= set(asked)
    assert socket.value.url == f"wss://{shell.FOREIGN}/socket"
    assert popup.value
    assert f"https://www.tempo.co{shell.WORKER_PATH}" in asked


@pytest.mark.parametrize("page", [1, 3, 4])
def test_what_a_browser_shows_can_be_read(world, tab, page):
    url = world.rendered_listing_url(page)
    tab.goto(url)
    tab.wait_for_selector("main h1")
    listing = SITES["tempo-id"].read(Page(url=url, body=tab.content().encode(), downloaded_at=world.now))
    rows = [found for found in listing.links if found.relation is Relation.SECTION]
    truth = world.listing_truth(url)
    assert [SITES["tempo-id"].identify(found.url).key for found in rows] == [row["key"] for row in truth]
    assert [found.headline for found in rows] == [row["headline"] for row in truth]
    assert [f"{f.date_published.earliest:%Y-%m-%dT%H:%M:%SZ}" for f in rows] == [
        row["datePublishedEarliest"] for row in truth
    ]
    following = [found.url for found in listing.links if found.relation is Relation.NEXT_PAGE]
    assert following == ([] if page > 2 else [world.rendered_listing_url(page + 1)])
    assert not listing.is_empty_shell


def test_late_rows_come(world, tab):
    url = world.rendered_listing_url(script="late")
    tab.goto(url)
    assert not shown(tab)
    tab.wait_for_selector("main h1")
    assert shown(tab) == true(world, url)


def test_dialogs_come_before_the_rows(world, tab):
    said = []
    tab.on("dialog", lambda dialog: (said.append(dialog.type), dialog.dismiss()))
    tab.goto(world.rendered_listing_url(script="alert"))
    tab.wait_for_selector("main h1")
    assert said == ["alert", "confirm", "prompt"]


def test_memory_is_eaten_and_the_rows_come(world, tab):
    tab.goto(world.rendered_listing_url(script="memory"))
    tab.wait_for_selector("main h1")
    assert tab.evaluate("window.kept.reduce((sum, part) => sum + part.length, 0)") == 192 * 1024 * 1024


def test_a_poll_asks_again_and_again(world, tab, asked):
    tab.goto(world.rendered_listing_url(script="poll"))
    tab.wait_for_selector("main h1")
    tab.wait_for_function(WAITING)
    assert sum(urlsplit(url).path == shell.ROWS_PATH for url in asked) > 10


def test_a_tab_is_led_away(world, tab, asked):
    with tab.expect_request(f"https://{shell.FOREIGN}/landing"):
        tab.goto(world.rendered_listing_url(script="away"), wait_until="commit")


def test_a_hang_gives_no_row(world, tab, asked):
    tab.goto(world.rendered_listing_url(script="hang"), wait_until="commit")
    tab.wait_for_timeout(1000)
    assert asked[:2] == [world.rendered_listing_url(script="hang"), f"https://www.tempo.co{shell.SCRIPT_PATH}"]
    assert not any(shell.ROWS_PATH in url for url in asked)


def test_the_script_knows_every_variant():
    script = shell.script().decode()
    assert all(f"  {name}: () =>" in script for name in shell.VARIANTS)
