"""The front end of plain text: every line is a block of its own.

Of the marks of Markdown two mean the same wherever they are typed: ``>`` before a quote, and a ruled line.
"""

from __future__ import annotations

import re

from pipeline.model import Source
from pipeline.parse._blocks import Block, Kind, Page, line_kind
from pipeline.parse._lines import read_lines
from pipeline.parse._sections import is_ruled

SUFFIXES = (".txt", ".text", "")

_QUOTED = re.compile(r">\s?(?=[^\s>])")


def read_text(source: Source) -> Page:
    """Return the blocks of a plain text: URL lines, bracket lines, tag lines and paragraphs."""
    lines, problems = read_lines(source.text, source.name)
    blocks: list[Block] = []
    gap = True
    for line in lines:
        if not line.text:
            gap = True
            continue
        kind, text = _read_line(line.text)
        blocks.append(
            Block(
                kind=kind,
                text=text,
                first=line.number,
                last=line.number,
                gap=gap,
                indent=line.indent,
            )
        )
        gap = False
    return Page(name=source.name, blocks=tuple(blocks), problems=problems)


def _read_line(text: str) -> tuple[Kind, str]:
    quoted = _QUOTED.match(text)
    if quoted:
        return "quote", text[quoted.end() :]
    return ("rule" if is_ruled(text) else line_kind(text)), text
