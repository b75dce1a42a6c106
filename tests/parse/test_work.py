"""Reading is linear: the calls it makes, counted and not timed, grow no faster than the text."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from bench_reading import SHAPES

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import parse

SMALL, LARGE = 20_000, 160_000
ALLOWED = 1.1


def calls(name: str, text: str) -> int:
    """Return how many functions, ours and built-in ones, a reading calls."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        parse(Source(name=name, text=text))
    except SourceError as error:
        pytest.fail(str(error))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_calls_grow_with_the_text(shape: str) -> None:
    name, make = SHAPES[shape]
    small, large = make(SMALL), make(LARGE)
    calls(name, small), calls(name, large)  # imports and caches
    growth = calls(name, large) / calls(name, small)
    assert growth < ALLOWED * max(len(large) / len(small), 1)
