"""Hostile text costs what it weighs: many times the text, as many times the work, never the square."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from costs import BOUND, Make, Work, growth, slowdown

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import parse

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


BLANKS = {"spaces": " ", "tabs": "\t", "hard blanks": "\u00a0", "wide blanks": "\u3000"}
NOTE, DAY, DAYS = "2024/240301 T.md", "2024-03-01.md", "papers.md"


def cases(units: dict[str, str], frames: dict[str, str], name: str) -> Iterator[object]:
    """Give each unit in each frame."""
    for where, frame in frames.items():
        for what, unit in units.items():
            yield pytest.param(reading(name, frame, unit), id=f"{what} - {where}")


def reading(name: str, frame: str, unit: str) -> Make:
    """Return what reads a frame that is filled with units up to a size."""

    def make(size: int) -> Work:
        count = max(size // len(unit), 1)
        text = "".join(unit.replace("{i}", str(i)) for i in range(count)) if "{i}" in unit else unit * count
        source = Source(name=name, text=frame.replace("{}", text))
        return lambda: read(source)

    return make


def read(source: Source) -> None:
    with contextlib.suppress(SourceError):
        parse(source)


CASES = [
    *cases(INLINE, INLINE_FRAMES, NOTE),
    *cases(LINES, LINE_FRAMES, NOTE),
    *cases(PAGES, {"page": "{}"}, DAY),
    *cases(DATED_PAGES, {"days": "{}"}, DAYS),
]
BETWEEN = {
    where: frame.replace("{}", "a{}(b") for where, frame in [*INLINE_FRAMES.items(), ("body", HEAD + "{}")]
}


@pytest.mark.parametrize("make", CASES)
def test_steps_grow_with_the_text(make: Make) -> None:
    # A little more than the text, where looking ahead ends with the text or, if that is longer, before.
    assert growth(make, 1_000) < 1.25


@pytest.mark.parametrize("make", [*CASES, *cases(BLANKS, BETWEEN, NOTE)])
def test_time_inside_a_step_grows_with_the_text(make: Make) -> None:
    assert slowdown(make, 48_000) < BOUND


def test_a_line_of_a_megabyte_is_read() -> None:
    text = HEAD + "단어 words (https://a.bc/d), " * 50_000
    ((entry,),) = (digest.entries for digest in parse(Source(name=NOTE, text=text)))
    assert len(entry.commentary[0].text) > 1_000_000
