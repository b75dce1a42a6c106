"""Reading takes as many steps more as the text is longer, in all shapes that `make bench` reads."""

from __future__ import annotations

import pytest
from bench_reading import SHAPES
from costs import Work, growth

from pipeline.model import Source
from pipeline.parse import parse


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_grow_with_the_text(shape: str) -> None:
    name, text_of = SHAPES[shape]

    def reading(size: int) -> Work:
        source = Source(name=name, text=text_of(size))
        return lambda: parse(source)

    assert growth(reading, 10_000) < 1.1
