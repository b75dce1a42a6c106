"""How many examples the tests of properties try."""

from __future__ import annotations

from hypothesis import settings


def tries(usual: int) -> settings:
    """Return settings for so many examples in a run of the suite, many times as many in ``make fuzz``.

    The profiles, registered in conftest.py, say 100 and many times 100: so many does a test without them try.
    """
    return settings(max_examples=usual * settings().max_examples // 100)
