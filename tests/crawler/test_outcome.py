"""What an answer, or none, means for its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, UnsupportedURLSchemeError

from crawler.outcome import (
    LONGEST_RETRY_AFTER,
    Again,
    Forbidden,
    NotNow,
    Refused,
    Settled,
    outcome_of_failure,
    outcome_of_status,
    pause_of,
)
from stories.fate import Fate
from tests.making import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (304, Fate.NOT_MODIFIED),
        (404, Fate.GONE),
        (410, Fate.GONE),
        (201, Fate.NOT_ARTICLE),
        (204, Fate.NOT_ARTICLE),
        (301, Fate.NOT_ARTICLE),  # a redirect that nobody follows
        (400, Fate.NOT_ARTICLE),
        (418, Fate.NOT_ARTICLE),
        (451, Fate.NOT_ARTICLE),
    ],
)
def test_a_status_that_ends_a_page(status: int, fate: Fate):
    outcome = outcome_of_status(status, None, now=NOON)
    assert isinstance(outcome, Settled)
    assert outcome.fate is fate


@pytest.mark.parametrize("status", [401, 403, 408, 421, 425, 429, 500, 502, 503, 504, 520, 599])
def test_a_status_that_passes(status: int):
    outcome = outcome_of_status(status, None, now=NOON)
    assert isinstance(outcome, Again)
    assert outcome.reason == f"HTTP {status}"


def test_a_page_to_read():
    assert outcome_of_status(200, None, now=NOON) is None


def test_a_gateway_that_blocks_is_left_alone_for_a_while():
    for status in (401, 403):
        assert outcome_of_status(status, "1", now=NOON) == Again(reason=f"HTTP {status}", pause=timedelta(minutes=10))


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_names_its_pause_is_heard(status: int):
    again = Again(reason=f"HTTP {status}", pause=timedelta(seconds=7), is_of_host=True)
    assert outcome_of_status(status, "7", now=NOON) == again


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        (None, None),
        ("0", timedelta(0)),
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0000000000000000120", timedelta(minutes=2)),
        ("3600", HOUR),
        ("3601", HOUR),
        ("1000000000", HOUR),
        ("9" * 5000, HOUR),
        ("Tue, 24 Nov 2026 05:10:00 GMT", timedelta(minutes=10)),
        ("Tue, 24 Nov 2026 12:10:00 +0700", timedelta(minutes=10)),
        ("Tue, 24 Nov 2026 05:10:00", timedelta(minutes=10)),  # RFC 9110: always GMT
        ("Tuesday, 24-Nov-26 05:10:00 GMT", timedelta(minutes=10)),
        ("Tue, 24 Nov 2026 04:00:00 GMT", timedelta(0)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", HOUR),
        ("-5", None),
        ("-1000000000", None),
        ("1.5", None),
        ("10^9", None),
        ("1e9", None),
        ("\u0663", None),
        ("soon", None),
        ("", None),
        ("Tue, 99 Foo 2026 99:99:99 GMT", None),
        (f"Tue, 24 Nov {'9' * 20} 05:10:00 GMT", None),
        ("2026-11-24T05:10:00Z", None),
        ("Tue, 24 Nov 2026 05:10:00 +9999", None),
    ],
)
def test_the_pause_that_a_server_asks_for(header: str | None, pause: timedelta | None):
    assert pause_of(header, now=NOON) == pause


@given(header=st.text(max_size=40) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,6} [A-Z][a-z]{2} -?\d{1,6} [\d:]{0,9} .{0,6}"))
@settings(max_examples=300)
def test_no_header_breaks_it_or_its_bounds(header: str):
    pause = pause_of(header, now=NOON)
    assert pause is None or timedelta(0) <= pause <= LONGEST_RETRY_AFTER


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (Refused("host"), Fate.REFUSED),
        (Forbidden("robots.txt"), Fate.FORBIDDEN),
        (DownloadCancelledError("9 MB"), Fate.REFUSED),
        (UnsupportedURLSchemeError("ftp"), Fate.REFUSED),
    ],
)
def test_a_failure_that_ends_a_page(error: Exception, fate: Fate):
    outcome = outcome_of_failure(error)
    assert isinstance(outcome, Settled)
    assert outcome.fate is fate
    assert outcome.reason


@pytest.mark.parametrize(
    "error", [NotNow("robots.txt"), DownloadTimeoutError("30 s"), ConnectionResetError("reset"), RuntimeError("ours")]
)
def test_a_failure_that_passes(error: Exception):
    outcome = outcome_of_failure(error)
    assert isinstance(outcome, Again)
    assert outcome.reason == f"{type(error).__name__}: {error}"
    assert outcome.counts == (outcome.pause is None) == (not isinstance(error, NotNow)), "not asked for: no try lost"


def test_a_reason_is_short():
    for error in (ValueError("x" * 10_000), DownloadCancelledError("x" * 10_000)):
        reason = outcome_of_failure(error).reason
        assert reason is not None
        assert len(reason) <= 300
