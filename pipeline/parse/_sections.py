"""Headings and banner lines that part a digest: sections of papers, and sections that hold none."""

from __future__ import annotations

import re

from pipeline.parse._blocks import Block
from pipeline.parse._dates import find_date
from pipeline.parse._days import is_update_note
from pipeline.parse._inline import whole_link, without_emphasis

_NUMBER = re.compile(
    r"(?:\[[0-9]{1,3}\]|#[0-9]{1,3}|[(（][0-9０-９]{1,3}[)）]|[0-9]{1,3}\s?(?:[、，．)）]|[.:：](?![0-9])))\s*"
)
_EMOJI = re.compile("^[\u2190-\u2bff\u3030\ufe0f\u200d\U0001f000-\U0001faff]+\\s*")
# Sections that pass for papers because their heading is a link, or whose items are links to no paper.
_STANDING = re.compile(
    r"(?:our |my |the |this week's |upcoming |other |more |past |previous )?(?:"
    r"sponsors?|advertisements?|ads?|jobs?|job board|hiring|careers|events?|meetups?|archives?|issues|"
    r"table of contents|contents|toc|about(?: us| me)?|contact(?: us)?|subscribe|subscription|feedback|"
    r"credits|licen[sc]e|contributing|(?:new )?contributors|acknowledge?ments|support(?: us)?|"
    r"call for (?:participation|papers)|招聘|广告|赞助|订阅|往期(?:回顾|推荐)?|历史上的本周|目录|关于|联系|"
    r"구독|목차|광고|채용|후원|소개)"
    r"|(?:sponsor(?:ed)?(?: by)?|advertisement|ad|广告|광고)\s?[:：-].*",
    re.IGNORECASE,
)
_LONGEST_BANNER = 120
_RULE_LINE = re.compile(r"([-=~#*+_/])\1{2,}")
_SIGNS = r"[-=~#*+_/|<>:.\[\]]"
_BANNER = re.compile(rf"(?:([-=~#*+_/])\1{{2,}}{_SIGNS}*\s+|[-=~#+/*]{{4,}}\s*)(\S.*?)\s*{_SIGNS}{{2,}}")


def without_number(text: str) -> str:
    """Return a text without its number (``1.``, ``[3]``, ``2、``, ``（1）``) and the signs before it."""
    bare = _EMOJI.sub("", text)
    found = _NUMBER.match(bare)
    return bare[found.end() :] if found and found.end() < len(bare) else bare


def is_standing(text: str) -> bool:
    """Tell whether a heading names a section that digests repeat and that holds no papers."""
    bare = without_number(without_emphasis(text))
    link = whole_link(bare)
    return bool(_STANDING.fullmatch((link.label if link else bare).strip(" *_:：")))


def standing_headings(blocks: list[Block]) -> dict[int, bool]:
    """Return for each heading, by its place, whether it is a standing section or stands below one."""
    found: dict[int, bool] = {}
    level: int | None = None
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            inside = level is not None and block.level > level
            level = level if inside else block.level if is_standing(block.text) else None
            found[index] = level is not None
    return found


def section_name(text: str) -> str | None:
    """Return the name of a section as written; None for a date or a note on the last update."""
    bare = without_number(without_emphasis(text)).strip()
    link = whole_link(bare)
    day = find_date(bare)
    if is_update_note(bare) or (day and not day.rest):
        return None
    return (link.label if link else bare).rstrip(" :：") or None


def banner(text: str) -> str | None:
    """Return the words of a banner line: ``-----[ Tools ]-----``, ``=== Tools ===``."""
    found = _BANNER.fullmatch(text) if len(text) <= _LONGEST_BANNER else None
    return found[2].strip(" []|<>:.") or None if found else None


def is_ruled(text: str) -> bool:
    """Tell whether a line is nothing but one sign, repeated."""
    return _RULE_LINE.fullmatch(text) is not None


def enclosing(blocks: list[Block]) -> list[Block]:
    """Return the headings that are open behind the last block, outermost first."""
    above: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            above = [*(outer for outer in above if outer.level < block.level), block]
    return above
