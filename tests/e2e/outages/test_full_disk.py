"""F8: the disk of Redis, of MongoDB, or of the home is full. `kliping up` says so, and goes on when there is room."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pymongo.errors import PyMongoError

from console.workplace import Workplace, workplace
from stories.patience import patiently
from stories.settings import Settings, environment
from tests.e2e import house
from tests.e2e.outages.disk import Disk, disk
from tests.e2e.outages.ordeal import DRAINED, SITE, Paper, judged, printed, until_more
from tests.faults.record import Tally
from tests.waiting import wait_for
from workers.leash import die_with_parent

SIZES = {"valkey": 48, "mongo": 400, "": 48}
"""Megabytes, by the folder of the home that is a disk of its own; the last is the home itself."""
SLOWLY = 0.4
"""Seconds a page."""
CLEAN = 90.0
"""Seconds: what service managers wait before they kill (docs/operations.md)."""
TOLD = 60.0
"""Seconds until a person is told."""


@dataclass(slots=True, kw_only=True)
class House:
    """A `kliping up` and what it says, on three disks."""

    process: subprocess.Popen[bytes]
    said: Path
    home: Path
    settings: Settings
    disks: dict[str, Disk]

    def words(self, since: int = 0) -> str:
        return self.said.read_text(encoding="utf-8")[since:]

    def await_words(self, words: str, *, since: int = 0) -> None:
        def told() -> bool:
            assert self.process.poll() is None, self.words()
            return words in self.words(since)

        wait_for(told, words, limit=TOLD)


@contextmanager
def up(tmp_path: Path, paper: Paper) -> Iterator[House]:
    home, said = tmp_path / "home", tmp_path / "said"
    settings = replace(
        house.settings_for(Settings(home=home), paper.replica, concurrency=4, log_level="ERROR"),
        lease_seconds=Settings().lease_seconds,
    )
    with ExitStack() as stack:
        disks = {name: stack.enter_context(disk(home / name, megabytes=SIZES[name])) for name in sorted(SIZES)}
        with said.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "console.cli", "up", "--port", "0"],
                env=environment() | settings.as_variables(),
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - as in console/crew.py
            )
        try:
            running = House(process=process, said=said, home=home, settings=settings, disks=disks)
            running.await_words("kliping is up")
            yield running
            process.terminate()
            assert process.wait(CLEAN) == 0, running.words()
        finally:
            process.kill()
            process.wait()


def fill_a_servers(name: str, running: House, place: Workplace) -> None:
    """The server ends, for what it cannot write it may not acknowledge; `up` says why, and starts it in time."""
    since = len(running.words())
    running.disks[name].fill()
    if name == "mongo":
        with suppress(PyMongoError):  # it ends of it: a checkpoint, which else comes within a minute
            place.stores.database.client.admin.command("fsync")
    running.await_words(f"no space left on the disk of {running.home / name}. Make room", since=since)
    running.disks[name].make_room()
    running.await_words("ended; it is started again", since=since)
    patiently(place.stores.ledger.now)
    patiently(place.stores.queue.was_lost)


def fill_the_homes(running: House, place: Workplace) -> None:
    """A backup beside the data is refused and leaves nothing; with room it is whole.

    MongoDB may end here, too, for it cannot write its log.
    """
    running.disks[""].fill()
    refused = backup(running)
    assert refused.returncode == 3, refused
    assert "no space left" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
    assert list((running.home / "backups").iterdir()) == []
    running.disks[""].make_room()
    patiently(place.stores.ledger.now)
    assert backup(running).returncode == 0
    (written,) = (running.home / "backups").iterdir()
    assert command(running, "restore", str(written), "--dry-run").returncode == 0
    written.unlink()


def backup(running: House) -> subprocess.CompletedProcess[str]:
    folder = running.home / "backups"
    folder.mkdir(exist_ok=True)
    return command(running, "backup", str(folder))


def command(running: House, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "console.cli", *words],
        env=environment() | running.settings.as_variables(),
        capture_output=True,
        text=True,
        timeout=DRAINED,
        check=False,
    )


def go_through(running: House, place: Workplace, paper: Paper, names: list[str], chance: random.Random) -> None:
    """A crawl during which the servers' disks are full, each at a random size of the collection."""
    sizes = sorted(chance.sample(range(3, len(paper.expected) // 3), len(names)))
    waiting = list(zip(sizes, names, strict=True))
    stories = place.stores.database["stories"]
    run = house.order(place, SITE, paper.world).run

    def look() -> None:
        if waiting and stories.count_documents({}) >= waiting[0][0]:
            fill_a_servers(waiting.pop(0)[1], running, place)
            until_more(place, paper, run, sweeps=False)

    house.drain(place, [run], limit=DRAINED * (1 + len(names)), each_look=look, sweeps=False)
    assert not waiting, "the crawl ended before its disks were full"


def read_one_again(place: Workplace, paper: Paper) -> None:
    """All parts work, after the home's disk was full."""
    paper.replica.delay(0)
    url = next(iter(paper.world.article_urls(SITE)))
    run = house.order(place, SITE, paper.world, urls=(url,), since=None, until=None, depth=0, fresh=True).run
    house.drain(place, [run], limit=DRAINED, sweeps=False)
    assert place.stores.ledger.report(run).fates["unchanged"] > 0


@pytest.mark.fault("F8")
def test_a_disk_that_is_full(tmp_path: Path, tally: Tally, scale: Callable[..., int], seed: int) -> None:
    rounds, chance = scale(short=1, long=10), random.Random(seed)
    with printed(seed=seed) as paper:
        for number in range(rounds):
            with up(tmp_path / str(number), paper) as running, workplace(running.settings) as place:
                paper.replica.delay(SLOWLY)
                with judged(place, paper, tally, seed=seed):
                    go_through(running, place, paper, chance.sample(["valkey", "mongo"], 2), chance)
                    fill_the_homes(running, place)
                    read_one_again(place, paper)
    tally.add(trials=rounds * len(SIZES), seed=seed)
