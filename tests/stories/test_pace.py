"""One budget a host, on a real Redis: who may ask when, who rests how long, and what an emptied Redis learns anew."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.pace import PREFIX, Pace, Rest, Turn
from workers.stores import Stores

HOST = "en.tempo.co"
KEY = f"{PREFIX}{{{HOST}}}"
SECOND = timedelta(seconds=1)
BUSY = Rest(why="HTTP 429", first=10 * SECOND, longest=timedelta(hours=1))


@pytest.fixture
def connection(stores: Stores) -> redis.Redis:
    return stores.queue.connection


@pytest.fixture
def pace(connection: redis.Redis) -> Pace:
    return Pace(connection, crawler="a")


def ask(pace: Pace, *, delay: float = 10.0, concurrency: int = 100, wanted: int = 1, **known: object) -> Turn:
    return pace.take(HOST, delay=delay, concurrency=concurrency, wanted=wanted, **known)


def end_of_rest(connection: redis.Redis) -> None:
    """As if the time had passed."""
    connection.hset(KEY, "until", 0)


def is_free_now(connection: redis.Redis, *, since: float = 0.0) -> None:
    """As if the delay had passed."""
    seconds, micros = connection.time()
    connection.hset(KEY, "next", int((seconds - since) * 1_000_000 + micros))


# -- turns ------------------------------------------------------------------------------------------------------


def test_the_first_one_may_ask_and_the_next_one_waits_whoever_it_is(connection: redis.Redis, pace: Pace):
    assert len(ask(pace).permits) == 1
    other = ask(Pace(connection, crawler="b"))
    assert other.permits == ()
    assert 9.5 < other.wait <= 10
    assert (other.rests, other.returns, other.is_free) == (False, False, False)


def test_hosts_have_budgets_of_their_own_and_worlds_have_hosts_of_their_own(connection: redis.Redis, pace: Pace):
    assert ask(pace).permits
    assert pace.take("www.tempo.co", delay=10, concurrency=1).permits
    assert ask(Pace(connection, crawler="a", world="http://127.0.0.1:8093:")).permits


@settings(max_examples=15)
@given(
    delay=st.sampled_from([0.002, 0.01, 0.03]),
    questions=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 5), st.floats(0, 0.03)), max_size=12),
)
def test_however_many_ask_and_whenever_no_two_are_sent_too_close(
    prepared: Stores, delay: float, questions: list[tuple[str, int, float]]
):
    connection = prepared.queue.connection
    connection.delete(KEY, f"{KEY}:asking", f"{KEY}:crawlers", f"{KEY}:line")
    sent: list[float] = []
    for name, wanted, pause in questions:
        time.sleep(pause)
        turn = ask(Pace(connection, crawler=name), delay=delay, wanted=wanted)
        sent += [turn.at + turn.wait + number * delay for number in range(len(turn.permits))]
        assert bool(turn.permits) or turn.wait > 0
    for count, (first, later) in enumerate(pairwise(sent)):
        assert later - first > 0.74 * delay, count
        assert later - sent[0] > (count + 1) * delay - 0.26 * delay, "nothing is caught up"


@pytest.mark.parametrize(("late", "caught_up"), [(0.5, 0.5), (3.0, 1.0)])
def test_a_question_that_comes_a_little_late_makes_nobody_later(
    pace: Pace, connection: redis.Redis, late: float, caught_up: float
):
    now = ask(pace, delay=4).at
    connection.hset(KEY, "next", int((now - late) * 1_000_000))
    turn = ask(pace, delay=4)
    assert turn.permits
    following = ask(pace, delay=4)
    assert following.at + following.wait == pytest.approx(turn.at + 4 - caught_up, abs=0.1)


def test_who_has_waited_longest_is_next_however_soon_another_asks(connection: redis.Redis):
    a, b, c = (Pace(connection, crawler=name) for name in "abc")
    assert ask(a, delay=2).permits
    waits = [ask(each, delay=2).wait for each in (b, c, a)]
    assert waits == pytest.approx([2, 2.5, 3], abs=0.1)
    assert ask(b, delay=2).wait == pytest.approx(2, abs=0.1), "its place stays its own"
    is_free_now(connection)
    assert [ask(each, delay=2).permits for each in (a, c)] == [(), ()]
    assert ask(b, delay=2).permits
    is_free_now(connection)
    assert [bool(ask(each, delay=2).permits) for each in (b, a, c)] == [False, False, True]


def test_one_that_is_always_a_little_later_than_the_others_has_its_share(connection: redis.Redis):
    """As on a machine that is further from Redis; it got none at all."""
    end, turns = time.monotonic() + 4, Counter[str]()

    def crawl(name: str, lag: float) -> None:
        pace = Pace(connection, crawler=name)
        while time.monotonic() < end:
            turn = ask(pace, delay=0.2)
            turns[name] += len(turn.permits)
            time.sleep(turn.wait + lag)

    with ThreadPoolExecutor(4) as four:
        list(four.map(crawl, "abcd", (0.0, 0.0, 0.0, 0.02)))
    assert turns["d"] >= sum(turns.values()) / 8, turns


def test_the_next_in_the_line_waits_a_little_for_one_that_has_died(connection: redis.Redis):
    a, b, c = (Pace(connection, crawler=name) for name in "abc")
    for each in (a, b, c):
        ask(each, delay=2)
    is_free_now(connection, since=0.55)
    turn = ask(c, delay=2)
    assert turn.permits
    following = ask(a, delay=2)
    assert following.at + following.wait == pytest.approx(turn.at + 2 - 0.5 + 0.5, abs=0.1), "it cost the host no time"
    connection.zrem(f"{KEY}:crawlers", "b")
    assert ask(a, delay=2).wait == pytest.approx(1.5, abs=0.1), "it is forgotten with its place"


def test_no_line_is_so_long_that_a_turn_is_lost_and_who_ends_leaves_it(connection: redis.Redis):
    names = [Pace(connection, crawler=name) for name in "abcdefghi"]
    for each in names:
        ask(each, delay=2)
    last = names[-1]
    assert ask(last, delay=2).wait == pytest.approx(2 + 1.5, abs=0.1)
    for each in names[:-1]:
        each.leave([HOST, "www.tempo.co"])
    turn = ask(last, delay=2)
    assert turn.wait == pytest.approx(2, abs=0.1)
    assert (turn.place, turn.crawlers) == (0, 1)


def test_a_fast_host_gives_a_tenth_of_a_second_at_once(pace: Pace):
    assert len(ask(pace, delay=0.01, wanted=50).permits) == 10
    assert len(ask(Pace(pace._redis, crawler="b"), delay=1, wanted=50).permits) <= 1


def test_no_more_at_a_time_than_may_be_and_a_crawler_that_died_keeps_none_for_ever(connection: redis.Redis, pace: Pace):
    first = ask(pace, delay=0.01, concurrency=2, wanted=5)
    assert len(first.permits) == 2
    time.sleep(0.05)
    other = Pace(connection, crawler="b")
    assert ask(other, delay=0.01, concurrency=2).permits == ()
    pace.end(HOST, first.permits[:1])
    assert len(ask(other, delay=0.01, concurrency=2, wanted=5).permits) == 1
    assert 30 < connection.ttl(f"{KEY}:asking") <= 40


def test_a_host_without_a_delay_has_no_budget(connection: redis.Redis, pace: Pace):
    assert len(ask(pace, delay=0.0, concurrency=2, wanted=5).permits) == 5
    assert ask(pace, delay=0.0, concurrency=2).is_free
    assert connection.keys(f"{KEY}:asking") == []


def test_each_knows_its_place_among_those_that_ask(connection: redis.Redis):
    for name in "bca":
        last = ask(Pace(connection, crawler=name))
    assert (last.place, last.crawlers) == (0, 3)
    assert ask(Pace(connection, crawler="c")).place == 2


def test_what_robots_txt_asks_for_holds_for_all(connection: redis.Redis, pace: Pace):
    pace.slow_down(HOST, 5.0)
    assert ask(Pace(connection, crawler="b"), delay=1.0).delay == 5.0
    assert set(pace.look([HOST, "www.tempo.co"])) == {HOST}
    pace.slow_down(HOST, 0)
    assert ask(pace, delay=0.0).delay == 0.0


# -- rests ------------------------------------------------------------------------------------------------------


def test_a_rest_is_for_all(connection: redis.Redis, pace: Pace):
    assert pace.rest(HOST, BUSY) == pytest.approx(10, abs=0.1)
    turn = ask(Pace(connection, crawler="b"), delay=0.0)
    assert (turn.permits, turn.rests, turn.why) == ((), True, "HTTP 429")
    assert turn.wait == pytest.approx(10, abs=0.2)
    left, why = pace.look([HOST])[HOST]
    assert (why, left) == ("HTTP 429", pytest.approx(10, abs=0.2))


@settings(max_examples=15)
@given(named=st.lists(st.none() | st.integers(0, 10_000), min_size=1, max_size=12))
def test_rests_in_a_row_grow_within_their_bounds(prepared: Stores, named: list[int | None]):
    connection = prepared.queue.connection
    connection.delete(KEY)
    pace = Pace(connection, crawler="a")
    for number, seconds in enumerate(named):
        asked = None if seconds is None else seconds * SECOND
        left = pace.rest(HOST, Rest(why="HTTP 503", named=asked, first=10 * SECOND, longest=timedelta(hours=1)))
        assert left == pytest.approx(min(3600, max(seconds or 0, 10 * 2**number)), abs=0.1)
        end_of_rest(connection)
    assert 0 < connection.ttl(KEY) <= 2 * 86_400


def test_answers_to_what_was_sent_before_are_no_second_rest(pace: Pace, connection: redis.Redis):
    pace.rest(HOST, BUSY)
    assert pace.rest(HOST, BUSY) == pytest.approx(10, abs=0.1)
    assert connection.hget(KEY, "rests") == b"1"
    longer = Rest(why="HTTP 429", named=60 * SECOND, first=10 * SECOND, longest=timedelta(hours=1))
    assert pace.rest(HOST, longer) == pytest.approx(60, abs=0.1)


def test_a_host_returns_slowly_by_good_answers(pace: Pace, connection: redis.Redis):
    delays = []
    for _ in range(2):
        pace.rest(HOST, BUSY)
        end_of_rest(connection)
    while ask(pace, delay=0.0, wanted=0).returns:
        turn = ask(pace, delay=0.0, wanted=0)
        delays.append(turn.delay)
        assert not turn.is_free
        pace.end(HOST, [], good=1)
    assert delays == [2.0] * 5 + [1.0] * 5
    assert ask(pace, delay=0.0).is_free
    assert pace.rest(HOST, BUSY) == pytest.approx(10, abs=0.1), "what is over is forgotten"


def test_answers_that_are_not_good_bring_nothing_back(pace: Pace, connection: redis.Redis):
    pace.rest(HOST, BUSY)
    end_of_rest(connection)
    assert all(pace.end(HOST, ["x"], good=0) for _ in range(20))


def test_no_host_is_slowed_down_beyond_its_lease(pace: Pace, connection: redis.Redis):
    for _ in range(9):
        pace.rest(HOST, BUSY)
        end_of_rest(connection)
    assert ask(pace, delay=2.0, wanted=0).delay == 30.0
    assert ask(pace, delay=100.0, wanted=0).delay == 100.0


# -- Redis is lost ----------------------------------------------------------------------------------------------


def test_an_emptied_redis_begins_slowly_with_those_who_know_better(pace: Pace, connection: redis.Redis):
    assert ask(pace, delay=0.5).permits
    connection.flushall()
    waits = [ask(Pace(connection, crawler=name), delay=0.5, was_known=True) for name in "abc"]
    assert [turn.permits for turn in waits] == [(), (), ()]
    assert [turn.wait for turn in waits] == pytest.approx([1.0, 1.125, 1.25], abs=0.1)


def test_one_that_asked_without_it_does_not_ask_at_once_when_it_is_back(pace: Pace):
    ask(pace, delay=0.1)
    time.sleep(0.15)
    turn = ask(pace, delay=0.1, was_known=True, was_away=True)
    assert turn.permits == ()
    assert turn.wait == pytest.approx(0.2, abs=0.02)


def test_an_emptied_redis_is_told_of_a_rest(pace: Pace, connection: redis.Redis):
    pace.rest(HOST, BUSY)
    connection.flushall()
    assert ask(pace, rest=(9.0, "HTTP 429"), was_known=True).rests
    other = ask(Pace(connection, crawler="b"))
    assert (other.rests, other.why) == (True, "HTTP 429")
    assert 8.5 < other.wait <= 9.0
    until = other.at + other.wait
    again = ask(pace, rest=(other.wait + 0.1, "HTTP 429"))
    assert again.at + again.wait == pytest.approx(until, abs=0.001), "what is known late does not lengthen it"
