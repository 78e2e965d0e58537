"""`_payload.json`: the data behind a rubric of www, in the flat list of devalue, which Nuxt writes.

Each entry of the list is a value, and inside objects and lists stand positions in it, so that one article can be in two
boxes. Item names, and what is null, empty or a number, are those of the stored payload.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from replica.listed import Row
from replica.story import slug_of
from replica.times import WIB

_POPULAR: Final = slice(1, 4)  # of the latest articles, those that stand in another box too
_WORDS_A_STORY: Final = 300
_PUBLISHED: Final = "%Y-%m-%d %H:%M:%S"  # WIB, without a zone


def rubric_payload(items: Sequence[tuple[Row, str]], built: datetime) -> bytes:
    """Of articles, each with its access: FREE, FREEMIUM or VIP."""
    articles = [_item(row, access) for row, access in items]
    data = {
        "homepage-settings-trending-page-default": _answered("Homepage settings found", []),
        "rubric-content": {"latest": _answered("Rubric content found", articles)},
        "rubric-popular": _answered("Popular content found", articles[_POPULAR]),
    }
    return devalue({"data": ["ShallowReactive", data], "prerenderedAt": int(built.timestamp() * 1000)})


def _answered(message: str, data: Any) -> dict[str, Any]:
    return {"response_code": 200, "status": "Success", "message": message, "data": data}


def _item(row: Row, access: str) -> dict[str, Any]:
    story = row.story
    return {
        "id": story.number,
        "article_uuid": f"replica-{story.number:012}",
        "domain_id": 1,
        "sub_rubric_id": 10 + story.number % 7,
        "access": access,
        "content_category": "breaking news",
        "language": "ID",
        "tag_article_new": [slug_of(story.topic), slug_of(story.place)],
        "title_print": "",
        "title_digital": row.headline,
        "title_seo": "",
        "summary": [],
        "description": story.excerpt,
        "content": "",
        "is_active": True,
        "word_count": _WORDS_A_STORY,
        "canonical_url": row.path[1:],
        "feature_image": f"https://statik.tempo.co/data/id_{story.number}/{story.number}_720.jpg",
        "feature_image_caption": f"{story.place}. Dok. Replica",
        "published_at": f"{story.published.astimezone(WIB):{_PUBLISHED}}",
        "status": "published",
        "paragraphs": [],
    }


def devalue(value: Any) -> bytes:
    """`["ShallowReactive", x]` is a wrapper around x; equal texts and numbers, and the same object, stand once."""
    flat: list[Any] = []
    places: dict[tuple[str, Any], int] = {}
    _place(value, flat, places)
    return json.dumps(flat, ensure_ascii=False, separators=(",", ":")).encode()


def _place(value: Any, flat: list[Any], places: dict[tuple[str, Any], int]) -> int:
    known = (type(value).__name__, id(value) if isinstance(value, list | dict) else value)
    if known in places:
        return places[known]
    place = places[known] = len(flat)
    flat.append(value)
    if isinstance(value, dict):
        flat[place] = {name: _place(part, flat, places) for name, part in value.items()}
    elif isinstance(value, list) and value[:1] == ["ShallowReactive"]:
        flat[place] = [value[0], _place(value[1], flat, places)]
    elif isinstance(value, list):
        flat[place] = [_place(part, flat, places) for part in value]
    return place
