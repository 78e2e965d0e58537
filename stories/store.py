"""Save stories: as often as one likes, in whatever order, with one result.

A story is one document, its key the article's. An older reading never overwrites a newer one; a changed text leaves
the text before as a revision; an edge of the related-news graph stands once, with when it was first and last seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from stories.article import Article
from stories.codec import SCHEMA_VERSION, article_to_bson
from stories.edges import edge_update, edges_of
from stories.fate import Fate
from stories.identity import NEAR_DUPLICATE_BITS, bands, content_digest, fingerprint, similarity
from stories.mongo import Document, Stories, only_duplicates
from stories.search import LANGUAGES, terms
from stories.takedown import Takedowns

_ARTICLE_PARTS: Final = ("headline", "articleBody", "description", "datePublished", "dateModified", "dateDownloaded")
_SOME_TEXT: Final = " ".join(map(str, range(100)))  # long enough for a fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article with what we know besides."""

    article: Article
    enrichment: Mapping[str, Any] = field(default_factory=dict)
    link_keys: Sequence[str | None] = ()
    """The keys that `article.related_links` point to, in their order; None where an address has none."""
    is_based_on_key: str | None = None
    aliases: Sequence[str] = ()
    """Further addresses that led to it."""
    run: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    fate: Fate
    """STORED, REVISED or UNCHANGED; TAKEN_DOWN where a person did that: then nothing was stored."""
    digest: str


class Store:
    """The collections `stories`, `revisions` and `links`."""

    def __init__(self, database: Stories) -> None:
        self._stories = database["stories"]
        self._revisions = database["revisions"]
        self._links = database["links"]
        self._takedowns = Takedowns(database)

    def save(self, stories: Sequence[Story], *, now: datetime) -> dict[str, Saved]:
        """Write a batch; when this returns, a majority has it. `now` is when it is stored (MongoDB's clock).

        Nothing is stored of what was taken down, be it in this moment: we look before, and once more after.
        """
        taken = self._takedowns.keys()
        allowed = [_without_cards_to(taken, story) for story in stories if story.article.key not in taken]
        saved = self._save(allowed, now=now)
        self._takedowns.purge_new(taken)
        refused = {story.article.key for story in stories} & taken
        return saved | {key: Saved(fate=Fate.TAKEN_DOWN, digest="") for key in refused}

    def _save(self, stories: Sequence[Story], *, now: datetime) -> dict[str, Saved]:
        if not stories:
            return {}
        newest = {story.article.key: story for story in sorted(stories, key=lambda s: s.article.date_downloaded)}
        before = self._known(list(newest))
        documents = {key: _document(story) for key, story in newest.items()}
        fates = {key: _told_fate(document, before.get(key)) for key, document in documents.items()}
        for key, fate in fates.items():
            _sign(documents[key], fate)
        self._keep_revisions(documents, before, now)
        self._note_near_duplicates(documents, before)
        late = self._write(documents, _addresses(stories), before, now)
        written = [story for key, story in newest.items() if key not in late]
        self._connect_republished(written)
        fresh = {key for key in newest if not _updates(documents[key], before.get(key))}
        self._write_links(written, now, fresh=fresh)
        saved = {
            story.article.key: Saved(fate=fates[story.article.key], digest=documents[story.article.key]["digest"])
            for story in written
        }
        return saved | self._save([story for story in stories if story.article.key in late], now=now)

    def _known(self, keys: Sequence[str]) -> dict[str, Document]:
        wanted = dict.fromkeys((*_ARTICLE_PARTS, "digest", "run", "runFate"), 1)
        return {story["_id"]: story for story in self._stories.find({"_id": {"$in": keys}}, wanted)}

    def _keep_revisions(self, documents: Mapping[str, Document], before: Mapping[str, Document], now: datetime) -> None:
        """The text before, under a name that the same change always gets, so that doing it twice keeps it once."""
        kept = [
            ReplaceOne({"_id": f"{key}@{old['digest']}"}, _revision(key, old, now), upsert=True)
            for key, old in before.items()
            if _fate(documents[key], old) is Fate.REVISED
        ]
        if kept:
            self._revisions.bulk_write(kept, ordered=False)

    def _note_near_duplicates(self, documents: Mapping[str, Document], before: Mapping[str, Document]) -> None:
        """Mark new stories whose text another story almost has: recorded with method and score, never dropped."""
        new = {
            key: d for key, d in documents.items() if d["fingerprint"] is not None and _is_new_text(d, before.get(key))
        }
        wanted = sorted({band for document in new.values() for band in document["bands"]})
        if not wanted:
            return
        others = list(self._stories.find({"bands": {"$in": wanted}}, {"fingerprint": 1, "bands": 1}))
        pool = others + [{"_id": key, **{f: d[f] for f in ("fingerprint", "bands")}} for key, d in new.items()]
        by_band: dict[int, list[Document]] = {}
        for other in pool:
            for band in other["bands"]:
                by_band.setdefault(band, []).append(other)
        for key, document in new.items():
            document["nearDuplicateOf"] = _nearest(key, document, by_band)

    def _write(
        self,
        documents: Mapping[str, Document],
        addresses: Mapping[str, set[str]],
        before: Mapping[str, Document],
        now: datetime,
    ) -> set[str]:
        """Gives the keys of stories that somebody else has written since we looked: these are not written."""
        writes = [_write_of(document, addresses[key], before.get(key), now) for key, document in documents.items()]
        try:
            self._stories.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise
            keys = list(documents)
            refused = {keys[e["index"]] for e in error.details["writeErrors"]}
            older = {key for key in refused & before.keys() if not _updates(documents[key], before[key])}
            # The newer reading stays, with the addresses of both.
            more = [UpdateOne({"_id": key}, {"$addToSet": _each_address(addresses[key])}) for key in older]
            if more:
                self._stories.bulk_write(more, ordered=False)
            return refused - older
        return set()

    def _connect_republished(self, stories: Iterable[Story]) -> None:
        """An original lists who republished it, whichever of the two came first."""
        stories = list(stories)
        copies = [(s.is_based_on_key, s.article.key) for s in stories if s.is_based_on_key]
        originals = [s.article.key for s in stories]
        earlier = self._stories.find({"isBasedOnKey": {"$in": originals}}, {"isBasedOnKey": 1})
        copies += [(copy["isBasedOnKey"], copy["_id"]) for copy in earlier]
        writes = [UpdateOne({"_id": original}, {"$addToSet": {"republishedBy": copy}}) for original, copy in copies]
        if writes:
            self._stories.bulk_write(writes, ordered=False)

    def _write_links(self, stories: Iterable[Story], now: datetime, *, fresh: set[str]) -> None:
        edges = [edge for story in stories for edge in edges_of(story.article, story.link_keys, now)]
        # A new story's edges are new (to insert is a third of the cost of to upsert); an older reading's must not
        # overwrite a newer one's.
        inserts = [InsertOne(edge) for edge in edges if edge["from"] in fresh]
        self._ignoring_known(inserts)
        updates = [edge_update(edge) for edge in edges if edge["from"] not in fresh]
        if updates:
            self._links.bulk_write(updates, ordered=False)

    def _ignoring_known(self, inserts: Sequence[InsertOne[Document]]) -> None:
        if not inserts:
            return
        try:
            self._links.bulk_write(list(inserts), ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise


def warm_up() -> None:
    """Load what the first story would load, as long as the work on thirty takes: a process's children have it then."""
    fingerprint(_SOME_TEXT)
    for language in LANGUAGES:
        terms(_SOME_TEXT, language)


def _without_cards_to(keys: frozenset[str], story: Story) -> Story:
    """The story without what its page shows of those."""
    if keys.isdisjoint(story.link_keys):
        return story
    cards = zip(story.article.related_links, story.link_keys, strict=True)
    kept = [(link, key) for link, key in cards if key not in keys]
    article = replace(story.article, related_links=tuple(link for link, _ in kept))
    return replace(story, article=article, link_keys=[key for _, key in kept])


def _document(story: Story) -> Document:
    article = story.article
    mark = fingerprint(article.article_body)
    document = article_to_bson(article) | {
        "_id": article.key,
        "schemaVersion": SCHEMA_VERSION,
        "enrichment": dict(story.enrichment),
        "digest": content_digest(article),
        # BSON integers are signed: the same 64 bits, read as such.
        "fingerprint": mark if mark is None else mark - (1 << 64) if mark >> 63 else mark,
        "bands": [] if mark is None else bands(mark),
        "terms": terms(f"{article.headline}\n{article.article_body}", article.in_language),
        "headlineTerms": terms(article.headline, article.in_language),
        "run": story.run,
    }
    if story.is_based_on_key:
        document["isBasedOnKey"] = story.is_based_on_key
    return document


def _fate(document: Document, old: Document | None) -> Fate:
    if old is None:
        return Fate.STORED
    changed = document["digest"] != old["digest"]
    return Fate.REVISED if changed and _updates(document, old) else Fate.UNCHANGED


def _sign(document: Document, fate: Fate) -> None:
    """A story names the run that gave it its text, and what that run did."""
    if fate is Fate.UNCHANGED:
        del document["run"]
    else:
        document["runFate"] = fate.value


def _told_fate(document: Document, old: Document | None) -> Fate:
    """What the run is told. A try that died after saving is repeated; it still stored, or revised, in this run."""
    fate = _fate(document, old)
    if fate is Fate.UNCHANGED and old and document["run"] is not None and old.get("run") == document["run"]:
        return Fate(old["runFate"])
    return fate


def _updates(document: Document, old: Document | None) -> bool:
    """True if it is a later reading of a story that we have."""
    return old is not None and bool(document["dateDownloaded"] >= old["dateDownloaded"])


def _is_new_text(document: Document, old: Document | None) -> bool:
    return _fate(document, old) is not Fate.UNCHANGED


def _revision(key: str, old: Document, now: datetime) -> Document:
    return {"key": key, "digest": old["digest"], "replacedAt": now} | {part: old.get(part) for part in _ARTICLE_PARTS}


def _addresses(stories: Iterable[Story]) -> dict[str, set[str]]:
    """By key, all that led to a story, older readings' too."""
    addresses: dict[str, set[str]] = {}
    for story in stories:
        known = {story.article.url, story.article.canonical_url, *story.aliases}
        addresses[story.article.key] = addresses.get(story.article.key, set()) | known
    return addresses


def _each_address(addresses: Iterable[str]) -> Document:
    return {"addresses": {"$each": sorted(addresses)}}


def _write_of(
    document: Document, addresses: Iterable[str], old: Document | None, now: datetime
) -> InsertOne[Document] | UpdateOne:
    if old is None:  # to insert is cheaper than to upsert
        return InsertOne(document | {"addresses": sorted(addresses), "firstStoredAt": now, "updatedAt": now})
    changed = {"updatedAt": now} if _is_new_text(document, old) else {}
    as_known = {"digest": old["digest"]}  # else the text that this one replaces would be no revision
    return UpdateOne(
        {"_id": document["_id"], "dateDownloaded": {"$lte": document["dateDownloaded"]}} | as_known,
        {
            "$set": {name: value for name, value in document.items() if name != "_id"} | changed,
            "$setOnInsert": {"firstStoredAt": now},
            "$addToSet": _each_address(addresses),
        },
        upsert=True,
    )


def _nearest(key: str, document: Document, by_band: Mapping[int, Sequence[Document]]) -> Document | None:
    mark = document["fingerprint"]
    candidates = {o["_id"]: o for band in document["bands"] for o in by_band[band] if o["_id"] != key}
    close = [(_distance(mark, o["fingerprint"]), o["_id"]) for o in candidates.values() if o["fingerprint"] is not None]
    close = [pair for pair in close if pair[0] <= NEAR_DUPLICATE_BITS]
    if not close:
        return None
    distance, other = min(close)
    return {"key": other, "method": "simhash64", "score": round(1 - distance / 64, 4)}


def _distance(a: int, b: int) -> int:
    return round((1 - similarity(a & (1 << 64) - 1, b & (1 << 64) - 1)) * 64)
