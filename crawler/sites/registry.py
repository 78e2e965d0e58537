"""The newspapers that this crawler knows: one line each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from crawler.sites.antara import ANTARA_EN, ANTARA_ID
from crawler.sites.site import Site
from crawler.sites.suarakita import SUARAKITA
from crawler.sites.tempo import TEMPO_EN, TEMPO_ID
from stories.errors import UsageError

SITES: Final[Mapping[str, Site]] = {site.name: site for site in (TEMPO_EN, TEMPO_ID, SUARAKITA, ANTARA_ID, ANTARA_EN)}

_HOST: Final = re.compile(r"\s*https?://(?:[^/?#@\s]*@)?([^/?#:\s]+)", re.IGNORECASE)


def site_named(name: str) -> Site:
    """Raises UsageError for a name that is not one of SITES."""
    try:
        return SITES[name]
    except KeyError:
        raise UsageError(f"no site {name!r}; the sites are {', '.join(SITES)}") from None


def site_of(url: str) -> Site | None:
    """The site whose host this is, whatever the path; None for a host of nobody. Never raises."""
    found = _HOST.match(url)
    host = found[1].rstrip(".").lower() if found else ""
    return next((site for site in SITES.values() if site.owns(host)), None)
