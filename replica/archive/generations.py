"""The generations of pages, oldest first: where they stand, when they were current, and how their desks worked.

Facts are of docs/tempo.md (sections 2 and 3) and the stored pages; numbers of one sequence never meet another's, not
even those of the present stories in a world of a million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from replica.archive.generation import Generation, Habits
from replica.editions import EN, ID
from replica.words.english import ENGLISH
from replica.words.indonesian import INDONESIAN
from replica.words.lexicon import Lexicon, Section


def _sections(lexicon: Lexicon, names: Mapping[str, tuple[str, str]]) -> tuple[Section, ...]:
    """Sections with other names and addresses: slug -> (name, slug of the present section with its subjects)."""
    subjects = {section.slug: section.subjects for section in lexicon.sections}
    return tuple(Section(name, slug, subjects[present]) for slug, (name, present) in names.items())


_ENGLISH_2013: Final = _sections(
    ENGLISH,
    {
        "national": ("National", "national"),
        "international": ("International", "world"),
        "economy_business": ("Economy & Business", "economy"),
        "metro": ("Metro", "politics"),
        "sport": ("Sport", "sports"),
        "art_culture": ("Arts & Culture", "culture"),
    },
)
_CHANNELS: Final = _sections(
    INDONESIAN,
    {
        "nasional": ("Nasional", "politik"),
        "bisnis": ("Bisnis", "ekonomi"),
        "metro": ("Metro", "hukum"),
        "dunia": ("Dunia", "internasional"),
        "tekno": ("Tekno", "sains"),
        "gaya": ("Gaya", "gaya-hidup"),
        "sport": ("Sport", "olahraga"),
        "travel": ("Travel", "lingkungan"),
    },
)

NEWS_2013_EN: Final = Generation(
    name="news-2013-en", site=EN.site, host=EN.host, sequence="tempo-news", page_version="news-2013", language="en",
    parity=2, minutes_to_newest=0, lexicon=ENGLISH, first=date(2013, 2, 4), last=date(2017, 5, 31),
    newest_number=745_684, path="/read/news/{day}/{code}{number:06}/{slug}", sections=_ENGLISH_2013,
    habits=Habits(signed_once_in=3, tags=(1, 2), cards=(5, 5), pictures=(0, 1)),
)  # fmt: skip

NEWS_2013_ID: Final = Generation(
    name="news-2013-id", site=ID.site, host="{channel}.tempo.co", sequence="tempo-news", page_version="news-2013",
    language="id", parity=3, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2013, 2, 4), last=date(2017, 5, 31),
    newest_number=672_417, path="/read/news/{day}/{code}{number:06}/{slug}", sections=_CHANNELS,
    habits=Habits(signed_once_in=1, tags=(1, 3), cards=(4, 6), secure=False, pictures=(0, 1)),
)  # fmt: skip
READ_2017: Final = Generation(
    name="read-2017", site=ID.site, host="{channel}.tempo.co", sequence="tempo-read", page_version="read-2017",
    language="id", parity=4, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2017, 6, 5), last=date(2020, 12, 18),
    newest_number=520_750, path="/read/{number}/{slug}", sections=_CHANNELS,
    habits=Habits(
        byline=("reporter", "editor"), nobody=("Non Koresponden", "Terjemahan", "Tempo.co"), signed_once_in=3,
        contributor_once_in=5, inline_once_in=3, pointers=("Baca: ", "Baca juga: ", "Simak juga: "),
        short_links_once_in=2, cards=(4, 5), times="age", promo_once_in=4, more=4, leftover_once_in=3, parts_once_in=4,
    ),
)  # fmt: skip

_NOISE: Final = (
    "Scroll ke bawah untuk melanjutkan membaca",
    "Baca berita dengan sedikit iklan, klik di sini",
    "Iklan",
    "Tampilkan Ringkasan Artikel",
    "Dengarkan artikel",
    "Bagikan",
    "Ikuti berita terkini dari Tempo di Google News, klik di sini.",
    "Berlangganan Tempo+ untuk membaca cerita lengkapnya.",
)
READ_2021_EN: Final = Generation(
    name="read-2021-en", site=EN.site, host=EN.host, sequence="tempo-read", page_version="read-2021", language="en",
    parity=5, minutes_to_newest=0, lexicon=ENGLISH, first=date(2021, 1, 11), last=date(2025, 6, 30),
    newest_number=740_913, path="/read/{number}/{slug}", sections=ENGLISH.sections, has_amp=True,
    habits=Habits(
        byline=("reporter", "translator", "editor"), signed_once_in=4, contributor_once_in=4, inline_once_in=4,
        pointers=("Read: ", "Read also: "), choice="Editor\u2019s Choice: ",
        noise=("Click here to get the latest news updates from Tempo on Google News", "Advertisement"),
        illustration_once_in=3, cards=(4, 6), times="age", excerpts=True, promo_once_in=4, leftover_once_in=3,
        pictures=(0, 1),
    ),
)  # fmt: skip
READ_2021_ID: Final = Generation(
    name="read-2021-id", site=ID.site, host="{channel}.tempo.co", sequence="tempo-read", page_version="read-2021",
    language="id", parity=6, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2021, 1, 11), last=date(2024, 9, 25),
    newest_number=630_457, path="/read/{number}/{slug}", sections=_CHANNELS, has_amp=True,
    habits=Habits(
        byline=("reporter", "editor"), signed_once_in=4, contributor_once_in=4, inline_once_in=4,
        pointers=("[Baca Juga:]", "Baca Juga:", "Baca juga: "), choice="Pilihan Editor: ", noise=_NOISE,
        illustration_once_in=4, cards=(4, 6), times="age", excerpts=True, promo_once_in=4, inlines=True,
        leftover_once_in=5,
    ),
)  # fmt: skip


def _magazine(name: str, lexicon: Lexicon, parity: int, number: int, sections: tuple[Section, ...]) -> Generation:
    english = lexicon is ENGLISH
    sequence = "tempo-magazine" if name == "majalah" else f"tempo-{name}"
    return Generation(
        name=name, site=ID.site, host=f"{name}.tempo.co", sequence=sequence, page_version="magazine-2021",
        language="en" if english else "id", parity=parity, minutes_to_newest=0, lexicon=lexicon,
        first=date(2021, 2, 1), last=date(2023, 12, 18), newest_number=number,
        path="/read/{section}/{number}/{slug}", sections=sections,
        habits=Habits(
            byline=("author", "editor"), profile=f"https://{name}.tempo.co/{'reporter' if english else 'profile'}/",
            no_editor_once_in=3, no_dateline_once_in=1, signed_once_in=2, inline_once_in=4,
            pointers=("Read: ",) if english else ("Baca: ", "Baca: "), pictures=(1, 2), tags=(3, 4), cards=(0, 0),
            times="date", more=4, paid_once_in=2,
        ),
    )  # fmt: skip


MAGZ: Final = _magazine(
    "magz", ENGLISH, 7, 94_163,
    _sections(
        ENGLISH,
        {
            "cover-story": ("Cover Story", "politics"),
            "market-pulse": ("Market Pulse", "economy"),
            "news-capsule": ("News Capsule", "national"),
        },
    ),
)  # fmt: skip
MAJALAH: Final = _magazine(
    "majalah", INDONESIAN, 8, 167_644,
    _sections(
        INDONESIAN,
        {
            "laporan-utama": ("Laporan Utama", "hukum"),
            "nasional": ("Nasional", "politik"),
            "ekonomi-dan-bisnis": ("Ekonomi dan Bisnis", "ekonomi"),
        },
    ),
)  # fmt: skip
KORAN: Final = _magazine(
    "koran", INDONESIAN, 9, 478_787,
    _sections(
        INDONESIAN,
        {
            "berita-utama": ("Berita Utama", "politik"),
            "internasional": ("Internasional", "internasional"),
            "ilmu-dan-teknologi": ("Ilmu dan Teknologi", "sains"),
        },
    ),
)  # fmt: skip

UNKNOWN: Final = Generation(
    name="unknown", site=ID.site, host="{channel}.tempo.co", sequence="tempo-read", page_version="fallback",
    language="id", parity=10, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2012, 1, 9), last=date(2025, 11, 3),
    newest_number=440_312, path="/read/{number}/{slug}", sections=_CHANNELS,
    habits=Habits(
        byline=("author",), profile="https://www.tempo.co/penulis/", no_dateline_once_in=1, inline_once_in=5,
        cards=(0, 0), pictures=(0, 1),
    ),
)  # fmt: skip

_PHOTOS: Final = Habits(
    byline=("author",), no_dateline_once_in=1, pictures=(3, 7), text=False, cards=(4, 5), times="age", tags=(1, 3)
)


PHOTO: Final = Generation(
    name="photo", site=ID.site, host="foto.tempo.co", sequence="tempo-photo", page_version="photo", language="id",
    parity=11, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2017, 6, 5), last=date(2020, 12, 18),
    newest_number=190_747, path="/read/{number}/{slug}", sections=_CHANNELS, habits=_PHOTOS,
)  # fmt: skip
PHOTO_STORY: Final = Generation(
    name="photo-story", site=ID.site, host="foto.tempo.co", sequence="tempo-photo", page_version="photo",
    language="id", parity=12, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2014, 3, 3), last=date(2017, 5, 31),
    newest_number=120_692, path="/read/beritafoto/{number}/{slug}", sections=_CHANNELS, habits=_PHOTOS,
)  # fmt: skip
"""At their older addresses, in the design that replaced their own."""

PHOTO_2021: Final = Generation(
    name="photo-2021", site=ID.site, host="foto.tempo.co", sequence="tempo-photo", page_version="photo",
    language="id", parity=15, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2021, 1, 11), last=date(2024, 9, 25),
    newest_number=260_815, path="/read/{number}/{slug}", sections=_CHANNELS, habits=replace(_PHOTOS, byline=()),
)  # fmt: skip
VIDEO: Final = Generation(
    name="video", site=ID.site, host="video.tempo.co", sequence="tempo-video", page_version="video", language="id",
    parity=13, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2021, 1, 11), last=date(2024, 9, 25),
    newest_number=135_926, path="/read/{number}/{slug}", sections=_CHANNELS,
    habits=Habits(byline=("editor",), no_dateline_once_in=2, cards=(4, 5), times="age", promo_once_in=5),
)  # fmt: skip
GRAPHIC: Final = Generation(
    name="graphic", site=ID.site, host="grafis.tempo.co", sequence="tempo-graphic", page_version="graphic",
    language="id", parity=14, minutes_to_newest=0, lexicon=INDONESIAN, first=date(2021, 1, 11), last=date(2024, 9, 25),
    newest_number=132_972, path="/read/{number}/{slug}", sections=_CHANNELS,
    habits=Habits(no_dateline_once_in=2, cards=(4, 5), times="age"),
)  # fmt: skip

GENERATIONS: Final[tuple[Generation, ...]] = (
    NEWS_2013_EN,
    NEWS_2013_ID,
    READ_2017,
    READ_2021_EN,
    READ_2021_ID,
    MAGZ,
    MAJALAH,
    KORAN,
    UNKNOWN,
    PHOTO,
    PHOTO_STORY,
    PHOTO_2021,
    VIDEO,
    GRAPHIC,
)
BY_NAME: Final[Mapping[str, Generation]] = {generation.name: generation for generation in GENERATIONS}
HOSTS: Final = tuple(
    dict.fromkeys(host for generation in GENERATIONS for host in generation.hosts if host not in {EN.host, ID.host})
)
"""Those that only the archive has pages on."""
