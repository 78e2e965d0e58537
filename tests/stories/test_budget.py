"""A site's pages of a day: counted once, however many take them at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from stories.budget import Budgets
from stories.mongo import Stories

TODAY, TOMORROW = date(2026, 11, 25), date(2026, 11, 26)


def test_no_more_than_there_are(database: Stories):
    budgets = Budgets(database)
    assert [budgets.spend("tempo-en", TODAY, pages=4, daily=10) for _ in range(4)] == [4, 4, 2, 0]
    assert budgets.spent("tempo-en", TODAY) == 10
    assert budgets.spend("tempo-en", TOMORROW, pages=4, daily=10) == 4
    assert budgets.spend("tempo-id", TODAY, pages=4, daily=10) == 4
    assert budgets.spent("tempo-id", TOMORROW) == 0


def test_what_was_not_asked_for_comes_back(database: Stories):
    budgets = Budgets(database)
    budgets.spend("tempo-en", TODAY, pages=10, daily=10)
    budgets.return_unasked("tempo-en", TODAY, pages=3)
    assert budgets.spend("tempo-en", TODAY, pages=10, daily=10) == 3


def test_a_smaller_budget_forgets_nothing(database: Stories):
    budgets = Budgets(database)
    budgets.spend("tempo-en", TODAY, pages=10, daily=10)
    assert budgets.spend("tempo-en", TODAY, pages=1, daily=5) == 0
    assert budgets.spend("tempo-en", TODAY, pages=5, daily=12) == 2


def test_many_at_once(database: Stories):
    budgets = Budgets(database)
    with ThreadPoolExecutor(8) as threads:
        got = threads.map(lambda _: budgets.spend("tempo-en", TODAY, pages=3, daily=50), range(40))
    assert sum(got) == 50
