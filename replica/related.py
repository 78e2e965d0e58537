"""Which stories point to which: mostly to somewhat older ones, and always to those that no index page shows."""

from __future__ import annotations

from itertools import islice
from typing import Final

from replica import salts
from replica.dice import Dice
from replica.editions import Edition
from replica.newsroom import Newsroom

_FEWEST, _MOST = 4, 8  # cards on a page; the page this project began from has ten
_NEAR: Final = 30  # stories, about 18 hours
_FAR: Final = 1500  # stories, about five weeks
_FAR_ONCE_IN: Final = 12
_TRIES: Final = 4 * _MOST  # in a tiny world most guesses meet themselves or the end


def related_serials(newsroom: Newsroom, edition: Edition, serial: int) -> list[int]:
    """4 to 8 of the same edition, from the newest; fewer only where the edition has no more."""
    size = newsroom.size(edition)
    dice = Dice(newsroom.seed, salts.RELATED, edition.parity, serial)
    wanted = min(_FEWEST + dice.roll(_MOST - _FEWEST + 1), size - 1)
    found = set(_hidden_neighbours(newsroom, serial, size))
    for _ in range(_TRIES):
        if len(found) >= wanted:
            break
        found |= _guess(dice, serial, size)
    return sorted(found | set(_nearest(serial, size, found, wanted - len(found))))


def _hidden_neighbours(newsroom: Newsroom, serial: int, size: int) -> list[int]:
    """A story that no index page shows hangs on both listed stories before it: one may be deleted."""
    if not newsroom.in_index(serial):
        return []
    return [other for other in (serial + 1, serial + 2) if other < size and not newsroom.in_index(other)]


def _guess(dice: Dice, serial: int, size: int) -> set[int]:
    offset = 1 + dice.roll(_FAR if dice.one_in(_FAR_ONCE_IN) else _NEAR)
    other = serial + offset if serial + offset < size else serial - offset
    return {other} if other >= 0 else set()


def _nearest(serial: int, size: int, found: set[int], missing: int) -> list[int]:
    """What guessing did not find, in a tiny world."""
    around = ((serial + step) % size for step in range(1, size))
    return list(islice((other for other in around if other not in found), max(0, missing)))
