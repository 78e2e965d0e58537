"""Who may be asked, in every spelling of who may not (SECURITY.md, who is asked)."""

from __future__ import annotations

import pytest
from scrapy import Request

from crawler.middlewares.guard import GuardMiddleware, check_address
from crawler.outcome import NotNow, Refused
from crawler.sites.registry import SITES
from tests.making import lease

OTHER_SCHEMES = [
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://en.tempo.co/x",
    "s3://bucket/x",
    "javascript:alert(1)",
    "gopher://en.tempo.co/",
    "ws://en.tempo.co/",
    "view-source:https://en.tempo.co/",
    "//en.tempo.co/x",
    "en.tempo.co/x",
    "",
]
PRIVATE = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[fe80::1%25eth0]",
    "[fd00::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "metadata.google.internal",
    "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "127\u30020\u30020\u30021",
    "127.0.0.1.nip.io",
]
STRANGERS = [
    "example.org",
    "tempo.co.example.org",
    "en.tempo.co.evil.example",
    "eviltempo.co",
    "evil-tempo.co",
    "xen.tempo.co",
    "unknown.tempo.co",
    "en\u3002tempo\u3002co.example.org",
    "en.tempo.co\\.example.org",
    "t\u0435mpo.co",  # a Cyrillic letter
    "suarakita.net.example.org",
    "notsuarakita.net",
    "en.tempo.co.",  # ours, by a name that would have a pace of its own
    "",
    ".",
]
ODD_PORTS = [":22", ":8080", ":6379", ":27017", ":0", ":65535", ":99999", ":-1", ":x", ":443x", ":80:443"]
SPELLINGS_OF_OURS = [
    "https://en.tempo.co/read/1/x",
    "http://en.tempo.co/",
    "https://en.tempo.co:443/",
    "http://en.tempo.co:80/",
    "https://EN.TEMPO.CO/",
    "https://en.tempo.co",
    "https://suarakita.net/?a=https://example.org/",
    "https://en.tempo.co/@example.org/",
]


@pytest.mark.parametrize("url", SPELLINGS_OF_OURS)
def test_our_sites_may_be_asked(url: str):
    check_address(url)


@pytest.mark.parametrize("name", SITES)
def test_every_site_may_be_asked_where_it_lives(name: str):
    check_address(SITES[name].home)
    for seed in SITES[name].seeds(None):
        check_address(seed)


@pytest.mark.parametrize("url", OTHER_SCHEMES, ids=repr)
def test_no_other_scheme(url: str):
    with pytest.raises(Refused):
        check_address(url)


@pytest.mark.parametrize("host", PRIVATE + STRANGERS, ids=repr)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_other_host_in_any_spelling(scheme: str, host: str):
    for url in (f"{scheme}://{host}/", f"{scheme}://{host}:80/x", f"{scheme}://{host}"):
        with pytest.raises(Refused):
            check_address(url)


@pytest.mark.parametrize("port", ODD_PORTS)
def test_no_odd_port(port: str):
    with pytest.raises(Refused):
        check_address(f"https://en.tempo.co{port}/")


@pytest.mark.parametrize(
    "userinfo", ["me@", "me:secret@", ":secret@", "@", "en.tempo.co@", "127.0.0.1@", "en.tempo.co:443@"]
)
@pytest.mark.parametrize("host", ["en.tempo.co", "127.0.0.1", "example.org"])
def test_no_user_name(userinfo: str, host: str):
    with pytest.raises(Refused):
        check_address(f"https://{userinfo}{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        "http://]",
        "http://[::1",
        "https://en.tempo.co#@127.0.0.1",
        "https://127.0.0.1#@en.tempo.co/",
        "https://127.0.0.1?@en.tempo.co/",
        "https://127.0.0.1\\@en.tempo.co/",
        "https://en.tempo.co\\@127.0.0.1/",
        "https://en.tempo.co\t.example.org/",
        "https://en.tempo.co\n.example.org/",
        " https://example.org/en.tempo.co",
    ],
    ids=repr,
)
def test_no_address_that_two_parsers_read_in_two_ways_leads_elsewhere(url: str):
    if url == "https://en.tempo.co#@127.0.0.1":
        check_address(url)  # a fragment, which is never sent
        return
    with pytest.raises(Refused):
        check_address(url)


# -- as a middleware --------------------------------------------------------------------------------------------


def request(url: str = "https://en.tempo.co/read/1/x", *, leased: bool = True) -> Request:
    return Request(url, meta={"lease": lease()} if leased else {})


def guard(*, left: float = 60) -> GuardMiddleware:
    """Every lease has so many seconds left."""
    return GuardMiddleware(lambda _: left)


def test_a_request_under_a_live_lease_passes():
    assert guard().process_request(request()) is None
    assert guard(left=0).process_request(request(leased=False)) is None  # robots.txt has no lease


@pytest.mark.parametrize("left", [-1.0, 0.0, 1.0])
def test_a_request_whose_lease_runs_out_waits_for_another(left: float):
    with pytest.raises(NotNow, match="lease"):
        guard(left=left).process_request(request())


def test_a_redirect_is_looked_at_like_a_request():
    with pytest.raises(Refused):
        guard().process_request(request("http://169.254.169.254/latest"))
