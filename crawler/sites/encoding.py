"""Bytes to text, as a browser would, and where a page lies about itself, as its bytes say."""

from __future__ import annotations

import codecs
import re
from typing import Final

from w3lib.encoding import resolve_encoding

_BOMS: Final = (("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE))
_MARKS: Final = tuple(mark for _, mark in _BOMS)
_HEADER: Final = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META: Final = re.compile(
    rb"<(?:meta|\?xml)[^<>]{0,300}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_OF_TEXT: Final = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|cp\d+|iso8859-\d+|koi8-[ru]|gb18030|big5(?:hkscs)?|shift_jis|euc[_-]\w+"
)
"""Python's other codecs decode no text (`zip`, `hex`) or none of the web's (`utf-7`, `idna`)."""

_SEQUENCE: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""How a character of UTF-8 beyond ASCII begins."""

_HEAD: Final = 4096  # bytes: the HTML standard looks at 1024; Tempo's 2015 pages have long comments first


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text: by byte order mark, by the header's charset, by the page's own, else UTF-8, else Windows-1252.

    Never raises: what cannot be read is U+FFFD. Encodings have the web's meaning: `iso-8859-1` is Windows-1252.
    """
    for name, mark in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = _declared(body, content_type)
    return body.decode(declared, "replace") if declared else _guessed(body)


def decoded(body: bytes, content_type: str | None = None) -> tuple[str, bytes]:
    """As `decode`, and the same in UTF-8: the body itself where it is that already, as most are."""
    if not body.startswith(_MARKS) and _declared(body, content_type) in {None, "utf-8"}:
        try:
            return body.decode(), body
        except UnicodeDecodeError:
            pass  # what `decode` makes of it is no longer the body
    text = decode(body, content_type)
    return text, text.encode()


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = _HEADER.search(content_type[:200]) if content_type else None
    meta = _META.search(body, 0, _HEAD)
    names = (header[1] if header else None, meta[1].decode("ascii") if meta else None)
    return next((known for name in names if (known := _known(name))), None)


def _known(name: str | None) -> str | None:
    codec = resolve_encoding(name) if name else None
    return codec if codec and _OF_TEXT.fullmatch(codec) else None


def _guessed(body: bytes) -> str:
    """UTF-8 unless it breaks more characters than it makes: one stray byte does not turn a page into Latin."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    made = len(_SEQUENCE.findall(body)) if broken else 0
    return text if broken * 2 <= made else body.decode("cp1252", "replace")
