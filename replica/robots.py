"""What robots may not read, and whether one did."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = {
    "en.tempo.co": ("/search", "/api/private/", "/read/0"),
    "www.tempo.co": ("/search", "/api/private/", "/terlarang/"),
    "tempo.co": ("/search", "/api/private/", "/terlarang/"),
    "suarakita.net": ("/search", "/api/private/"),
}
_SITEMAPS: Final = {
    "en.tempo.co": "https://en.tempo.co/sitemap.xml",
    "www.tempo.co": "https://www.tempo.co/sitemap_index.xml",
    "tempo.co": "https://www.tempo.co/sitemap_index.xml",
    "suarakita.net": "https://suarakita.net/sitemap.xml",
}


_EVERYWHERE: Final = ("/search", "/api/private/")


def robots_txt(host: str) -> bytes:
    """A channel's host has the rules of all, and www's sitemaps."""
    rules = "".join(f"Disallow: {prefix}\n" for prefix in FORBIDDEN.get(host, _EVERYWHERE))
    return f"User-agent: *\n{rules}\nSitemap: {_SITEMAPS.get(host, _SITEMAPS['www.tempo.co'])}\n".encode()


def is_forbidden(host: str, path: str) -> bool:
    return path.startswith(FORBIDDEN.get(host, _EVERYWHERE))
