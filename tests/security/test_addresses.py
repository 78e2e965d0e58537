"""Lines 2 and 3: what is asked for, and what is connected to, whatever a page or a name server says."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import follow
from crawler.connection import ClosedAddressError, door, is_open
from crawler.middlewares.guard import check_address
from crawler.outcome import Refused
from stories.errors import UsageError
from stories.settings import Settings
from tests.crawler import crawling
from tests.crawler.crawling import Answer, serving
from tests.crawler.middlewares.test_guard import OTHER_SCHEMES, PRIVATE
from tests.security.paper import address, article, crawl_elsewhere, paper
from workers.stores import Stores

# -- what is asked for ------------------------------------------------------------------------------------------

INNER = [f"http://{host}/" for host in PRIVATE]
ODD = [
    "http://user:secret@en.tempo.co/read/9/x",
    "https://en.tempo.co:8443/read/9/x",
    "https://en.tempo.co:22/read/9/x",
]
NEVER = [*filter(None, OTHER_SCHEMES[:8]), *INNER, *ODD]


def everywhere(url: str) -> str:
    """The address in every place in which a page can name one."""
    return (
        f'<a href="{url}">read</a><img src="{url}" srcset="{url} 2x"><iframe src="{url}"></iframe>'
        f'<div class="text-post"><a href="{url}">Story 9 that others read</a></div>'
        f'<link rel="next" href="{url}"><link rel="amphtml" href="{url}"><script src="{url}"></script>'
        f'<meta property="og:image" content="{url}"><meta http-equiv="refresh" content="0;url={url}">'
    )


def test_a_page_that_names_them_in_every_place_gets_none_of_them(stores: Stores):
    """As link, image, canonical address and redirect; nothing is asked for but the pages themselves."""
    numbers = dict(enumerate(NEVER, start=100))
    pages: dict[str, Answer | str] = {}
    for number, url in numbers.items():
        pages[f"/read/{number}/a-story"] = article(number, canonical=url, head=everywhere(url), more=everywhere(url))
        sent = url.encode().decode("latin-1")  # a header's bytes
        moved = {"Location": sent, "Refresh": f"0;url={sent}", "Link": f"<{sent}>; rel=canonical"}
        pages[f"/read/{number + 500}/a-story"] = Answer(status=302, headers=moved)
    with listening() as (port, came):
        inner = f"http://127.0.0.1:{port}/"
        pages["/read/1/a-story"] = article(1, canonical=inner, head=everywhere(inner), more=everywhere(inner))
        pages["/read/2/a-story"] = Answer(status=301, headers={"Location": inner})
        pages["/read/3/a-story"] = article(3)
        asked = {1, 2, 3, *numbers, *(number + 500 for number in numbers)}
        with serving(paper(pages)) as served:
            order = crawling.order_of([address(number) for number in sorted(asked)], depth=3)
            code, said = crawling.crawl(order, crawling.settings_of(stores, served))
    assert came == []
    assert {one.host for one in served.asked} == {"en.tempo.co"}
    assert sorted(served.paths()) == sorted(f"/read/{number}/a-story" for number in asked), said
    known = crawling.pages(stores)
    assert {page["url"] for page in known.values()} == {address(number) for number in asked}
    redirected = [known[f"tempo-read:{number + 500}"] for number in numbers] + [known["tempo-read:2"]]
    assert {page.get("fate") for page in redirected} <= {"refused", "notArticle"}, said
    assert known["tempo-read:3"]["state"] == "handedOver"
    assert code == 0, said


@pytest.mark.parametrize("url", NEVER)
def test_no_such_address_is_followed_or_asked_for(url: str):
    assert follow.target_of(url) is None or check_refuses(url)


def check_refuses(url: str) -> bool:
    try:
        check_address(url)
    except Refused:
        return True
    return False


# -- what is connected to ---------------------------------------------------------------------------------------

CLOSED = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255", "100.100.100.200", "168.63.129.16"),
    *("192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.88.99.1"),
    *("224.0.0.1", "239.255.255.250", "233.252.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::1"),
    *("2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1", "2001:2::1", "2001:10::1"),
    *("127.1", "2130706433", "0x7f.1", "localhost", "", "8.8.8.8.", "8.8.8.8 "),
]
OPEN = ["8.8.8.8", "104.18.30.7", "172.32.0.1", "100.128.0.1", "169.253.0.1", "2606:4700::6812:1e07", "2404:6800::1"]


@pytest.mark.parametrize("numbers", CLOSED)
def test_a_closed_address_gets_no_socket(numbers: str):
    assert not is_open(numbers)
    family = socket.AF_INET6 if ":" in numbers else socket.AF_INET
    with pytest.raises(ClosedAddressError, match="no address of the open internet"):
        door(None)((family, socket.SOCK_STREAM, 6, "", (numbers, 443)))


@pytest.mark.parametrize("numbers", OPEN)
def test_an_address_of_the_open_internet_gets_one(numbers: str):
    family = socket.AF_INET6 if ":" in numbers else socket.AF_INET
    door(None)((family, socket.SOCK_STREAM, 6, "", (numbers, 443))).close()


@given(number=st.integers(0, 2**32 - 1))
def test_an_address_in_another_ones_clothes_is_closed(number: int):
    """Every IPv4 address as IPv6: mapped, translated (NAT64), by 6to4, compatible."""
    for prefix in ("::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "::"):
        assert not is_open(str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + number)))
    assert not is_open(str(ipaddress.IPv6Address((0x2002 << 112) + (number << 80))))


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine on which somebody notes who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, (host, *_) = server.accept()
                except OSError:
                    return
                connection.close()
                came.append(host)

        thread = Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_name_that_leads_into_this_machine_is_not_connected_to(stores: Stores):
    """The host is one of ours, the name server says 127.0.0.1. (For the second question only: test_tls.py.)"""
    with listening() as (port, came):
        said = crawl_elsewhere(stores, {"en.tempo.co": [("127.0.0.1", port)]})
        [page] = crawling.pages(stores).values()
    assert came == []
    assert "not connected: a host's name leads to 127.0.0.1" in said
    assert page["state"] == "due", "nothing is lost: it is asked for again when the name is well"
    assert page["attempts"] == 0


def test_behind_that_door_it_would_be_connected_to(stores: Stores):
    """The test above would see a connection if there were one."""
    with listening() as (port, came):
        crawl_elsewhere(stores, {"en.tempo.co": [("127.0.0.1", port)]}, "behind-the-door")
    assert set(came) == {"127.0.0.1"}


# -- the replica ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["http://8.8.8.8", "http://10.0.0.1:80", "http://replica.example", "http://127.0.0.1.nip.io", "http://0"]
)
def test_the_replica_is_on_this_machine(place: str):
    with pytest.raises(UsageError, match="on this machine"):
        Settings.load({"KLIPING_REPLICA": place})


def test_in_replica_mode_the_replica_is_connected_to_and_nobody_else():
    opens = door(urlsplit("http://localhost:8093"))
    for family, numbers in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        opens((family, socket.SOCK_STREAM, 6, "", (numbers, 8093))).close()
    for numbers, port in (("127.0.0.1", 27017), ("8.8.8.8", 8093), ("8.8.8.8", 443), ("10.0.0.1", 8093)):
        with pytest.raises(ClosedAddressError, match="no address of the replica"):
            opens((socket.AF_INET, socket.SOCK_STREAM, 6, "", (numbers, port)))
