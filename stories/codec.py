"""Article <-> JSON <-> BSON. The JSON is the public format (docs/schema/article.json); BSON differs in its dates only.

SCHEMA_VERSION counts changes of the stored form. An older document or job is upgraded on reading, step by step
(UPGRADES), so that an old job meets a new worker without a KeyError; one newer than ours is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from stories.article import (
    Article,
    Author,
    Breadcrumb,
    Dateline,
    Image,
    RelatedLink,
    Relation,
    Role,
    Source,
    Window,
)
from stories.errors import QuarantineError
from stories.kinds import checked, entries

SCHEMA_VERSION: Final = 2

Document = dict[str, Any]
_Time = Callable[[datetime | None], Any]


def _with_provenance(batch: Document) -> Document:
    """Version 1 knew neither where a field was read, nor which cards were paid for: it left those out."""
    pages = [page | {"article": _article_with_provenance(page["article"])} for page in batch["pages"]]
    return batch | {"schemaVersion": 2, "pages": pages}


def _article_with_provenance(article: Document) -> Document:
    links = [{"isPromotional": False} | link for link in article["relatedLinks"]]
    return {"provenance": {}} | article | {"relatedLinks": links}


UPGRADES: Final[Mapping[int, Callable[[Document], Document]]] = {1: _with_provenance}
"""From a version of a batch to the next."""


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """The document in today's form. Raises QuarantineError for a version that we do not know."""
    version = document.get("schemaVersion")
    while isinstance(version, int) and version in UPGRADES:
        document = UPGRADES[version](document)
        version += 1
    if version != SCHEMA_VERSION:
        raise QuarantineError(
            f"schema version {version!r} is not known; this is {SCHEMA_VERSION}: update the older part"
        )
    return document


def instant_to_json(instant: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second: `2025-08-09T04:39:00Z`."""
    # Not strftime: its years before 1000 have three digits.
    return None if instant is None else f"{instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def instant_from_json(text: str | None) -> datetime | None:
    """Raises ValueError for what is no RFC 3339 time."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def to_json(value: Any) -> Any:
    """Any stored document as JSON: its dates as RFC 3339, its `_id` as it is."""
    if isinstance(value, Mapping):
        return {name: to_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    return instant_to_json(value) if isinstance(value, datetime) else value


def story_to_json(document: Mapping[str, Any]) -> Document:
    """A stored story as people get it: the article, then what we know besides (docs/schema/story.json)."""
    story: Document = _article_with_provenance(to_json(document))
    story.pop("_id")
    return {"nearDuplicateOf": None, "republishedBy": [], "isBasedOnKey": None} | story


def _as_date(instant: datetime | None) -> datetime | None:
    """BSON keeps milliseconds; ours have none, so that both forms say the same."""
    return None if instant is None else instant.astimezone(UTC).replace(microsecond=0)


def article_to_json(article: Article) -> Document:
    """The public form: what `kliping extract` prints and a job carries."""
    return _encode(article, instant_to_json)


def article_to_bson(article: Article) -> Document:
    """The stored form: as the public one, with BSON dates."""
    return _encode(article, _as_date)


def _encode(article: Article, time: _Time) -> Document:
    return {
        "key": article.key,
        "site": article.site,
        "pageVersion": article.page_version,
        "url": article.url,
        "canonicalUrl": article.canonical_url,
        "headline": article.headline,
        "description": article.description,
        "datePublished": time(article.date_published),
        "datePublishedRaw": article.date_published_raw,
        "dateSource": article.date_source and article.date_source.value,
        "dateModified": time(article.date_modified),
        "dateModifiedRaw": article.date_modified_raw,
        "dateline": article.dateline and {"publisher": article.dateline.publisher, "place": article.dateline.place},
        "authors": [{"name": a.name, "role": a.role.value, "url": a.url} for a in article.authors],
        "articleSection": article.article_section,
        "keywords": list(article.keywords),
        "inLanguage": article.in_language,
        "articleBody": article.article_body,
        "bodyComplete": article.body_complete,
        "isAccessibleForFree": article.is_accessible_for_free,
        "images": [{"url": i.url, "caption": i.caption, "credit": i.credit} for i in article.images],
        "breadcrumbs": [{"name": b.name, "url": b.url} for b in article.breadcrumbs],
        "relatedLinks": [_encode_link(link, time) for link in article.related_links],
        "isBasedOn": article.is_based_on,
        "viewCount": article.view_count,
        "provenance": {name: source.value for name, source in article.provenance.items()},
        "dateDownloaded": time(article.date_downloaded),
    }


def _encode_link(link: RelatedLink, time: _Time) -> Document:
    window = link.date_published
    return {
        "url": link.url,
        "headline": link.headline,
        "description": link.description,
        "relation": link.relation.value,
        "position": link.position,
        "datePublishedRaw": link.date_published_raw,
        "datePublishedEarliest": time(window.earliest if window else None),
        "datePublishedLatest": time(window.latest if window else None),
        "isPromotional": link.is_promotional,
    }


def article_from(document: Mapping[str, Any]) -> Article:
    """Either form back to the value. Raises QuarantineError where a field is missing or of the wrong kind."""
    try:
        return _decode(document)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise QuarantineError(f"not an article document: {type(error).__name__} {error}") from error


def _instant(value: str | datetime | None) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return instant_from_json(value)


def _known_instant(value: str | datetime) -> datetime:
    instant = _instant(value)
    if instant is None:
        raise ValueError("a time that must be known is null")
    return instant


def _decode(d: Mapping[str, Any]) -> Article:
    article = Article(
        key=d["key"],
        site=d["site"],
        page_version=d["pageVersion"],
        url=d["url"],
        canonical_url=d["canonicalUrl"],
        headline=d["headline"],
        description=d["description"],
        date_published=_instant(d["datePublished"]),
        date_published_raw=d["datePublishedRaw"],
        date_source=d["dateSource"] and Source(d["dateSource"]),
        date_modified=_instant(d["dateModified"]),
        date_modified_raw=d["dateModifiedRaw"],
        dateline=d["dateline"] and _decode_dateline(d["dateline"]),
        authors=tuple(map(_decode_author, entries(d["authors"]))),
        article_section=d["articleSection"],
        keywords=tuple(entries(d["keywords"])),
        in_language=d["inLanguage"],
        article_body=d["articleBody"],
        body_complete=d["bodyComplete"],
        is_accessible_for_free=d["isAccessibleForFree"],
        images=tuple(map(_decode_image, entries(d["images"]))),
        breadcrumbs=tuple(map(_decode_breadcrumb, entries(d["breadcrumbs"]))),
        related_links=tuple(map(_decode_link, entries(d["relatedLinks"]))),
        is_based_on=d["isBasedOn"],
        view_count=d["viewCount"],
        provenance={_field_name(name): Source(source) for name, source in d["provenance"].items()},
        date_downloaded=_known_instant(d["dateDownloaded"]),
    )
    return checked(article)


def _field_name(name: str) -> str:
    """Any word can be one, so that a newer version's are no error; but not what MongoDB takes for a path or refuses."""
    if not name.isidentifier():
        raise ValueError(f"{name!r} names no field")
    return name


def _decode_dateline(d: Mapping[str, Any]) -> Dateline:
    return checked(Dateline(publisher=d["publisher"], place=d["place"]))


def _decode_author(d: Mapping[str, Any]) -> Author:
    return checked(Author(name=d["name"], role=Role(d["role"]), url=d["url"]))


def _decode_image(d: Mapping[str, Any]) -> Image:
    return checked(Image(url=d["url"], caption=d["caption"], credit=d["credit"]))


def _decode_breadcrumb(d: Mapping[str, Any]) -> Breadcrumb:
    return checked(Breadcrumb(name=d["name"], url=d["url"]))


def _decode_link(d: Mapping[str, Any]) -> RelatedLink:
    earliest, latest = _instant(d["datePublishedEarliest"]), _instant(d["datePublishedLatest"])
    link = RelatedLink(
        url=d["url"],
        headline=d["headline"],
        description=d["description"],
        relation=Relation(d["relation"]),
        position=d["position"],
        date_published_raw=d["datePublishedRaw"],
        date_published=Window(earliest=earliest, latest=latest) if earliest and latest else None,
        is_promotional=d["isPromotional"],
    )
    return checked(link)
