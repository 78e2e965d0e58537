"""F11: malformed pages by the thousand, in a process of their own, whose memory is theirs alone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.crawler.sites.fuzz import DEEP, MOST_KILOBYTES, MOST_SECONDS, pages
from tests.faults.record import Tally


@pytest.mark.fault("F11")
@pytest.mark.timeout(900)
def test_a_broken_page_is_an_article_a_listing_or_a_page_error(seed: int, scale, tally: Tally):
    """Within 2 s and 300 MB, by every reader: each page version's, both editions', the republisher's, the fallback."""
    seconds = scale(short=30, long=600)
    command = [sys.executable, "-m", "tests.crawler.sites.fuzz", "--seed", str(seed), "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["slowest"] < MOST_SECONDS
    assert found["kilobytes"] < MOST_KILOBYTES
    assert found["pages"] > 5 * seconds
    assert {"article", "listing", "notArticle", "refused"} <= set(found["were"]), "else it does not break enough"
    tally.add(trials=found["pages"], seed=seed)


@pytest.mark.fault("F11")
def test_what_the_row_names(tally: Tally):
    """Each kind once for every page: unclosed, 100,000 deep, NULs, JSON-LD that is broken or of wrong types, open
    elements that make a million, 100,000 attributes."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawler.sites.fuzz", "--seed", "0", "--named"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["pages"] == 8 * len(pages())
    assert found["were"]["refused"] >= 3 * (len(pages()) - 5), f"{DEEP:,} deep is no page; lists of machines are read"
    tally.add(trials=found["pages"])
