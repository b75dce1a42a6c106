"""Hostile text costs what it weighs: four times the text, about four times the time, never sixteen."""

from __future__ import annotations

import contextlib
import time

import pytest

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import parse

SMALL, LARGE = 8_000, 32_000
# A quadratic step takes sixteen times as long; a loaded machine does not make four into ten.
RATIO = 10.0
FLOOR = 0.2

HEAD = "https://arxiv.org/abs/2403.00001\n\n*Small Steps* (Ada Lovelace)\n\n"
UNITS = {
    "letters": "a",
    "opening brackets": "(",
    "closing brackets": ")",
    "bracket pairs": "()",
    "unclosed words": "(a ",
    "asterisks": "*",
    "spaced asterisks": "* ",
    "emphasis": "*a* (",
    "emphasis pairs": "*a* (b) ",
    "underscores": "_a",
    "hashtags": "#a ",
    "glued hashtags": "#a",
    "names": "Ada Lovelace, ",
    "and": "Ada Lovelace and ",
    "colons": "Org: ",
    "digits": "1,",
    "stars": "Ada Lovelace*",
    "addresses": "https://a.bc/d ",
    "glued addresses": "https://",
    "links": "[a](",
    "wikilinks": "[[a",
    "square brackets": "[",
    "angles": "<",
    "comments": "<!--",
    "quotes": ">",
    "remarks": "(equal ",
    "more": "et al ",
    "not shown": "additional authors ",
    "legends": "((1) ",
    "bars": "|",
    "dots": "a.b.",
    "hangul": "가 ",
    "item lines": "- a\n",
    "numbered lines": "1. a\n",
    "nested items": "- a\n  - b\n",
    "quote lines": "> a\n",
    "address lines": "https://a.bc/d\n",
    "title lines": "Small Steps (Ada Lovelace)\n",
    "indented lines": "  a\n",
    "unclosed lines": "(Ada Lovelace, \n",
    "emphasis lines": "*a*\n",
    "tags lines": "#a #b\n",
    "headings": "# a\n",
    "rows": "|a|b|\n",
    "english": "<english>\n",
    "papers": "https://a.bc/d\n\nSmall Steps (Ada Lovelace)\n\n가\n\n",
    "fences": "```\n",
}
FRAMES = {
    "alone": "{}",
    "title": "https://arxiv.org/abs/2403.00001\n\n*{}* (Ada Lovelace)\n",
    "authors": "https://arxiv.org/abs/2403.00001\n\n*Small Steps* ({})\n",
    "plain": "https://arxiv.org/abs/2403.00001\n\nSmall Steps ({})\n",
    "body": HEAD + "{} x y\n",
    "review": "# 240301 words\n\n{}\n\n#review\n",
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_cost_grows_with_the_text(frame: str, unit: str) -> None:
    small = seconds(frame, unit, SMALL)
    large = seconds(frame, unit, LARGE)
    if large > max(small * RATIO, FLOOR):  # once more: the machine may have been busy
        small, large = seconds(frame, unit, SMALL), seconds(frame, unit, LARGE)
    assert large < max(small * RATIO, FLOOR)


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u3000"], ids=["space", "tab", "nbsp", "wide"])
@pytest.mark.parametrize("frame", ["title", "authors", "plain", "body"])
def test_runs_of_blanks_are_walked_once(frame: str, blank: str) -> None:
    assert seconds(FRAMES[frame], f"a{blank * LARGE}(b", 1) < 2


def seconds(frame: str, unit: str, size: int) -> float:
    """Return how long the best of two readings of a frame filled to a size takes."""
    text = frame.replace("{}", unit * max(size // len(unit), 1))
    return min(_once(text) for _ in range(2))


def _once(text: str) -> float:
    started = time.process_time()
    with contextlib.suppress(SourceError):
        parse(Source(name="2024/240301 T.md", text=text))
    return time.process_time() - started
