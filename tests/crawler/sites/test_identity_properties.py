"""Every spelling of an article's address gives its one key; two articles never share one; the rest has none.

Articles are made up, printed in the spellings of docs/tempo.md, section 2, and read back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler.sites.registry import site_of
from crawler.sites.site import Address

CHANNELS = ("nasional", "bisnis", "metro", "dunia", "bola", "tekno", "gaya", "seleb", "otomotif", "travel", "cantik")
NEWS_HOSTS = ("en.tempo.co", "www.tempo.co", *(f"{channel}.tempo.co" for channel in CHANNELS))
RUBRICS = (
    "politik", "hukum", "ekonomi", "lingkungan", "wawancara", "investigasi", "cekfakta", "tokoh", "sains", "kolom",
    "hiburan", "internasional", "otomotif", "olahraga", "sepakbola", "digital", "gaya-hidup",
)  # fmt: skip
OF_HOST = {
    "foto.tempo.co": "tempo-photo",
    "video.tempo.co": "tempo-video",
    "grafis.tempo.co": "tempo-graphic",
}
MAGAZINES = {"majalah.tempo.co": "tempo-magazine", "magz.tempo.co": "tempo-magz", "koran.tempo.co": "tempo-koran"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An article, and how its address is spelled this time."""

    sequence: str
    number: int
    host: str
    slug: str
    rubric: str = ""
    day: date = date(2015, 11, 4)
    channel_code: int = 55
    amp: bool = False
    tail: str = ""
    """What an older address has after its slug: `/full&view=ok`."""
    mark: str = ""
    """What an older address has after its number: `,uk.html`."""

    @property
    def key(self) -> str:
        return f"{self.sequence}:{self.number}"

    @property
    def path(self) -> str:
        read = "amp" if self.amp else "read"
        if self.sequence == "tempo-news":
            number = f"{self.channel_code:03}{self.number:06}"
            return f"/{read}/news/{self.day:%Y/%m/%d}/{number}{self.mark}/{self.slug}"
        if self.sequence == "tempo-www":
            return f"/{self.rubric}/{self.slug}-{self.number}"
        if self.rubric:
            return f"/{read}/{self.rubric}/{self.number}/{self.slug}"
        return f"/{read}/{self.number}/{self.slug}{self.tail}"


WORDS = st.sampled_from(
    ["a", "kata", "menteri", "2026", "5", "g20", "123456", "read", "amp", "news", "x1", "full", "tag"]
)
SLUGS = st.lists(WORDS, min_size=1, max_size=5).map("-".join) | st.sampled_from(["kata-", "2026-", "-kata", "100001-x"])
OLD_SLUGS = SLUGS.map(str.title)
MAGAZINE_RUBRICS = st.sampled_from(["laporan-utama", "nasional", "cover-story", "opini", "ekonomi", "wawancara"])
DAYS = st.dates(date(2003, 7, 21), date(2017, 7, 1))


def reads(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Made]:
    return st.builds(
        Made,
        sequence=st.just("tempo-read"),
        number=numbers,
        host=st.sampled_from(NEWS_HOSTS),
        slug=SLUGS | OLD_SLUGS,
        amp=st.booleans(),
        tail=st.sampled_from(["", "", "/full&view=ok"]),
    )


def news(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Made]:
    return st.builds(
        Made,
        sequence=st.just("tempo-news"),
        number=numbers,
        host=st.sampled_from(NEWS_HOSTS),
        slug=OLD_SLUGS | SLUGS,
        day=DAYS,
        channel_code=st.integers(1, 299),
        mark=st.sampled_from(["", ",uk.html"]),
    )


def of_www(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Made]:
    return st.builds(
        Made,
        sequence=st.just("tempo-www"),
        number=numbers,
        host=st.just("www.tempo.co"),
        slug=SLUGS,
        rubric=st.sampled_from(RUBRICS),
    )


def of_other_hosts(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Made]:
    def at(host: str) -> st.SearchStrategy[Made]:
        rubric = MAGAZINE_RUBRICS if host in MAGAZINES else st.just("")
        sequence = st.just((OF_HOST | MAGAZINES)[host])
        return st.builds(
            Made, sequence=sequence, number=numbers, host=st.just(host), slug=SLUGS, rubric=rubric, amp=st.booleans()
        )

    return st.sampled_from(sorted(OF_HOST | MAGAZINES)).flatmap(at)


def articles(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Made]:
    return reads(numbers) | news(numbers) | of_www(numbers) | of_other_hosts(numbers)


NUMBERS = st.integers(100_000, 999_999)  # what every sequence can have: their ranges overlap
ARTICLES = articles(NUMBERS)
QUERIES = st.lists(
    st.sampled_from(
        [
            *("i=1", "BisnisUtama", "campaign=BisnisUtama_Click_1", "utm_source=rss", "utm_campaign=b%20c"),
            *("amp_gsa=1", "amp_js_v=a9", "usqp=mq331AQIUAKwASCAAgM%3D", "fbclid=IwAR0", "page=2", "x", "read=7"),
        ]
    ),
    max_size=4,
).map("&".join)  # fmt: skip
FRAGMENTS = st.sampled_from(["", "#", "#:~:text=kata%20lain,kata", "#komentar", "#/read/1/x", "#aoh=1&ct=2?x"])
PLACES = st.just(frozenset()) | st.frozensets(st.integers(0, 60), max_size=4)
ENDS = st.sampled_from(["", "/"])
HOST_CASES = st.sampled_from([str, str.upper, str.title])


@st.composite
def spelling(draw: st.DrawFn, made: Made) -> str:
    """An address of that article, in any spelling: what names another article stays, all else may change."""
    made = replace(made, slug=draw(st.just(made.slug) | SLUGS | OLD_SLUGS))
    if made.sequence == "tempo-www":
        made = replace(made, rubric=draw(st.just(made.rubric) | st.sampled_from(RUBRICS)))
    if made.sequence in {"tempo-read", "tempo-news"}:
        made = replace(made, host=draw(st.just(made.host) | st.sampled_from(NEWS_HOSTS)))
    if made.sequence == "tempo-read":
        made = replace(made, tail=draw(st.sampled_from(["", "/full&view=ok"])))
    if made.sequence == "tempo-news":
        made = replace(made, mark=draw(st.sampled_from(["", ",uk.html"])))
    made = replace(made, amp=draw(st.booleans()))
    scheme, port = draw(st.sampled_from([("https", ""), ("http", ""), ("https", ":443"), ("http", ":80")]))
    bare = made.host == "www.tempo.co" and draw(st.booleans())
    host = draw(HOST_CASES)("tempo.co" if bare else made.host)
    query = draw(QUERIES)
    path = escaped(made.path, draw(PLACES)) + draw(ENDS)
    return f"{scheme}://{host}{port}{path}{'?' if query else ''}{query}{draw(FRAGMENTS)}"


def escaped(path: str, places: frozenset[int]) -> str:
    """The path with the characters at these places percent-encoded, in either case, save slashes."""
    return "".join(
        (f"%{ord(c):02x}" if n % 2 else f"%{ord(c):02X}") if n in places and c != "/" else c for n, c in enumerate(path)
    )


def identified(url: str) -> Address | None:
    site = site_of(url)
    return site.identify(url) if site else None


@settings(max_examples=2000)
@given(ARTICLES, st.data())
def test_every_spelling_of_an_article_gives_its_key(made: Made, data: st.DataObject):
    url = data.draw(spelling(made))
    address = identified(url)
    assert address is not None
    assert (address.key, address.kind.is_article) == (made.key, True)


@settings(max_examples=1000)
@given(ARTICLES, st.data())
def test_what_is_asked_for_is_plain_and_of_the_same_article(made: Made, data: st.DataObject):
    address = identified(data.draw(spelling(made)))
    assert address is not None
    assert address.url.startswith("https://")
    assert not set("?#%&, ") & set(address.url)
    assert identified(address.url) == address


@settings(max_examples=1000)
@given(ARTICLES, st.data())
def test_the_way_to_an_article_does_not_change_what_is_asked_for(made: Made, data: st.DataObject):
    """Query, fragment, scheme, port, letter case of the host, escapes, a slash at the end, AMP."""
    asked = set()
    for _ in range(2):
        query, places = data.draw(QUERIES), data.draw(PLACES)
        path = escaped(replace(made, amp=data.draw(st.booleans())).path, places) + data.draw(ENDS)
        scheme = data.draw(st.sampled_from(["http", "https"]))
        asked.add(identified(f"{scheme}://{data.draw(HOST_CASES)(made.host)}{path}?{query}{data.draw(FRAGMENTS)}"))
    assert len(asked) == 1


FEW_NUMBERS = articles(st.integers(100_000, 100_003))  # few, so that numbers meet


@settings(max_examples=1000)
@given(FEW_NUMBERS, FEW_NUMBERS, st.data())
def test_two_spellings_have_one_key_if_and_only_if_they_are_one_article(one: Made, other: Made, data: st.DataObject):
    first, second = identified(data.draw(spelling(one))), identified(data.draw(spelling(other)))
    assert first is not None
    assert second is not None
    same = (one.sequence, one.number) == (other.sequence, other.number)
    assert (first.key == second.key) is same


@settings(max_examples=100)
@given(NUMBERS, st.data())
def test_a_number_is_another_article_in_each_sequence(number: int, data: st.DataObject):
    fixed = st.just(number)
    made = [data.draw(kind(fixed)) for kind in (reads, news, of_www)]
    for host, sequence in (OF_HOST | MAGAZINES).items():
        rubric = "nasional" if host in MAGAZINES else ""
        made.append(Made(sequence=sequence, number=number, host=host, slug="sama", rubric=rubric))
    keys = {address.key for article in made if (address := identified(data.draw(spelling(article))))}
    assert keys == {f"{article.sequence}:{number}" for article in made}
    assert len(keys) == 9


@settings(max_examples=200)
@given(SLUGS, st.integers(1, 9_999_999), QUERIES)
def test_what_is_no_article_is_none(slug: str, number: int, query: str):
    assume(not slug.endswith("-"))
    for path in (
        f"www.tempo.co/penulis/{slug}-{number}",
        f"www.tempo.co/tag/{slug}-2026",
        f"www.tempo.co/tag/{slug}-{number}",
        f"www.tempo.co/topik/masalah/{number}/{slug}",
        f"www.tempo.co/info-tempo/{slug}-{number}",
        f"www.tempo.co/inforial/{slug}-{number}",
        f"en.tempo.co/tag/{slug}-{number}",
        f"en.tempo.co/index/2015-11-04/{slug}",
        f"majalah.tempo.co/edisi/{number}/2022-12-10",
        f"inforial.tempo.co/info/{number}/{slug}",
        f"indonesiana.tempo.co/read/{number}/2020/01/01/user/{slug}",
    ):
        address = identified(f"https://{path}{'?' if query else ''}{query}")
        assert address is None or not address.kind.is_article, path


@pytest.mark.parametrize("rubric", RUBRICS)
@pytest.mark.parametrize("below", ["", "/nasional", "/pemilu-2024", "/pemilu-kepala-daerah-2024", "/2024", "/g20"])
def test_a_rubric_is_no_article(rubric: str, below: str):
    address = identified(f"https://www.tempo.co/{rubric}{below}")
    assert address is None or not address.kind.is_article


ELSEWHERE = ("example.org", "tempo.co.example.org", "xtempo.co", "en-tempo.co", "en.tempo.com", "unknown.tempo.co")


@settings(max_examples=500)
@given(ARTICLES, st.sampled_from(ELSEWHERE), st.sampled_from(["", "en.tempo.co@", "en.tempo.co:443@"]))
def test_an_article_of_another_host_is_none(made: Made, host: str, user: str):
    address = identified(f"https://{user}{host}{made.path}")
    assert address is None


@settings(max_examples=300)
@given(ARTICLES)
def test_an_address_inside_of_an_address_is_none(made: Made):
    inside = f"https://{made.host}{made.path}"
    assert identified(f"https://example.org/?u={inside}") is None
    assert identified(f"https://example.org/#{inside}") is None
    assert identified(f"https://example.org/{inside}") is None
    for query in (f"?u={inside}", f"?u={quote(inside, safe='')}"):
        address = identified(f"https://en.tempo.co/{query}")
        assert address is None or not address.kind.is_article
