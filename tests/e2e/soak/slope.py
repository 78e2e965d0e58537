"""How a series grows, whatever single readings say: the median of the slopes between any two (Theil, Sen)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

HOUR = 3600.0
MIB = 1024.0 * 1024.0


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """By the hour, of times in seconds. Less than 29 readings in a hundred may be as wrong as they like."""
    if len(times) != len(values) or len(times) < 2:
        raise ValueError(f"{len(times)} times, {len(values)} values: no slope")
    at, what = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    first, second = np.triu_indices(len(at), k=1)
    return float(np.median((what[second] - what[first]) / (at[second] - at[first]))) * HOUR


def growth(values: Sequence[float]) -> float:
    """By how much the usual value of the last quarter is above that of the first."""
    quarter = max(1, len(values) // 4)
    return float(np.median(values[-quarter:]) - np.median(values[:quarter]))
