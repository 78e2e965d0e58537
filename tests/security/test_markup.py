"""Line 9: what pages and servers say is inert in a real browser and on a real terminal; HTTP changes nothing."""

from __future__ import annotations

import base64
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console import access
from console.api import make_app
from crawler import browser
from stories.mongo import client
from stories.settings import Settings
from tests.security.house import ESCAPES, MARKUP, TOKEN, Console

# -- the browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def context(console: Console) -> Iterator[Any]:
    """A Chromium that shows the token, with network as any person's has."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as driver:
        path = browser.find(Settings())
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = driver.chromium.launch(executable_path=path, args=args)
        yield chromium.new_context(http_credentials={"username": "x", "password": TOKEN})
        chromium.close()


def opened(context: Any, url: str) -> tuple[Any, list[str]]:
    """A page, once it has loaded and idled, and what it asked for."""
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (asked.append("dialog"), dialog.dismiss()))
    page.goto(url, wait_until="load")
    page.wait_for_timeout(100)  # milliseconds, for what an `onerror` would do
    return page, asked


@pytest.mark.parametrize(
    "path", ["/", "/api/stories", "/api/stories/tempo-read:1", "/api/queue", "/api/monitor", "/api/schedules"]
)
def test_no_script_runs_and_nothing_is_loaded(console: Console, context: Any, path: str, tmp_path: Path):
    page, asked = opened(context, console.url + path)
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert {url.partition("?")[0] for url in asked} <= {console.url + path, f"{console.url}/favicon.ico"}
    assert page.locator("script, iframe, img, svg, object, embed, form, base").count() == 0
    assert "<script>window.hacked=1</script>" in page.inner_text("body"), "it is there, as text"
    page.screenshot(path=tmp_path / "seen.png")
    assert (tmp_path / "seen.png").stat().st_size > 1_000
    page.close()


def test_no_link_leads_to_a_script(console: Console, context: Any):
    page, _ = opened(context, console.url)
    links = page.eval_on_selector_all("a", "links => links.map(link => link.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert len(links) > 3
    page.close()


def test_the_policy_alone_would_hold_them(console: Console, context: Any):
    """As if nothing were escaped: the headers of the console around the markup itself."""
    policy = console.ask("/").headers["content-security-policy"]
    page = context.new_page()
    loaded: list[str] = []
    held = f"<a id=a href='javascript:window.hacked=1'>x</a><form action=/x><button id=b>y</button></form>{MARKUP}"
    answer = {"body": held, "content_type": "text/html"}
    page.route(
        "**",
        lambda route: (
            loaded.append(route.request.url),
            route.fulfill(**answer, headers={"content-security-policy": policy}),
        ),
    )
    page.goto(console.url)
    page.evaluate("document.getElementById('a').click(); document.getElementById('b').click()")
    page.wait_for_timeout(200)
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert {url.rstrip("/") for url in loaded} <= {console.url, f"{console.url}/favicon.ico"}
    page.unroute_all()
    page.route("**", lambda route: route.fulfill(**answer))
    page.goto(console.url)
    assert page.evaluate("window.hacked") == 1, "without the policy it does run: this test can fail"
    page.close()


# -- nothing changes --------------------------------------------------------------------------------------------

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


def test_there_is_no_route_that_changes(hostile: Settings):
    """So there is nothing to forge. The first route that changes must bring its token and its look at Origin."""

    class Nowhere:
        settings = hostile

    app: Any = make_app(Nowhere(), "x")  # type: ignore[arg-type]
    assert {method for route in app._app.routes for method in route.methods} == {"GET", "HEAD"}


@pytest.mark.parametrize("method", CHANGING)
def test_no_method_changes_anything(console: Console, hostile: Settings, method: str):
    before = everything(hostile)
    for path in ("/", "/healthz", "/api/queue", "/api/monitor", "/api/stories/tempo-read:1", "/api/schedules"):
        for headers in ({}, FOREIGN, {"X-HTTP-Method-Override": method, "Content-Type": "text/plain"}):
            shown = {"Authorization": f"Bearer {TOKEN}", **headers}
            assert console.ask(path, method, "a=1", **shown).status == 405
            assert console.ask(path, "GET", **{**shown, "X-HTTP-Method-Override": method}).status == 200
    assert everything(hostile) == before


def everything(settings: Settings) -> dict[str, Any]:
    with client(settings.mongo_url or "") as mongo:
        own = mongo[settings.database]
        return {name: list(own[name].find()) for name in own.list_collection_names()}


def test_another_site_reads_nothing_with_a_visitors_password(console: Console, context: Any):
    """The browser knows the password; a page elsewhere asks with it. The answers name no other origin as a friend's."""
    for headers in (FOREIGN, {"Origin": "null"}):
        answer = console.ask("/api/stories", **headers, Authorization=f"Bearer {TOKEN}")
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"
    page = context.new_page()
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body="<p>bait", content_type="text/html"))
    page.goto("http://elsewhere.example/")
    tried = page.evaluate(
        "url => fetch(url, {credentials: 'include'}).then(answer => answer.text(), error => 'refused')",
        f"{console.url}/api/stories",
    )
    assert tried == "refused"
    page.close()


def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[bytes, bytes]] = []
    known = access.hmac.compare_digest
    monkeypatch.setattr(access.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or known(a, b))
    basic = base64.b64encode(f"x:{TOKEN}".encode())
    wrong = (b"", b"Bearer x", b"Basic %%%", b"Bearer " + TOKEN[:-1].encode())
    for authorization in (*wrong, b"Bearer " + TOKEN.encode(), b"Basic " + basic):
        assert access.shows(authorization, TOKEN) == (authorization not in wrong)
    assert len(compared) == 6, "each whole, whatever was shown"
    assert all(b == TOKEN.encode() for _, b in compared)


# -- the terminal -----------------------------------------------------------------------------------------------

COMMANDS = [
    *("stories find", "stories find harbor", "stories show tempo-read:1", "stories show tempo-read:2"),
    *("stories related tempo-read:1 --depth 2", "stories related tempo-read:2", "queue", "queue jobs"),
    *("quarantine list", "quarantine show tempo-read:1", "schedule list"),
    *("stories find --json", "stories show tempo-read:2 --json", "queue --json", "quarantine show tempo-read:1 --json"),
]
ALL_OF_THEM = """
import json, sys
from console.cli import run
for command in json.loads(sys.argv[1]):
    print("===", run(command.split()), flush=True)
"""


@pytest.fixture(scope="module")
def shown(hostile: Settings) -> dict[str, str]:
    """What a terminal gets of each command, errors too."""
    ours, theirs = pty.openpty()
    own = {name: value for name, value in os.environ.items() if not name.startswith("KLIPING_")}
    environment = own | hostile.as_variables() | {"TERM": "dumb", "COLUMNS": "200"}
    line = [sys.executable, "-c", ALL_OF_THEM, json.dumps(COMMANDS)]
    with subprocess.Popen(line, env=environment, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        said = "".join(iter(lambda: read(ours), ""))
    os.close(ours)
    parts = said.split("=== 0\r\n")
    assert len(parts) == len(COMMANDS) + 1, said
    return dict(zip(COMMANDS, parts, strict=False))


def read(terminal: int) -> str:
    try:
        return os.read(terminal, 1 << 20).decode("utf-8", "surrogateescape")
    except OSError:  # EIO: the other end is closed
        return ""


def obeyed(said: str) -> set[str]:
    """Characters that a terminal would do something with, but line breaks."""
    return {repr(c) for c in said.replace("\r\n", "\n") if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl"}}


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_from_outside_moves_a_terminal(shown: dict[str, str], command: str):
    said = shown[command]
    assert obeyed(said) == set()
    assert re.search("hacked=1|forged line|harbor|not-ours", said), "it is shown, as text"
    assert not re.search("^ERROR forged", said, re.MULTILINE), "and where it belongs"


def test_an_error_neither(hostile: Settings, shell: Any):
    for words in (
        ("stories", "show", f"x:{ESCAPES}"),
        ("pages", "show", f"https://x/{ESCAPES}"),
        ("queue", "drop", ESCAPES),
    ):
        said = shell(*words)
        assert said.code != 0
        assert obeyed(said.err + said.out) == set()
        assert said.err.count("\n") == 1, "one line"
