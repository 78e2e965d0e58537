"""A newspaper that changes while it is crawled, and what must have come of each of its pages when all is calm again.

Some stories are gone, some are broken (nobody can read an article there: quarantine), some are removed and some edited
in mid-run. The oracle is the newspaper's own log: the text that must be stored is the one of the last answer.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from console.workplace import Workplace
from crawler.follow import key_of
from replica.process import ReplicaProcess
from replica.world import World
from stories.fate import Fate
from stories.mongo import Document
from stories.pages import SETTLED

SITES = ("tempo-en", "tempo-id")
BROKEN = 6
REMOVED = 6
EDITED = 0.3
"""Share of all stories."""
SLOW = 0.05
"""Seconds an answer takes in the storm, so that there is something to kill."""
_ON_ITS_WAY = 2.0
"""Seconds after its arrival until an answer is made up, at the longest: on a busy machine its timer is late."""
READ = {fate.value for fate in Fate if fate.is_story} | {Fate.NOT_MODIFIED.value}


class Change(NamedTuple):
    """When the newspaper changed: somewhere between two moments of the replica's clock."""

    began: float
    ended: float

    def is_before(self, arrived: float) -> bool | None:
        """Whether a request that came then was answered afterwards; None: who knows."""
        if arrived > self.ended:
            return True
        return False if arrived + _ON_ITS_WAY < self.began else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of it. All three are to be empty."""

    lost: list[str]
    """Expected fates that are missing, and wrong ones."""
    duplicated: list[str]
    """Stored twice, or an older text over a newer one."""
    stuck: list[str]
    """Still open."""

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.duplicated or self.stuck)

    def counts(self) -> dict[str, int]:
        """As a tally takes it."""
        return {"lost": len(self.lost), "duplicated": len(self.duplicated), "stuck": len(self.stuck)}


class Newspaper:
    """The replica's process, and the same world here, in each of its versions."""

    def __init__(self, replica: ReplicaProcess, chance: random.Random) -> None:
        self.replica = replica
        self.before = replica.mirror()
        self._versions: list[tuple[Change, World]] = [(Change(0, 0), self.before)]
        self._chance = chance
        self.broken = set(self._some(BROKEN))
        self.removed: set[str] = set()
        for url in self.broken:
            replica.spoil(url)
        replica.delay(SLOW)

    def _some(self, count: int) -> list[str]:
        urls = [url for site in SITES for url in self.before.article_urls(site)]
        return self._chance.sample(urls, count)

    def asked(self) -> int:
        """For how many pages, so far."""
        return int(self.replica.stats()["requests"])

    def hurry(self) -> None:
        """The storm is over: no answer waits any more."""
        self.replica.delay(0)

    @property
    def world(self) -> World:
        """As it is now."""
        return self._versions[-1][1]

    @property
    def has_changed(self) -> bool:
        return len(self._versions) > 1

    def change(self) -> None:
        """Edit a share of the stories; the first time, remove some too."""
        new = set() if self.has_changed else set(self._some(REMOVED)) - self.broken
        self.removed |= new
        edits = range(1, len(self._versions) + 1)
        world = self.replica.mirror()
        for edit in edits:
            world.edit(EDITED, edit)
        for url in self.removed:
            world.remove(url)
        began = time.time()
        self.replica.edit(EDITED, edits[-1])
        for url in new:
            self.replica.remove(url)
        self._versions.append((Change(began, time.time()), world))

    def _at(self, arrived: float) -> list[World]:
        """The versions of which an answer can be that was asked for then: one, or two around a change."""
        ends = [change for change, _ in self._versions[1:]]
        return [
            world
            for (begin, world), end in zip_longest(self._versions, ends)
            if begin.is_before(arrived) is not False and (end is None or end.is_before(arrived) is not True)
        ]

    # -- what must have come of it ----------------------------------------------------------------------------

    def verdict(self, place: Workplace, sites: Iterable[str]) -> Verdict:
        """On all pages of the sites that were crawled."""
        sites = sorted(sites)
        pages = {page["_id"]: page for page in place.stores.database["pages"].find()}
        stories = {story["_id"]: story for story in place.stores.database["stories"].find()}
        return Verdict(
            lost=[*self._lost(sites, pages, stories), *self._wrongly_kept(sites, place)],
            duplicated=[*self._older(pages, stories), *_twice(stories), *self._revised_in_vain(place)],
            stuck=[f"{page['_id']}: {page['state']}" for page in pages.values() if page["state"] != SETTLED],
        )

    def _last_answers(self) -> dict[str, tuple[float, int]]:
        """By address: when it was last asked for, and the status."""
        return {f"https://{e['host']}{e['path']}": (e["time"], e["status"]) for e in self.replica.log()}

    def _lost(
        self, sites: Sequence[str], pages: Mapping[str, Document], stories: Mapping[str, Document]
    ) -> Iterator[str]:
        answers = self._last_answers()
        for site in sites:
            for url in self.before.article_urls(site):
                key, status = key_of(url) or url, answers.get(url, (0, 0))[1]
                fate = pages.get(key, {}).get("fate")
                is_gone = url in self.removed and status == 404
                expected = {"quarantined"} if url in self.broken else {"gone"} if is_gone else READ
                if fate not in expected:
                    yield f"{key}: {fate}, not {sorted(expected)}; last answer {status}; {_told(pages.get(key))}"
                elif fate in READ and key not in stories:
                    yield f"{key}: {fate}, and no story"
            for url in self.before.gone_urls(site):
                page = pages.get(key_of(url) or url)
                if page is not None and page.get("fate") != "gone":
                    yield f"{page['_id']}: {page.get('fate')}, not gone; {_told(page)}"

    def _wrongly_kept(self, sites: Sequence[str], place: Workplace) -> Iterator[str]:
        kept = {entry["page"] for entry in place.stores.quarantine.newest(limit=1000)}
        wanted = {key_of(url) for site in sites for url in self.before.article_urls(site) if url in self.broken}
        yield from (f"{key}: in quarantine" for key in kept - wanted)
        yield from (f"{key}: not in quarantine" for key in wanted - kept)

    def _older(self, pages: Mapping[str, Document], stories: Mapping[str, Document]) -> Iterator[str]:
        """The text is that of the last answer. Where another address leads, an answer may have been its only."""
        elsewhere = {page.get("fateReason") for page in pages.values() if page.get("fate") == Fate.ALIAS.value}
        for url, (arrived, _) in self._last_answers().items():
            story = stories.get(key_of(url) or url)
            if story is None or url != story["canonicalUrl"] or url in self.removed | self.broken | elsewhere:
                continue
            if story["articleBody"] not in _bodies(url, self._at(arrived)):
                yield f"{story['_id']}: not the text of its last answer; {_told(pages.get(story['_id']))}"

    def _revised_in_vain(self, place: Workplace) -> Iterator[str]:
        """A revision is a text that was there before, and is kept once."""
        revisions = list(place.stores.database["revisions"].find())
        for (key, _), count in Counter((revision["key"], revision["articleBody"]) for revision in revisions).items():
            if count > 1:
                yield f"{key}: the same revision {count} times"
        earlier = [world for _, world in self._versions[:-1]]
        before = {key_of(url): url for site in SITES for url in self.before.article_urls(site)}
        for revision in revisions:
            url = before[revision["key"]]
            if revision["articleBody"] not in _bodies(url, earlier):
                yield f"{revision['key']}: a revision that never was its text"


def _bodies(url: str, worlds: Sequence[World]) -> list[str]:
    return [truth["articleBody"] for truth in (world.truth(url) for world in worlds) if truth]


def _twice(stories: Mapping[str, Document]) -> Iterator[str]:
    counts = Counter(story["canonicalUrl"] for story in stories.values())
    yield from (f"{url}: {count} stories" for url, count in counts.items() if count > 1)


def _told(page: Document | None) -> str:
    """The last steps of a page's way."""
    if page is None:
        return "never found"
    return " > ".join(f"{e['at']:%H:%M:%S} {e['what']} {e['by'] or ''} {e['why'] or ''}" for e in page["events"][-8:])


@contextmanager
def newspaper(*, stories: int, chance: random.Random) -> Iterator[Newspaper]:
    with ReplicaProcess(stories=stories, seed=chance.randrange(1, 1_000_000)) as replica:
        yield Newspaper(replica, chance)
