"""How a page can end. Every discovered address gets exactly one of these (docs/guarantees.md)."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """What became of a page when it was last settled."""

    STORED = "stored"
    """A new story."""
    REVISED = "revised"
    """A story that we had, with a changed text: the older text is kept as a revision."""
    UNCHANGED = "unchanged"
    """Read again; the story is the same."""
    NOT_MODIFIED = "notModified"
    """The server said so (304); nothing was read."""
    LISTED = "listed"
    """A feed, sitemap or index page: its links were discovered."""
    ALIAS = "alias"
    """Another address of a page that has its own fate."""
    GONE = "gone"
    """404 or 410."""
    FORBIDDEN = "forbidden"
    """robots.txt forbids it, or cannot be read."""
    REFUSED = "refused"
    """Our own guard: a host, scheme or size that we never ask for."""
    NOT_ARTICLE = "notArticle"
    """A page without a story: an author's page, a topic, an advertisement."""
    PAYWALLED = "paywalled"
    """An article of which not even a first paragraph is to be read without paying."""
    EMPTY_SHELL = "emptyShell"
    """A page that a script would fill, and that has nothing to read without it."""
    DEFERRED = "deferred"
    """It needs a browser to be read, and there is none here: asked for again at its next turn."""
    CHALLENGE = "challenge"
    """The server asked for proof of a human, with whatever status."""
    FAILED = "failed"
    """Not to be had after all tries."""
    QUARANTINED = "quarantined"
    """Kept for a person: see `kliping quarantine list`."""
    TAKEN_DOWN = "takenDown"
    """Taken down by a person: never asked for again, and nothing of it is kept."""

    @property
    def is_story(self) -> bool:
        """True where the page was read as an article."""
        return self in {Fate.STORED, Fate.REVISED, Fate.UNCHANGED}

    @property
    def was_had(self) -> bool:
        """True where the site gave what was asked for."""
        return self.is_story or self in {Fate.NOT_MODIFIED, Fate.LISTED}

    @property
    def is_error(self) -> bool:
        """True where somebody should look; the exit code of a crawl tells."""
        return self in {Fate.FAILED, Fate.QUARANTINED}
