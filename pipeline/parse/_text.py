"""The front end of plain text: every line is a block of its own."""

from __future__ import annotations

from pipeline.model import Source
from pipeline.parse._blocks import Block, Page, line_kind
from pipeline.parse._lines import read_lines

SUFFIXES = (".txt", ".text", "")


def read_text(source: Source) -> Page:
    """Return the blocks of a plain text: URL lines, bracket lines, tag lines and paragraphs."""
    lines, problems = read_lines(source.text, source.name)
    blocks: list[Block] = []
    gap = True
    for line in lines:
        if not line.text:
            gap = True
            continue
        blocks.append(
            Block(
                kind=line_kind(line.text),
                text=line.text,
                first=line.number,
                last=line.number,
                gap=gap,
                indent=line.indent,
            )
        )
        gap = False
    return Page(name=source.name, blocks=tuple(blocks), problems=problems)
