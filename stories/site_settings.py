"""What a user sets for single sites: the tables `[sites.NAME]` of kliping.toml, or KLIPING_SITES as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

_NUMBERS: Final = {"delay": (int, float), "concurrency": (int,), "daily_pages": (int,), "hours": (str,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """Of one site; None: as for all."""

    site: str
    delay: float | None = None
    concurrency: int | None = None
    hours: str | None = None
    daily_pages: int | None = None

    def given(self) -> dict[str, Any]:
        """By the names of the settings that they stand above."""
        return {name: value for name, value in asdict(self).items() if value is not None and name != "site"}


def sites_of(value: object) -> tuple[SiteSettings, ...]:
    """From a table of tables or its JSON. Raises ValueError that says what is wrong."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"not JSON: {error}") from error
    if not isinstance(value, Mapping):
        raise ValueError('write it as {"SITE": {"delay": 2.0}}')  # noqa: TRY004 - one kind of error for wrong text
    return tuple(_site(str(name), table) for name, table in value.items())


def json_of(sites: tuple[SiteSettings, ...]) -> str:
    return json.dumps({site.site: site.given() for site in sites})


def _site(name: str, table: object) -> SiteSettings:
    if not isinstance(table, Mapping):
        raise ValueError(f"{name}: write a table of settings")  # noqa: TRY004 - as above
    known = [f.name for f in fields(SiteSettings) if f.name != "site"]
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"{name}: unknown setting {key!r}; known are {', '.join(known)}")
        if not isinstance(value, _NUMBERS[key]) or isinstance(value, bool):
            raise ValueError(f"{name}: {key} = {value!r} is not a {'text' if key == 'hours' else 'number'}")  # noqa: TRY004 - as above
    return SiteSettings(site=name, **table)
