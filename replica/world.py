"""A Tempo in a bottle: every page, and the truth of every article, computed from what it is made of.

    world = World(stories=600, seed=7, now=datetime(2026, 11, 5, 3, 0, tzinfo=UTC))
    world.page(world.story_url(0)).body
    world.truth(world.story_url(0))

Nothing is stored but what was edited, removed and spoilt, and pages that may be asked for again: a million stories cost
what ten do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, Final, Unpack
from urllib.parse import parse_qsl

from replica import republished
from replica.answers import Answer, Kind, Missing, Moved, Outcome, Reply, reply_to
from replica.antara import ANTARA
from replica.archive import generations
from replica.desk import sheet_of
from replica.editions import EDITIONS, EN, ID, Edition
from replica.hosts import archive, channels, english, indonesian, rss, suarakita
from replica.hosts.archive import Seen
from replica.hosts.common import number_in
from replica.listed import Listed, listing_truth
from replica.newspaper import Newspaper
from replica.newsroom import Made, Newsroom
from replica.republished import Copy
from replica.shelf import Shelf
from replica.story import Story
from replica.truth import article_truth, copy_truth, extra_truth

NEWSPAPERS: Final[tuple[Newspaper, ...]] = (ANTARA,)
"""Beside Tempo: a line each."""

_HOSTS: Final[Mapping[str, Callable[[Newsroom, str, Mapping[str, str]], Outcome]]] = {
    EN.host: english.answer,
    ID.host: indonesian.answer,
    "tempo.co": indonesian.answer_bare,
    republished.HOST: suarakita.answer,
    rss.HOST: rss.answer,
    **{host: channels.answer_of(host) for host in generations.HOSTS},
    **{host: answer for paper in NEWSPAPERS for host, answer in paper.answers.items()},
}
HOSTS: Final = tuple(_HOSTS)
GENERATIONS: Final = tuple(generations.BY_NAME)
SITES: Final = (EN.site, ID.site, republished.SITE)


class World:
    """`now` is where time stands still: aware, in UTC; stories appeared up to a few minutes before.

    With `opens` it stands there at first, and goes on to `now` as `advance` says: stories appear as it passes them.
    """

    def __init__(self, **made: Unpack[Made]) -> None:
        ends, opens = made["now"], made.get("opens")
        if made["stories"] < 1:
            raise ValueError(f"a world needs at least one story, not {made['stories']}")
        if ends.tzinfo is None or (opens and opens.tzinfo is None):
            raise ValueError("`now` must be aware, such as datetime.now(UTC)")
        made["now"], made["opens"] = _minute(ends), opens and _minute(opens)
        self._newsroom = Newsroom(**made)
        self._shelf = Shelf()

    @property
    def made(self) -> Made:
        return self._newsroom.made

    @property
    def stories(self) -> int:
        return self._newsroom.stories

    @property
    def now(self) -> datetime:
        return self._newsroom.now

    def page(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        """What the site answers. `headers` of the request: only the conditional ones matter."""
        lower = {name.lower(): value for name, value in headers.items()} if headers else {}
        return reply_to(self._outcome(url), lower, lambda answer: self._shelf.body(url, answer))

    def _outcome(self, url: str) -> Outcome:
        scheme, host, path, query = _parts(url)
        answer = _HOSTS.get(host)
        if answer is None:
            return Missing(Kind.UNKNOWN)
        if scheme == "http":
            return Moved(f"https://{url.partition('://')[2]}")
        return answer(self._newsroom, path, query)

    def truth(self, url: str) -> dict[str, Any] | None:
        """The article as JSON (docs/schema/article.json); None if no article stands at that address."""
        found = self._found(url)
        if isinstance(found, Copy):
            return copy_truth(found)
        if isinstance(found, Seen):
            return archive.truth(self._newsroom, found)
        if found is None:
            return None
        if paper := _newspaper_of(found):
            return paper.truth(self._newsroom, found)
        return article_truth(sheet_of(self._newsroom, found, self._newsroom.revision(found)))

    def extra_truth(self, url: str) -> dict[str, Any] | None:
        """agencies, relatedKeys, lineKeys, promoted, forbidden, inlined, listed; in the archive also parts."""
        found = self._found(url)
        if isinstance(found, Copy):
            return extra_truth(found.sheet, found.cards) | {"listed": True}
        if isinstance(found, Seen):
            return archive.extra_truth(self._newsroom, found)
        if found is None:
            return None
        if paper := _newspaper_of(found):
            return paper.extra_truth(self._newsroom, found)
        sheet = sheet_of(self._newsroom, found, self._newsroom.revision(found))
        return extra_truth(sheet, sheet.cards)

    def _found(self, url: str) -> Story | Seen | Copy | None:
        """What stands at exactly this address."""
        room = self._newsroom
        story = self._story_at(url)
        if story:
            return None if room.is_gone(story) else story
        number = self._copy_at(url)
        if number:
            return republished.copy_of(room, number) if number not in room.removed_copies else None
        elsewhere = (paper.seen_at(room, url) for paper in NEWSPAPERS)
        return archive.seen_at(room, url) or next(filter(None, elsewhere), None)

    def _story_at(self, url: str) -> Story | None:
        for edition in EDITIONS:
            story = self._numbered(edition, url)
            if story and story.url == url:
                return story
        return None

    def _numbered(self, edition: Edition, url: str) -> Story | None:
        parts = url.split("/")
        digits = parts[-1].rpartition("-")[2] if edition is ID else parts[-2] if len(parts) > 1 else ""
        number = number_in(digits)
        return self._newsroom.by_number(edition, number) if number else None

    def _copy_at(self, url: str) -> int | None:
        _, host, path, _ = _parts(url)
        number = suarakita.number_of(self._newsroom, path) if host == republished.HOST else None
        return number if number and republished.copy_url(self._newsroom, number) == url else None

    def listing_truth(self, url: str) -> list[dict[str, Any]] | None:
        """What stands on a listing, feed or sitemap, in its order; None where there is no such page.

        Of each article `key`, `url` (as linked there: some in a spelling that answers 301), `headline` (None where the
        page says none) and `datePublishedEarliest`, `datePublishedLatest` (None where it says no time of publication).
        Deleted stories are still listed. Where `needs_browser`, only a browser finds all this.
        """
        listed = self._listed(url)
        return listing_truth(listed) if listed else None

    def needs_browser(self, url: str) -> bool:
        """A listing on which plain HTTP finds nothing."""
        listed = self._listed(url)
        return listed is not None and listed.needs_script

    def rendered_listing_url(self, page: int = 1, script: str | None = None) -> str:
        """The listing that needs JavaScript; replica/pages/shell.py says what its `script` may be and does."""
        path = f"indeks/{script}" if script else "indeks"
        return f"https://{ID.host}/{path}?category=rubrik&page={page}&rubric_slug={indonesian.SCRIPTED}"

    def _listed(self, url: str) -> Listed | None:
        outcome = self._outcome(url)
        return outcome.listed if isinstance(outcome, Answer) else None

    def story_url(self, index: int) -> str:
        """Even indexes are English; 0 and 1 are the newest. Raises IndexError."""
        return self._newsroom.at_index(index).url

    def article_urls(self, site: str | None = None) -> Iterator[str]:
        """Every address where a present article stands, from the newest; `archive_urls` has the older ones.

        Of the sites in SITES, or of one, which may be another newspaper's (NEWSPAPERS).
        """
        sites = SITES if site is None else (site,)
        return chain.from_iterable(self._urls_of(name) for name in sites)

    def archive_urls(self, generation: str | None = None) -> Iterator[str]:
        """Every address where an older story stands: of one generation (`GENERATIONS` has the names), or of all."""
        stories = self._newsroom.archive.all(generation)
        return (story.url for story in stories if not self._newsroom.is_gone(story))

    def amp_urls(self) -> Iterator[str]:
        """The AMP pages of the archive: their truth has the key of the article that each stands for."""
        return archive.amp_urls(self._newsroom)

    def no_article_urls(self) -> dict[str, str]:
        """Addresses like an article's where none stands, and what becomes of such a page (stories/fate.py)."""
        return {story.url: fate for fate, story in self._newsroom.archive.none_of_them()}

    def counts(self) -> dict[str, int]:
        """How many articles each site has, without looking at them."""
        room = self._newsroom
        copies = republished.count(room) - len(room.removed_copies)
        return {e.site: len(room.serials(e)) - room.gone(e) for e in EDITIONS} | {republished.SITE: copies}

    @property
    def gone(self) -> int:
        """How many stories were deleted."""
        return sum(map(self._newsroom.gone, EDITIONS))

    def gone_urls(self, site: str | None = None) -> Iterator[str]:
        """Deleted stories; index pages and cards still lead there."""
        editions = [edition for edition in EDITIONS if site in {None, edition.site}]
        stories = chain.from_iterable(map(self._newsroom.edition_stories, editions))
        return (story.url for story in stories if self._newsroom.is_gone(story))

    def _urls_of(self, site: str) -> Iterator[str]:
        room = self._newsroom
        papers = {name: paper for paper in NEWSPAPERS for name in paper.sites}
        if site in papers:
            return papers[site].urls_of(room, site)
        if site == republished.SITE:
            numbers = range(1, republished.count(room) + 1)
            return (republished.copy_url(room, number) for number in numbers if number not in room.removed_copies)
        editions = {edition.site: edition for edition in EDITIONS}
        if site not in editions:
            raise ValueError(f"no site {site!r} here; there are {', '.join((*SITES, *papers))}")
        return (story.url for story in room.edition_stories(editions[site]) if not room.is_gone(story))

    def edit(self, share: float, seed: int, *, cosmetic: bool = False) -> None:
        """Changes a paragraph of a seeded share of all stories; if cosmetic, only a counter in a script."""
        if not 0 <= share <= 1:
            raise ValueError(f"a share is from 0 to 1, not {share}")
        self._newsroom.edit(share, seed, cosmetic=cosmetic)

    def advance(self, now: datetime) -> None:
        """It is later now. Raises ValueError for what is before now, or after the end of this world."""
        self._newsroom.advance(_minute(now))

    def remove(self, url: str) -> None:
        """The page answers 404 from now on. Raises LookupError where no article stands."""
        found = self._found(url)
        if found is None:
            raise LookupError(f"no article at {url}")
        if isinstance(found, Copy):
            self._newsroom.remove_copy(found.number)
        else:
            self._newsroom.remove(found.story if isinstance(found, Seen) else found)

    def spoil(self, url: str) -> None:
        """From now on the page's headline has no end: nobody can read an article there. Raises LookupError."""
        found = self._found(url)
        if not isinstance(found, Story) or found.edition not in EDITIONS:
            raise LookupError(f"no article of Tempo's own at {url}")
        self._newsroom.spoil(found)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _newspaper_of(story: Story) -> Newspaper | None:
    """None for a story of Tempo's."""
    return next((paper for paper in NEWSPAPERS if story.edition in paper.editions), None)


def _parts(url: str) -> tuple[str, str, str, dict[str, str]]:
    """Scheme, host, path, query; cheaper than urlsplit, and strict enough for a server that parsed the request line."""
    scheme, _, rest = url.partition("://")
    host, slash, rest = rest.partition("#")[0].partition("/")
    path, _, query = f"{slash}{rest}".partition("?")
    return scheme, host, path or "/", dict(parse_qsl(query)) if query else {}
