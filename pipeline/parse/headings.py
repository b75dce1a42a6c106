"""The headings profile: a heading that is wholly one link starts a paper; authors stand below it.

A heading without a link starts one too if its authors stand right below it in brackets.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.parse._authors import looks_like_authors
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import language_differs, take_body
from pipeline.parse._draft import Draft
from pipeline.parse._head import take_authors_line, take_heading
from pipeline.parse._inline import whole_link
from pipeline.parse._profile import Profile, Reading, passages, span, take_day


def recognises(page: Page) -> bool:
    """Tell whether any heading is wholly one link, or has authors right below it."""
    return any(_starts_entry(page.blocks, index) for index in range(len(page.blocks)))


def read(page: Page) -> Reading:
    """Read each paper from its heading to the next heading of its level or above."""
    day, blocks, spans = take_day(page)
    starts = [index for index in range(len(blocks)) if _starts_entry(blocks, index)]
    before = blocks[: starts[0]] if starts else blocks
    bounds = zip(starts, [*starts[1:], len(blocks)][: len(starts)], strict=True)
    return Reading(
        day=day,
        title=day.rest or None if day else None,
        introduction=passages(before),
        drafts=tuple(_read_entry(blocks[start:end]) for start, end in bounds),
        spans=spans + tuple(span("introduction", block, "introduction") for block in before),
    )


def _starts_entry(blocks: Sequence[Block], index: int) -> bool:
    block = blocks[index]
    if block.kind != "heading":
        return False
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    named = below is not None and below.kind == "bracket" and looks_like_authors(below.text[1:-1])
    return named or whole_link(block.text) is not None


def _read_entry(blocks: list[Block]) -> Draft:
    draft = Draft()
    take_heading(draft, blocks[0])
    body = take_authors_line(draft, blocks[1:])
    take_body(draft, body, plain_abstract=_has_plain_abstract(body))
    return draft


def _has_plain_abstract(body: list[Block]) -> bool:
    """Without a quote, a Latin paragraph in front of a comment in another script is the abstract."""
    words = [block for block in body if block.kind in {"paragraph", "bracket", "quote"}]
    return (
        bool(words)
        and all(block.kind != "quote" for block in words)
        and not language_differs(words[0].text)
        and any(language_differs(block.text) for block in words)
    )


PROFILE = Profile(name="headings", recognises=recognises, read=read)
