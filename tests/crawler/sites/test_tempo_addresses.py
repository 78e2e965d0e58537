"""One article, one key, however its address is spelled; and what is no article."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites.registry import SITES, site_named, site_of
from crawler.sites.site import DateRange, PageKind
from crawler.sites.tempo.addresses import ID_HOSTS, identify_any, identify_en, identify_id
from crawler.sites.tempo.places import RUBRICS, day_of
from stories.errors import UsageError

SPELLINGS = {
    "tempo-read:2037562": [
        "https://en.tempo.co/read/2037562/a-slug",
        "http://en.tempo.co/read/2037562/a-slug/",
        "https://en.tempo.co/amp/2037562/a-slug?amp_gsa=1&amp_js_v=a9&usqp=mq331AQ",
        "https://en.tempo.co/read/2037562/another-slug",
        "https://en.tempo.co/read/2037562",
        "https://en.tempo.co/read/2037562/",
        "https://EN.Tempo.co:443/read/2037562/a-slug#:~:text=some",
        "http://en.tempo.co:80/read/2037562/a-slug",
        "https://en.tempo.co:/read/2037562/a-slug",
        "HTTPS://EN.TEMPO.CO/READ/2037562/A-Slug",
        "https://en.tempo.co./read/2037562/a-slug",
        "https://en.tempo.co//read//2037562///a-slug//",
        "https://en.tempo.co/%72ead/2037562/a%2Dslug",
        "https://en.tempo.co/re%61d/20%33%37562/a-slug",
        "https://en.tempo.co/read/2037562/caf%C3%A9",
        "https://en.tempo.co/read/002037562/a-slug",
        "  https://en.tempo.co/read/2037562/a-slug \n",
        "https://en.tempo.co/read/2037562/..",
        "https://en.tempo.co/read/2037562/a-slug?",
    ],
    "tempo-read:1028050": [
        "https://metro.tempo.co/read/1028050/ahok",
        "https://metro.tempo.co/read/1028050/ahok?BisnisUtama&campaign=BisnisUtama_Click_1",
        "https://metro.tempo.co/read/1028050/ahok/full&view=ok",
        "https://metro.tempo.co/read/1028050/full&view=ok",
        "https://metro.tempo.co/read/1028050/ahok/full%26view%3Dok",
        "https://metro.tempo.co/read/1028050/ahok/full&view=ok?utm_source=x#:~:text=a,b",
        "https://Metro.tempo.co/read/1028050/ahok",
        "https://www.tempo.co/read/1028050/ahok",
        "https://nasional.tempo.co/amp/1028050/ahok",
        "https://tempo.co/read/1028050/ahok?utm_source=x",
        "https://m.tempo.co/read/1028050/ahok",
        "https://newsletter.tempo.co/read/1028050/ahok",
        "https://interaktif.tempo.co/read/1028050/ahok",
        "https://cekfakta.tempo.co/read/1028050/ahok",
    ],
    "tempo-news:715684": [
        "http://en.tempo.co/read/news/2015/11/04/055715684,uk.html/Indonesia",
        "http://en.tempo.co/read/news/2015/11/04/055715684/Indonesia",
        "http://en.tempo.co/read/news/2015/11/04/055715684",
        "http://en.tempo.co/read/news/2015/11/04/055715684%2Cuk.html/Indonesia",
        "http://en.tempo.co/read/news/2015/11/04/055715684,UK.html",
        "https://en.tempo.co/read/news/2015/11/04/055715684/Indonesia?i=1",
        "https://nasional.tempo.co/read/news/2015/11/04/055715684/x",
        "http://www.tempo.co/read/news/2015/11/04/078715684/another-channel",
    ],
    "tempo-news:19992": ["http://www.tempo.co/read/news/2003/10/15/05519992/from-before-there-were-six-digits"],
    "tempo-www:9100001": [
        "https://www.tempo.co/ekonomi/contoh-9100001",
        "https://tempo.co/ekonomi/contoh--9100001",
        "https://m.tempo.co/ekonomi/contoh-9100001",
        "https://www.tempo.co/amp/ekonomi/contoh-9100001",
        "http://www.tempo.co/politik/contoh-lain-9100001/?page=2",
        "https://www.tempo.co/gaya-hidup/5-contoh-9100001#komentar",
        "https://www.tempo.co/arsip/contoh-9100001",
        "https://www.tempo.co/teroka/contoh--9100001",
        "https://www.tempo.co/foto/arsip/contoh-9100001",
        "https://www.tempo.co/POLITIK/Contoh-9100001",
        "https://www.tempo.co//politik//contoh%2d9100001?utm_source=x",
        "https://www.tempo.co/rubrik-baru/contoh-9100001",
    ],
    "tempo-www:87737": ["https://www.tempo.co/teroka/film-dengan-lima-angka-87737"],
    "tempo-www:9559": [
        "https://www.tempo.co/sains/apa-yang-baru--9559",
        "https://www.tempo.co/sains/apa-yang-baru-dari-ini-9559",
    ],
    "tempo-www:2024": ["https://www.tempo.co/sains/apa-yang-baru--2024"],
    "tempo-magazine:167644": [
        "https://majalah.tempo.co/read/laporan-utama/167644/x",
        "https://majalah.tempo.co/amp/laporan-utama/167644/x",
        "https://majalah.tempo.co/read/Laporan-Utama/167644",
        "https://majalah.tempo.co/read/167644/x",
    ],
    "tempo-magz:167644": [
        "https://magz.tempo.co/read/cover-story/167644/x",
        "https://magz.tempo.co/amp/cover-story/167644/x",
    ],
    "tempo-koran:167644": ["https://koran.tempo.co/read/profil/167644/x", "http://koran.tempo.co/amp/profil/167644/x"],
    "tempo-photo:60738": ["https://foto.tempo.co/read/60738/x", "https://foto.tempo.co/read/60738/x?FotoUtama"],
    "tempo-photo:35692": ["https://en.tempo.co/read/beritafoto/35692/Indonesian-Forest-Fires"],
    "tempo-video:60738": ["https://video.tempo.co/read/60738/x"],
    "tempo-graphic:60738": ["https://grafis.tempo.co/read/60738/x"],
    "tempo-cekfakta:577": [
        "https://cekfakta.tempo.co/fakta/577/benarkah",
        "https://cekfakta.tempo.co/fakta/577?utm_source=x",
    ],
}

NOTHING = [
    "https://www.tempo.co/penulis/contoh-reporter-9001123",
    "https://www.tempo.co/info-tempo/sinergi-dengan-pembayar-2054946",
    "https://www.tempo.co/inforial/sinergi-dengan-pembayar-2054946",
    "https://www.tempo.co/about",
    "https://www.tempo.co/search?q=x",
    "https://en.tempo.co/about",
    "https://en.tempo.co/ekonomi/contoh-9100001",
    "https://nasional.tempo.co/ekonomi/contoh-9100001",
    "https://nasional.tempo.co/fakta/577/benarkah",
    "https://inforial.tempo.co/info/1003444/x",
    "https://inforial.tempo.co/read/1003444/x",
    "https://komunika.tempo.co/read/news/2015/02/04/273639939/x",
    "https://indonesiana.tempo.co/read/12/2020/01/01/a/b",
    "https://interaktif.tempo.co/proyek/kisah/index.html",
    "https://webtorial.tempo.co/adam/tempo/desktop/10.3/detail-article.html",
    "https://unknown.tempo.co/read/1028050/x",
    "https://tempo.co.example.org/read/1028050/x",
    "https://example.org/https://en.tempo.co/read/1/x",
    "https://en.tempo.co@example.org/read/1/x",
    "https://en.tempo.co:8080/read/1/x",
    "https://www.tempo.co/api/private/reader",
    "https://www.tempo.co/api/private/reader-2054946",
    "https://en.tempo.co/read/news/20151104/055715684/x",
    "https://en.tempo.co/read/1234567890/more-digits-than-any-number",
    "https://en.tempo.co/read/x/1",
    "ftp://en.tempo.co/read/1/x",
    "/read/2037562/a-slug",
    "http://[",
    "https://en.tempo.co:99999/read/1/x",
    "https://en.tempo.co/read/1/" + "x" * 2048,
    "",
]

LISTINGS = {
    "https://en.tempo.co/": PageKind.LISTING,
    "https://en.tempo.co/index": PageKind.LISTING,
    "https://en.tempo.co/index/2015-11-04": PageKind.LISTING,
    "https://en.tempo.co/index/2015-11-04/national": PageKind.LISTING,
    "https://en.tempo.co/index/2025-10-23/?page=2": PageKind.LISTING,
    "https://en.tempo.co/national": PageKind.LISTING,
    "https://en.tempo.co/art_culture": PageKind.LISTING,
    "https://en.tempo.co/ASEAN-News": PageKind.LISTING,
    "https://en.tempo.co/tag/immigration": PageKind.LISTING,
    "https://en.tempo.co/topic/masalah/3234/Forest-Fire": PageKind.LISTING,
    "https://en.tempo.co/rss": PageKind.FEED,
    "https://en.tempo.co/sitemap.xml": PageKind.SITEMAP,
    "https://www.tempo.co": PageKind.LISTING,
    "https://www.tempo.co/indeks?page=2": PageKind.LISTING,
    "https://www.tempo.co/indeks?category=rubrik&page=2&rubric_slug=politik": PageKind.LISTING,
    "https://www.tempo.co/indeks?access=FREE&category=newsAccess": PageKind.LISTING,
    "https://www.tempo.co/indeks/2017-11-01/": PageKind.LISTING,
    "https://www.tempo.co/indeks/2017/11/01": PageKind.LISTING,
    "https://www.tempo.co/tag/pemilu-2026": PageKind.LISTING,
    "https://www.tempo.co/tag/pemilu-2026123": PageKind.LISTING,
    "https://www.tempo.co/topik/masalah/3234567": PageKind.LISTING,
    "https://www.tempo.co/topik/masalah/2461/pilkada-jawa-barat": PageKind.LISTING,
    "https://www.tempo.co/ekonomi": PageKind.LISTING,
    "https://www.tempo.co/ekonomi/bisnis": PageKind.LISTING,
    "https://www.tempo.co/ekonomi/tahun-2026": PageKind.LISTING,
    "https://www.tempo.co/politik/pemilu-kepala-daerah-2024": PageKind.LISTING,
    "https://www.tempo.co/teroka/film": PageKind.LISTING,
    "https://www.tempo.co/sitemap_index.xml": PageKind.SITEMAP,
    "https://www.tempo.co/sitemap.xml": PageKind.SITEMAP,
    "https://www.tempo.co/politik-sitemap.xml": PageKind.SITEMAP,
    "https://www.tempo.co/gaya-hidup-sitemap2.xml": PageKind.SITEMAP,
    "https://www.tempo.co/rss": PageKind.FEED,
    "https://www.tempo.co/api/gateway/rss/free/hukum": PageKind.FEED,
    "https://www.tempo.co/ekonomi/_payload.json": PageKind.FEED,
    "https://www.tempo.co/ekonomi/bisnis/_payload.json?4f2c": PageKind.FEED,
    "https://www.tempo.co/_payload.json": PageKind.FEED,
    "https://rss.tempo.co/": PageKind.FEED,
    "https://rss.tempo.co/nasional": PageKind.FEED,
    "https://nasional.tempo.co/": PageKind.LISTING,
    "https://foto.tempo.co/": PageKind.LISTING,
    "https://cekfakta.tempo.co/2024/03": PageKind.LISTING,
    "https://majalah.tempo.co/": PageKind.LISTING,
    "https://majalah.tempo.co/edisi/2624/2022-12-10": PageKind.LISTING,
    "https://magz.tempo.co/edition/2022-12-10": PageKind.LISTING,
    "https://majalah.tempo.co/kanal/investigasi": PageKind.LISTING,
    "https://magz.tempo.co/tag/health": PageKind.LISTING,
    "https://suarakita.net/": PageKind.LISTING,
    "https://www.suarakita.net/page/3": PageKind.LISTING,
}


@pytest.mark.parametrize(("key", "url"), [(key, url) for key, urls in SPELLINGS.items() for url in urls])
def test_a_spelling(key: str, url: str):
    address = identify_any(url)
    assert address is not None
    assert (address.key, address.kind) == (key, PageKind.ARTICLE)


@pytest.mark.parametrize("urls", SPELLINGS.values(), ids=SPELLINGS)
def test_the_address_to_ask_for_is_plain_and_stays_the_same(urls: list[str]):
    for url in urls:
        address = identify_any(url)
        assert address is not None
        assert not set("?#,& ") & set(address.url)
        assert address.url.startswith("https://")
        assert identify_any(address.url) == address


@pytest.mark.parametrize("url", NOTHING)
def test_nothing_that_we_follow(url: str):
    assert identify_any(url) is None


@pytest.mark.parametrize(("url", "kind"), LISTINGS.items())
def test_a_page_of_links(url: str, kind: PageKind):
    site = site_of(url)
    assert site is not None
    address = site.identify(url)
    assert address is not None
    assert address.kind is kind
    assert address.key.startswith(f"{site.name}:")
    assert site.identify(address.url) == address


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        (
            "https://www.tempo.co/indeks?page=2&category=date&end_date=2026-01-02&start_date=2026-01-01",
            "https://tempo.co/indeks?category=date&start_date=2026-01-01&end_date=2026-01-02&page=2&utm_id=7",
        ),
        ("https://www.tempo.co/indeks/2017-11-01", "http://www.tempo.co/indeks/2017/11/01/?x=1#top"),
        ("https://en.tempo.co/index/2017-11-01", "https://en.tempo.co//index/2017-11-01/"),
        ("https://www.tempo.co/ekonomi/_payload.json", "https://www.tempo.co/ekonomi/_payload.json?a1b2-build"),
        ("https://www.tempo.co/tag/jakarta", "https://m.tempo.co/tag/jakarta?ref=x"),
        ("https://www.tempo.co", "https://tempo.co/?campaign=x"),
    ],
)
def test_how_a_reader_came_is_no_part_of_a_page_of_links(plain: str, other: str):
    one = identify_any(plain)
    assert one is not None
    assert one == identify_any(other)


def test_other_parts_of_a_query_are_other_lists():
    pages = [identify_id(f"https://www.tempo.co/indeks?page={n}&category=rubrik&rubric_slug=politik") for n in (1, 2)]
    pages.append(identify_id("https://www.tempo.co/indeks?page=1&category=rubrik&rubric_slug=hukum"))
    assert len({page.key for page in pages if page}) == 3


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://en.tempo.co/index/2015-11-04", date(2015, 11, 4)),
        ("https://en.tempo.co/index/2015-11-04/national", date(2015, 11, 4)),
        ("https://www.tempo.co/indeks/2017-11-01/", date(2017, 11, 1)),
        ("https://www.tempo.co/indeks/2017/11/01", date(2017, 11, 1)),
        (
            "https://www.tempo.co/indeks?category=date&end_date=2026-01-02&page=3&start_date=2026-01-02",
            date(2026, 1, 2),
        ),
        ("https://www.tempo.co/indeks?category=date&end_date=2026-01-02&page=3&start_date=2026-01-01", None),
        ("https://www.tempo.co/indeks/2017-02-31", None),
        ("https://www.tempo.co/indeks?page=2", None),
        ("https://en.tempo.co/index", None),
        ("https://en.tempo.co/read/news/2015/11/04/055715684/x", None),
    ],
)
def test_the_day_that_an_index_is_of(url: str, day: date | None):
    assert day_of(url) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://en.tempo.co/read/news/2015/11/04/055715684,uk.html/x", date(2015, 11, 4)),
        ("https://en.tempo.co/read/news/2015/02/31/055715684/x", None),
        ("https://en.tempo.co/read/2037562/x", None),
    ],
)
def test_the_day_that_an_address_names(url: str, day: date | None):
    address = identify_any(url)
    assert address is not None
    assert address.day == day


def test_an_edition_takes_only_its_own():
    assert identify_id("https://en.tempo.co/read/2037562/a") is None
    assert identify_en("https://www.tempo.co/ekonomi/a-9100001") is None


SLUG = st.from_regex(r"[a-z0-9][a-z0-9-]{0,60}", fullmatch=True)
TAIL = st.sampled_from(
    ["", "/", "?i=1", "?utm_source=a&utm_medium=b", "#top", "/?x&campaign=X_Click_1", "?amp_gsa=1#:~:text=a"]
)
HOSTS = st.sampled_from(["en.tempo.co", "EN.TEMPO.CO", "en.tempo.co:443", *(h for h in ID_HOSTS if h.count(".") > 1)])


@given(st.integers(1, 9_999_999), SLUG, SLUG, TAIL, st.sampled_from(["http", "https"]))
def test_all_spellings_of_a_read_number_are_one(number: int, slug: str, other: str, tail: str, scheme: str):
    spelled = [
        f"{scheme}://en.tempo.co/read/{number}/{slug}{tail}",
        f"https://nasional.tempo.co/amp/{number}/{other}{tail}",
        f"https://www.tempo.co/read/{number}/{slug}/full&view=ok",
        f"https://EN.tempo.co/read/{number}{tail}",
    ]
    assert {address.key for url in spelled if (address := identify_any(url))} == {f"tempo-read:{number}"}


@given(st.integers(100_000, 9_999_999), SLUG, TAIL, st.sampled_from(RUBRICS), st.sampled_from(["", "www."]))
def test_all_spellings_of_a_www_number_are_one(number: int, slug: str, tail: str, rubric: str, www: str):
    address = identify_any(f"https://{www}tempo.co/{rubric}/{slug}-{number}{tail}")
    assert address is not None
    assert address.key == f"tempo-www:{number}"


@given(st.text(max_size=80), HOSTS)
def test_no_path_raises(path: str, host: str):
    for url in (path, f"https://{host}/{path}", f"https://{host}{path}"):
        address = identify_any(url)
        assert address is None or identify_any(address.url) == address
        assert SITES["suarakita"].identify(url) is None


@given(st.text(max_size=80))
def test_no_path_of_the_republisher_raises(path: str):
    identify = SITES["suarakita"].identify
    address = identify(f"https://suarakita.net/{path}")
    assert address is None or identify(address.url) == address


SAME_COPY = [
    "https://suarakita.net/putin-holds-talks/",
    "https://suarakita.net/putin-holds-talks",
    "http://www.suarakita.net/putin-holds-talks?utm_source=x",
    "https://www.suarakita.net/putin-holds-talks/#comments",
]


def test_a_copy_has_one_key():
    identify = SITES["suarakita"].identify
    assert {a.key for url in SAME_COPY if (a := identify(url))} == {"suarakita:3cf59f17b5b7c964"}


@pytest.mark.parametrize(
    "path", ["category/news/", "tag/x/", "author/x/", "feed/", "tag", "page", "a/b/", "robots.txt", "wp-json"]
)
def test_no_copy(path: str):
    assert SITES["suarakita"].identify(f"https://suarakita.net/{path}") is None


def test_a_site_has_a_name():
    assert site_named("tempo-en") is SITES["tempo-en"]
    with pytest.raises(UsageError, match="tempo-en, tempo-id, suarakita"):
        site_named("tempo")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://en.tempo.co/whatever", "tempo-en"),
        ("https://www.tempo.co", "tempo-id"),
        ("https://metro.tempo.co/x", "tempo-id"),
        ("https://WWW.suarakita.net:443/x", "suarakita"),
    ],
)
def test_a_host_has_a_site(url: str, name: str):
    site = site_of(url)
    assert site is not None
    assert site.name == name


@pytest.mark.parametrize(
    "url", ["https://example.org/", "https://en.tempo.co@example.org/", "en.tempo.co", "http://[", ""]
)
def test_a_host_of_nobody(url: str):
    assert site_of(url) is None


def test_seeds():
    assert SITES["tempo-en"].seeds(None) == ("https://en.tempo.co/index", "https://en.tempo.co/rss")
    index, sitemaps, *feeds = SITES["tempo-id"].seeds(None)
    assert (index, sitemaps) == ("https://www.tempo.co/indeks?page=1", "https://www.tempo.co/sitemap_index.xml")
    assert len(feeds) == 10
    assert all(feed.startswith("https://rss.tempo.co/") for feed in feeds)
    assert SITES["suarakita"].seeds(None) == ("https://suarakita.net/",)


def test_seeds_of_a_range_are_its_days():
    days = DateRange(since=date(2026, 2, 28), until=date(2026, 3, 1))
    assert SITES["tempo-en"].seeds(days) == (
        "https://en.tempo.co/index/2026-03-01",
        "https://en.tempo.co/index/2026-02-28",
    )
    assert SITES["tempo-id"].seeds(days) == (
        "https://www.tempo.co/indeks?category=date&end_date=2026-03-01&page=1&start_date=2026-03-01",
        "https://www.tempo.co/indeks?category=date&end_date=2026-02-28&page=1&start_date=2026-02-28",
    )


def test_days_before_the_new_system_are_asked_for_in_both_forms():
    days = DateRange(since=date(2024, 10, 31), until=date(2024, 11, 1))
    asked = "https://www.tempo.co/indeks?category=date&end_date={0}&page=1&start_date={0}"
    assert SITES["tempo-id"].seeds(days) == (
        asked.format("2024-11-01"),
        "https://www.tempo.co/indeks/2024-10-31",
        asked.format("2024-10-31"),
    )
    assert len(SITES["tempo-id"].seeds(DateRange(since=date(2015, 11, 1), until=date(2015, 11, 7)))) == 14
    assert len(SITES["tempo-en"].seeds(DateRange(since=date(2003, 7, 21), until=date(2003, 7, 21)))) == 1


@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
@pytest.mark.parametrize(
    "days",
    [
        None,
        DateRange(since=date(2026, 3, 1), until=date(2026, 3, 2)),
        DateRange(since=date(2015, 11, 1), until=date(2015, 11, 2)),
    ],
)
def test_a_site_knows_its_own_seeds_as_they_are(site, days: DateRange | None):
    for url in site.seeds(days):
        address = site.identify(url)
        assert address is not None
        assert address.url == url
        assert not address.kind.is_article
        assert site_of(url) is site
