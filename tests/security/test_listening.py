"""Line 1: nobody listens during a crawl, and the console listens to this machine only unless told otherwise."""

from __future__ import annotations

import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from crawler import settings as scrapy
from stories.settings import Settings
from tests.console.conftest import kliping
from tests.crawler import crawling
from tests.crawler.crawling import Answer, Asked, serving
from tests.crawler.shells import Site
from tests.crawler.test_browser_kills import PATIENCE, begun, until
from tests.e2e.house import children
from tests.security.house import Console, hostile_console
from tests.security.paper import address, article
from workers.stores import Stores

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
_LISTEN = "0A"  # proc_net(5), TCP_LISTEN of the kernel


def listening(pid: int) -> list[str]:
    """The sockets of a process on which it waits for others: `address:port` as the kernel writes them."""
    own = set(open_sockets(pid))
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            waits = words[3] == _LISTEN or (table.startswith("udp") and words[2].endswith(":0000"))
            if waits and f"socket:[{words[9]}]" in own:
                found.append(f"{table} {words[1]}")
    return found


def open_sockets(pid: int) -> list[str]:
    """As `socket:[inode]`."""
    names = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            names.append(link.readlink().name)
    return [name for name in names if name.startswith("socket:")]


def test_a_socket_that_listens_would_be_seen():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert listening(_own_pid()) == [f"tcp 0100007F:{server.getsockname()[1]:04X}"]
    assert listening(_own_pid()) == []


def _own_pid() -> int:
    return int(Path("/proc/self").readlink().name)


def test_nobody_listens_while_a_crawl_goes_on(stores: Stores):
    """In the middle of it: pages are being asked for, and handed over."""
    reached, go_on = Event(), Event()

    def answer(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(headers={"Content-Type": "text/plain"})
        if asked.path == "/read/9/a-story":
            reached.set()
            go_on.wait(30)
        return Answer(body=article(int(asked.path.split("/")[2])))

    with serving(answer) as served:
        order = crawling.order_of([address(number) for number in range(1, 10)])
        process = crawling.crawler(order, crawling.settings_of(stores, served))
        assert reached.wait(40)
        seen = []
        for _ in range(10):
            seen += listening(process.pid)
            time.sleep(0.05)
        go_on.set()
        _, said = process.communicate(timeout=40)
    assert seen == []
    assert process.returncode == 0, said
    assert len(crawling.pages(stores)) == 9


def test_nor_do_the_browser_and_its_driver(stores: Stores):
    """While a page is in it: of all that the crawler has started, nobody."""
    with begun(stores, Site({}, row_delay=1.0), range(1, 4), browser_pages=1) as (process, _):
        until(lambda: any("--type=renderer" in command for _, command in children(process.pid)), limit=PATIENCE)
        seen = []
        for _ in range(10):
            for pid, command in children(process.pid):
                with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                    seen += [(command, one) for one in listening(pid)]
            time.sleep(0.05)
        assert process.poll() is None, "in the middle of it"
    assert seen == []


def test_scrapys_own_doors_are_shut():
    assert scrapy.TELNETCONSOLE_ENABLED is False
    assert scrapy.REMOTE_CONTROL_ENABLED is False


def test_the_console_listens_to_this_machine_only(console: Console):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", console.port), timeout=2)
    socket.create_connection(("127.0.0.1", console.port), timeout=2).close()


def test_unless_told_otherwise(hostile: Settings):
    with hostile_console(hostile, "--host", "127.0.0.2") as elsewhere:
        socket.create_connection(("127.0.0.2", elsewhere.port), timeout=2).close()


@pytest.mark.parametrize("part", [("worker", "crawl"), ("scheduler",)])
def test_no_other_part_listens(hostile: Settings, part: tuple[str, ...]):
    process = kliping(hostile, *part)
    try:
        until_it_is_at_work(process.pid)
        assert listening(process.pid) == []
        assert process.poll() is None
    finally:
        process.terminate()
        process.communicate(timeout=60)


def until_it_is_at_work(pid: int) -> None:
    """It has connected to its servers."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if len(open_sockets(pid)) >= 2:
            return
        time.sleep(0.05)
    raise AssertionError("it did not begin")
