"""How many pages of a site were asked for on a day, by all its crawls: in MongoDB, so that nothing forgets it."""

from __future__ import annotations

from datetime import date

from pymongo import ReturnDocument

from stories.mongo import Stories


class Budgets:
    """The collection `budgets`. All methods may raise PyMongoError."""

    def __init__(self, database: Stories) -> None:
        self._budgets = database["budgets"]

    def spent(self, site: str, day: date) -> int:
        known = self._budgets.find_one({"_id": _key(site, day)})
        return known["pages"] if known else 0

    def spend(self, site: str, day: date, *, pages: int, daily: int) -> int:
        """Take so many pages from the day's; gives how many there were. Of two crawls, none gets what the other has."""
        known = {"$ifNull": ["$pages", 0]}
        before = self._budgets.find_one_and_update(
            {"_id": _key(site, day)},
            [
                {
                    "$set": {
                        "site": site,
                        "day": day.isoformat(),
                        "pages": {"$max": ["$pages", {"$min": [daily, {"$add": [known, pages]}]}]},
                    }
                }
            ],
            upsert=True,
            return_document=ReturnDocument.BEFORE,
        )
        spent = before["pages"] if before else 0
        return max(0, min(pages, daily - spent))

    def return_unasked(self, site: str, day: date, *, pages: int) -> None:
        """These were not asked for after all."""
        self._budgets.update_one({"_id": _key(site, day)}, {"$inc": {"pages": -pages}})


def _key(site: str, day: date) -> str:
    return f"{site} {day.isoformat()}"
