"""When a page is rendered in a browser, which browser that is, and its limits. (rendering.py does it.)

Plain HTTP comes first. Only a listing that proves empty without its script (`Listing.is_empty_shell`) is rendered,
and once. The browser itself has no network at all: everything that a page asks for, it gets from our own downloader or
not at all. So the host list, robots.txt, the pace, the time-outs and the size limits are the crawl's own, and in
replica mode nothing leaves the machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

from stories.settings import PREFIX, Settings, environment

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Looked for in PATH, in this order, where KLIPING_BROWSER names none. The shell is the lightest (decisions/0010)."""

SLOT: Final = "browser"
"""The downloader's slot of rendered pages: what a page asks for waits in its host's slot, so it must not hold that."""

PAGES_A_BROWSER: Final = 100  # then a new one: whatever a page leaked is gone (memory: docs/decisions/0010)
IDLE: Final = 30.0  # seconds without a page until the browser is closed; starting one takes about one
START: Final = 20.0  # seconds for a browser to start; on a busy machine it took three
CLOSE: Final = 5.0  # seconds for a browser to close by itself; then it is killed
PAGE: Final = 30.0  # seconds for a page, and its requests' delays on top
MOST_REQUESTS: Final = 40  # of one page; a Nuxt page loads about 25 scripts
MOST_BYTES: Final = 16 * 1024 * 1024  # of all that one page asks for; a Nuxt page loads 1-2 MB
SCRIPTS_KEPT: Final = 32 * 1024 * 1024  # bytes of scripts that all pages of a crawl share: each is asked for once
_HEAP: Final = 256  # MB of JavaScript objects of one page; a listing needs about 10

_SWITCHES: Final = (
    # Nothing resolves and nothing is reached, not even by address: requests are answered before they get so far.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # the same, for the headless shell
    "--disable-quic",
    # Nothing of its own accord.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--no-pings",
    "--disable-crash-reporter",
    # Small.
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's /dev/shm has 64 MB
    "--mute-audio",
    f"--js-flags=--max-old-space-size={_HEAP}",
)
_CONTEXT: Final[Mapping[str, Any]] = {
    "accept_downloads": False,
    "service_workers": "block",
    "timezone_id": "Asia/Jakarta",  # the sites' own: a script that prints a time prints theirs
    "viewport": {"width": 1280, "height": 1280},
}


def find(settings: Settings) -> str | None:
    """The path of a browser that can be run, or None."""
    if settings.browser is not None:
        return shutil.which(settings.browser)
    return next(filter(None, map(shutil.which, NAMES)), None)


def missing(settings: Settings) -> str | None:
    """What to do before a page can be rendered here; None if nothing is missing."""
    if find_spec("scrapy_playwright") is None:
        return "scrapy-playwright is not installed: pip install 'kliping[browser]'"
    if find(settings) is not None:
        return None
    if settings.browser is not None:
        return f"KLIPING_BROWSER={settings.browser} cannot be run: name a Chromium, or leave it out"
    return f"there is no Chromium: install one (Debian: apt-get install {NAMES[0]}), or name it by KLIPING_BROWSER"


def for_run(settings: Settings, user_agent: str) -> dict[str, Any]:
    """What scrapy-playwright and our handler are told. Nothing is started by it."""
    return {
        "DOWNLOAD_SLOTS": {SLOT: {"concurrency": settings.browser_pages, "delay": 0, "jitter": 0}},
        "KLIPING_BROWSER_MISSING": missing(settings),
        "KLIPING_BROWSER_CONTEXT": {**_CONTEXT, "user_agent": user_agent},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find(settings),
            "args": list(_SWITCHES),
            "chromium_sandbox": os.geteuid() != 0,  # Chromium refuses to sandbox root's pages
            "env": _without_secrets(environment()),
            "timeout": START * 1000,
            "handle_sigint": False,  # it ends when we end it
            "handle_sigterm": False,
            "handle_sighup": False,
        },
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.in_page.refuse",  # unless ours has answered it before
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": settings.lease_seconds * 1000,  # ours is shorter, and counts all
        "PLAYWRIGHT_DOWNLOAD_TIMEOUT": 1000,  # there are no downloads to wait for
    }


def _without_secrets(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if not name.startswith(PREFIX)}
