# ruff: noqa: RUF001 - dashes and quotes as Tempo prints them
"""An independent look at the pages: what the selectors of docs/tempo.md find, without a glance at replica/pages."""

import json
import re

from selectolax.lexbor import LexborHTMLParser

# Lines of a body that are no text (docs/tempo.md, section 3).
NOT_TEXT = re.compile(
    r"Editor['’]s Choice: |Read: |Click here to get|Illustration of .*\(Pixabay\)$|ANTARA$"
    r"|[^a-z]{2,80}$|Pilihan Editor: |BACA JUGA$"
    r"|.* (contributed to this article|berkontribusi dalam penulisan artikel ini)$"
)
DATELINE = re.compile(r"(?:TEMPO\.CO|INFO CANTIKA\.COM)(?:, (.+?))? [-–] ?")


def words(node):
    return " ".join(node.text().split())


def trees(world, site):
    for url in world.article_urls(site):
        yield world.truth(url), world.extra_truth(url), LexborHTMLParser(world.page(url).body.decode())


def archived(world, name):
    """Truth and tree of each page of a generation of the archive, read in the encoding that it names."""
    for url in world.archive_urls(name):
        body = world.page(url).body
        named = re.search(rb'charset="?([\w-]+)', body)
        encoding = {"iso-8859-1": "windows-1252"}.get(named[1].decode(), named[1].decode())
        yield world.truth(url), LexborHTMLParser(body.decode(encoding))


def body_of(paragraphs):
    """Dateline's place, text."""
    lines = [line for line in paragraphs if line and not NOT_TEXT.match(line)]
    found = DATELINE.match(lines[0])
    lines[0] = DATELINE.sub("", lines[0])
    return found and found[1], "\n\n".join(lines)


def related(truth, relation="related"):
    return [link for link in truth["relatedLinks"] if link["relation"] == relation]


def linked_data(tree, kind):
    blocks = [json.loads(node.text()) for node in tree.css('script[type="application/ld+json"]')]
    return next(block for block in blocks if block["@type"] == kind)
