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


def robots_txt(host: str) -> bytes:
    rules = "".join(f"Disallow: {prefix}\n" for prefix in FORBIDDEN[host])
    return f"User-agent: *\n{rules}\nSitemap: {_SITEMAPS[host]}\n".encode()


def is_forbidden(host: str, path: str) -> bool:
    return path.startswith(FORBIDDEN.get(host, ()))
