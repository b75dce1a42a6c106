"""Hostile text costs what it weighs: four times the text, about four times the time, never sixteen."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Iterator

import pytest

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import parse

SMALL, LARGE = 6_000, 24_000
# A quadratic step takes sixteen times as long; a loaded machine does not make four into ten.
RATIO = 10.0
FLOOR = 0.15
# Copies of lists are quick, so pages are longer and the bound is closer.
PAGE, PAGE_RATIO = 20_000, 6.5

HEAD = "https://arxiv.org/abs/2403.00001\n\n*Small Steps* (Ada Lovelace)\n\n"
# Marks inside a line; they are put where a title, a list of names and a text are read.
INLINE = {
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
    "whole links": "[a](https://b.cd) ",
    "boxed links": "[[a](https://b.cd)] ",
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
}
INLINE_FRAMES = {
    "title": "https://arxiv.org/abs/2403.00001\n\n*{}* (Ada Lovelace)\n",
    "authors": "https://arxiv.org/abs/2403.00001\n\nSmall Steps ({})\n",
    "alone": "{}",
    "item": "# 2024-03-01\n\n- {} [T](https://a.bc)\n",
    "cell": "# 2024-03-01\n\n| Title | URL |\n|---|---|\n| **T** - {} | https://a.bc |\n",
}
# Lines and runs of lines; ``{i}`` counts them, so that no two papers are one.
LINES = {
    "item lines": "- a\n",
    "numbered lines": "1. a\n",
    "nested items": "- a\n  - b\n",
    "quote lines": "> a\n",
    "address lines": "https://a.bc/{i}\n",
    "title lines": "Small Steps (Ada Lovelace)\n",
    "indented lines": "  a\n",
    "unclosed lines": "(Ada Lovelace, \n",
    "emphasis lines": "*a*\n",
    "tags lines": "#a{i} #b\n",
    "headings": "# a\n",
    "rows": "|a|b|\n",
    "english": "<english>\n",
    "papers": "https://a.bc/{i}\n\nSmall Steps (Ada Lovelace)\n\n가\n\n",
    "fences": "```\n",
}
LINE_FRAMES = {"alone": "{}", "body": HEAD + "{}x y\n", "review": "# 240301 words\n\n{}\n\n#review\n"}
# Pages of many papers, one for each way in which a profile looks for their borders.
PAGES = {
    "flat": "T{i}\n(Ada Lovelace, Alan Turing)\nabs\n가\n#t\n",
    "flat, authors on the line": "*T{i}* (Ada Lovelace, Alan Turing)\nabs\n가\n#t\n",
    "flat, wrapped authors": "T{i}\n(Ada Lovelace,\nAlan Turing)\nabs\n가\n#t\n",
    "flat, without authors": "T{i}\nabs\n#t\n",
    "linked headings": "## [T{i}](https://a.bc/{i})\n\nwords\n\n",
    "standing sections": "## [T{i}](https://a.bc/{i})\n\nwords\n\n## Jobs\n\nx\n\n",
    "sections": "# S{i}\n\n## [T](https://a.bc/{i})\n\n",
    "sections without papers": "## S{i}\n\n### U{i}\n\nwords\n\n",
    "details": "## [T{i}](https://a.bc/{i})\n<details><summary>x\n",
    "labels below headings": "## [T{i}](https://a.bc/{i})\nAbstract: a\nb\n\nTags: a{i}, b\n\n",
    "tables": "## S{i}\n\n| Title | URL |\n|---|---|\n| T{i} | https://a.bc/{i} |\n\n",
    "items": "- [T{i}](https://a.bc/{i}) words\n",
    "items in sections": "## S{i}\n\n- [T{i}](https://a.bc/{i}) words\n\n",
    "items in groups": "- G{i}\n  - [T{i}](https://a.bc/{i}) words\n",
    "items with items": "- [T{i}](https://a.bc/{i})\n  - Code: https://b.cd/{i}\n  - words\n",
    "items with references": "- [T{i}][r{i}]\n\n[r{i}]: https://a.bc/{i}\n\n",
    "unsure items": "- see [a](https://a.bc/{i}) and [b](https://b.cd/{i})\n",
    "numbered": "{i}、[T{i}](https://a.bc/{i})\n\nwords\n\n",
    "labels": "URL: https://a.bc/{i}\nDescription: T{i}\n\n",
    "labels without blank lines": "URL: https://a.bc/{i}\nDescription: T{i}\n",
    "labels below titles": "**《T{i}》**\n\nAbstract：x\n\narXiv：https://a.bc/{i}\n\n",
    "banners": "-----[ S{i} ]-----\n\nURL: https://a.bc/{i}\nDescription: T{i}\n\n",
}
# Pages that hold their days themselves.
DATED_PAGES = {
    "dated tables": "## S{i}\n\n| Date | Title |\n|---|---|\n| 2024-03-01 | [T](https://a.bc/{i}) |\n\n",
    "weeks": "## June 23 - June 29\n\n- [T](https://a.bc/{i})\n\n",
    "weeks with years": "## June 23 - June 29 - 2024\n\n- [T](https://a.bc/{i})\n\n",
    "days": "## 2024-03-01\n\n- [T](https://a.bc/{i})\n\n",
}


def cases(units: dict[str, str], frames: dict[str, str], name: str) -> Iterator[object]:
    """Give each unit in each frame."""
    for where, frame in frames.items():
        for what, unit in units.items():
            yield pytest.param(name, frame, unit, id=f"{what} - {where}")


@pytest.fixture(autouse=True)
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector out: it walks all that lives, what a run before this one left too."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("name", "frame", "unit"),
    [
        *cases(INLINE, INLINE_FRAMES, "2024/240301 T.md"),
        *cases(LINES, LINE_FRAMES, "2024/240301 T.md"),
    ],
)
def test_cost_grows_with_the_text(name: str, frame: str, unit: str) -> None:
    small = seconds(name, frame, unit, SMALL)
    large = seconds(name, frame, unit, LARGE)
    if large > max(small * RATIO, FLOOR):  # once more: the machine may have been busy
        small, large = seconds(name, frame, unit, SMALL), seconds(name, frame, unit, LARGE)
    assert large < max(small * RATIO, FLOOR)


@pytest.mark.parametrize(
    ("name", "frame", "unit"),
    [*cases(PAGES, {"page": "{}"}, "2024-03-01.md"), *cases(DATED_PAGES, {"days": "{}"}, "papers.md")],
)
def test_cost_grows_with_the_papers(name: str, frame: str, unit: str) -> None:
    small, large = (seconds(name, frame, unit, PAGE * factor) for factor in (1, 4))
    if large > small * PAGE_RATIO:
        small, large = (seconds(name, frame, unit, PAGE * factor) for factor in (1, 4))
    assert large < small * PAGE_RATIO


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u3000"], ids=["space", "tab", "nbsp", "wide"])
@pytest.mark.parametrize("frame", [*INLINE_FRAMES.values(), HEAD + "{}"], ids=[*INLINE_FRAMES, "body"])
def test_runs_of_blanks_are_walked_once(frame: str, blank: str) -> None:
    assert seconds("2024/240301 T.md", frame, f"a{blank * LARGE}(b", 1) < 2


def test_a_line_of_a_megabyte_is_read() -> None:
    assert seconds("2024/240301 T.md", HEAD + "{}", "단어 words (https://a.bc/d), ", 1_000_000) < 10


def seconds(name: str, frame: str, unit: str, size: int) -> float:
    """Return how long reading a frame filled to a size takes."""
    count = max(size // len(unit), 1)
    text = "".join(unit.replace("{i}", str(i)) for i in range(count)) if "{i}" in unit else unit * count
    started = time.process_time()
    with contextlib.suppress(SourceError):
        parse(Source(name=name, text=frame.replace("{}", text)))
    return time.process_time() - started
