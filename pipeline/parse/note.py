"""The note profile: one paper a file; link, title with authors, quoted abstract, comment, tags.

The day is that of the file name, so a day is the set of its notes.
"""

from __future__ import annotations

from pipeline.model import Span
from pipeline.parse._blocks import Block, Page
from pipeline.parse._body import is_links_heading, language_differs, take_body
from pipeline.parse._draft import Draft
from pipeline.parse._head import (
    take_authors_line,
    take_bare_title,
    take_heading,
    take_links,
    take_odd_header,
    take_other_titles,
    take_title_line,
)
from pipeline.parse._inline import whole_link
from pipeline.parse._profile import Profile, Reading, Template, slips, span, take_file_day
from pipeline.parse._titles import is_foreign, read_title
from pipeline.problems import problem

_SHORTEST_ABSTRACT = 150


def recognises(page: Page) -> bool:
    """Tell whether the page has a day of its own, or starts as a note does though it has none."""
    day = take_file_day(page)
    return bool(day.blocks) and (day.day is not None or day.blocks[0].kind == "url")


def read(page: Page) -> Reading:
    """Read the whole page as one paper; a date heading is its title where nothing better is."""
    day = take_file_day(page)
    draft = Draft()
    _read_entry(draft, list(day.blocks), headed=bool(day.spans))
    if not draft.title and day.heading:
        draft.title = day.heading
    if draft.empty():
        problems = (*day.problems, problem("nothing-to-publish", page.name, 1))
        return Reading(day=day.day, spans=_all_lines(page), problems=problems)
    problems = (*day.problems, *slips(page.name, [draft]))
    return Reading(day=day.day, drafts=(draft,), spans=day.spans, problems=problems)


def _read_entry(draft: Draft, blocks: list[Block], *, headed: bool) -> None:
    body = _take_head(draft, blocks, headed=headed)
    take_body(draft, body, plain_abstract=bool(draft.authors) and _has_plain_abstract(body))


def _take_head(draft: Draft, blocks: list[Block], *, headed: bool) -> list[Block]:
    rest = take_links(draft, blocks)
    if rest and _is_title_heading(rest[0], linked=bool(draft.links), headed=headed):
        take_heading(draft, rest[0])
        return take_authors_line(draft, rest[1:])
    rest = take_odd_header(draft, take_title_line(draft, rest))
    if draft.title and not draft.authors:
        rest = take_authors_line(draft, rest)
    if not draft.links:
        rest = take_links(draft, rest)
    if draft.links and not draft.title and not draft.commentary:
        rest = take_bare_title(draft, take_title_line(draft, rest))
    return take_other_titles(draft, rest)


def _is_title_heading(block: Block, *, linked: bool, headed: bool) -> bool:
    """A heading that is a link, the first of its level, or one below the paper's link is its title."""
    if block.kind != "heading" or is_links_heading(block) or read_title(block.text):
        return False
    first = block.level == 1 and not headed
    return bool(whole_link(block.text)) or first or (linked and not is_foreign(block.text))


def _has_plain_abstract(body: list[Block]) -> bool:
    """Without a quote, a long Latin paragraph in front of a comment in another script is the abstract."""
    words = [block for block in body if block.kind in {"paragraph", "bracket", "quote", "item"}]
    return (
        bool(words)
        and words[0] is body[0]
        and words[0].kind == "paragraph"
        and len(words[0].text) >= _SHORTEST_ABSTRACT
        and not language_differs(words[0].text)
        and all(block.kind != "quote" for block in words)
        and any(language_differs(block.text) for block in words)
    )


def _all_lines(page: Page) -> tuple[Span, ...]:
    return tuple(span("skipped", block, "not-an-entry") for block in page.blocks)


TEMPLATE = Template(
    file="{day:%y%m%d} Title.md",
    text="https://arxiv.org/abs/\n\n*Title* (Author, Author)\n\n> Abstract.\n\nComment.\n\n#tag\n",
)
PROFILE = Profile(
    name="note", recognises=recognises, read=read, one_day=True, beside_notes=True, template=TEMPLATE
)
