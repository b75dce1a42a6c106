"""How work grows with what it is given, told on any machine and however busy that is; 1 is linear.

Work in Python is counted, so it is the same in each run. What happens inside one call of C no count sees: a
regular expression that goes back, a copy of a list. For that alone CPU time is taken, as the ratio of two
sizes in one run.
"""

from __future__ import annotations

import functools
import gc
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

Work = Callable[[], object]
Make = Callable[[int], Work]
"""Returns work on something of a size."""

TIMES = 8
BOUND = 2.5
"""Slowdown far from that of linear work, which is 1, and from that of quadratic work, which is ``TIMES``."""
NOTHING = 0.16
"""Seconds of CPU: work that takes less is no burden at its full size, and too short to compare at a part."""


_LRU_CACHE = type(functools.lru_cache(len))


def steps(work: Work) -> int:
    """Return how many functions work calls and lines it runs, ours and those of libraries in Python."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event in {"call", "line"}
        return counted

    _forget()
    before = sys.gettrace()  # that of the measurement of coverage
    sys.settrace(counted)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def growth(make: Make, size: int, times: int = 4) -> float:
    """Return by how much more than the size the steps grow, from ``size`` to as many times as much."""
    small, large = make(size), make(size * times)
    small(), large()  # imports and tables
    return steps(large) / steps(small) / times


def slowdown(make: Make, size: int) -> float:
    """Return by how much more than the size the CPU time grows up to ``size``; 0 where it is next to nothing.

    It is looked at on the way too: what is quadratic shows there, before it takes hours.
    """
    for part in (64, 16, 4, 1):
        small = max(size // part // TIMES, 1)
        grown = _slowdown(make(small), make(small * TIMES))
        if grown >= BOUND:
            break
    return grown


def _slowdown(small: Work, large: Work) -> float:
    """Return how the times of two compare, at need the least of five: others only make a machine slower."""
    most, least = _seconds(large), float("inf")
    for _ in range(5):
        if most < NOTHING:
            return 0
        least = min(least, _seconds(small))
        if most < least * TIMES * BOUND:
            break
        most = min(most, _seconds(large))
    return most / least / TIMES


def _seconds(work: Work) -> float:
    """Return the CPU time of this thread alone, without the collector: it walks what other tests left."""
    _forget()
    gc.disable()
    started = time.thread_time()
    try:
        work()
    finally:
        spent = time.thread_time() - started
        gc.enable()
    return spent


def _forget() -> None:
    """Empty the caches of answers, or a second look at the same would cost nothing; tables are kept."""
    for name, module in list(sys.modules.items()):
        for cached in vars(module).values() if name.startswith("pipeline") else ():
            if isinstance(cached, _LRU_CACHE) and cached.cache_parameters()["maxsize"] is not None:
                cached.cache_clear()
