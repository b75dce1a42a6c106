"""Posts: what a saved page, a feed or an export holds; each becomes a page of its own."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct, structs

from pipeline.errors import SourceError
from pipeline.model import Problem
from pipeline.parse._blocks import Block, Page
from pipeline.parse._dates import Day, file_date, find_date, short_date
from pipeline.parse._html.body import read_body
from pipeline.parse._html.footnotes import Piece, attach_footnotes, blocks_of, part_titles
from pipeline.parse._inline import inline_links
from pipeline.parse._lines import read_lines
from pipeline.problems import problem

_LONGEST_DATE_LINE = 120


class Post(Struct, frozen=True, kw_only=True):
    """One post before its body is read."""

    name: str
    """Name of the source it stands in."""
    title: str | None = None
    """Its title, entities resolved."""
    slug: str = ""
    """The last part of its address, or the path that may name its day."""
    url: str | None = None
    """Its address."""
    posted: dt.datetime | None = None
    """When it was sent, UTC."""
    html: str
    """Its body."""
    line: int = 1
    """Source line on which the body begins."""


class Posts(Struct, frozen=True, kw_only=True):
    """The posts of one source or of one export."""

    posts: tuple[Post, ...]
    """In the order written."""
    problems: tuple[Problem, ...] = ()
    """Posts left out, and why."""


def post_pages(posts: Posts) -> tuple[Page, ...]:
    """Return posts as pages, what was left out noted on the first.

    A post that cannot be read costs the others nothing. Raise SourceError where none can.
    """
    pages: list[Page] = []
    problems = list(posts.problems)
    for post in posts.posts:
        try:
            pages.append(post_page(post))
        except SourceError as error:
            line = error.line + post.line - 1
            problems.append(problem(error.code, post.name, line, reason=error.message))
    if not pages:
        found = next((found for found in problems), None)
        name, line = (found.file, found.line) if found else ("", 1)
        raise SourceError("no post to publish", subject=name, code="no-posts", line=line)
    return (structs.replace(pages[0], problems=(*problems, *pages[0].problems)), *pages[1:])


def post_page(post: Post) -> Page:
    """Return the blocks of a post, and the day that its title, its slug or else its sending names.

    A day in the title becomes the first heading, unless the body repeats it. The day of sending is
    that of UTC, often the day before the author's, so it counts only where nothing else names a day.
    Raise SourceError where the body is nested beyond measure.
    """
    body = read_body(post.html, post.name, post.line, post.url)
    pieces, loose = attach_footnotes(part_titles(body.pieces), body.footnotes)
    blocks, lines = blocks_of(_with_title(post, pieces), post.name)
    path = _slug_day(post.slug)
    meta, doubts = ((), ()) if path or _names_day(blocks) else _sent(post)
    return Page(
        name=post.name,
        path=path,
        blocks=blocks,
        lines=lines,
        meta=(*meta, ("title", post.title)) if post.title else meta,
        problems=(
            *_dropped_characters(post),
            *body.problems,
            *doubts,
            *(problem("loose-footnote", post.name, note.line, number=note.number) for note in loose),
        ),
    )


def _with_title(post: Post, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Put a title that names a day in front as a heading; the body's own heading of that day goes."""
    title = " ".join((post.title or "").split())
    day = _day(title)
    if day is None:
        return pieces
    first = next((piece for piece in pieces if piece.kind != "skipped"), None)
    own = (
        _day(first.text) if first and first.kind in {"heading", "paragraph"} and _short(first.text) else None
    )
    if own and own.date == day.date and not own.rest:
        pieces = tuple(piece for piece in pieces if piece is not first)
    return (Piece(kind="heading", text=title, noted=title, line=post.line, level=1), *pieces)


def _slug_day(slug: str) -> str:
    """Return the day that a slug names, as a path; empty where it names none."""
    words = slug.rpartition("/")[2].rpartition("?")[0] or slug.rpartition("/")[2]
    named = find_date(words.replace("-", " "))
    date = file_date(slug) or (named.date if named else None)
    return date.isoformat() if date else ""


def _names_day(blocks: tuple[Block, ...]) -> bool:
    """Tell whether the first block or a heading without a link names a day."""
    content = [block for block in blocks if block.kind != "skipped"]
    headings = [block for block in content if block.kind == "heading" and not inline_links(block.text)]
    first = [block for block in content[:1] if block.kind == "paragraph"]
    return any(_short(block.text) and _day(block.text) for block in (*first, *headings))


def _sent(post: Post) -> tuple[tuple[tuple[str, str], ...], tuple[Problem, ...]]:
    if post.posted is None:
        return (), ()
    date = post.posted.date().isoformat()
    return (("published", date),), (problem("day-of-sending", post.name, post.line, date=date),)


def _day(text: str) -> Day | None:
    return find_date(text) or short_date(text)


def _short(text: str) -> bool:
    return len(text) <= _LONGEST_DATE_LINE


def _dropped_characters(post: Post) -> tuple[Problem, ...]:
    _, problems = read_lines(post.html, post.name)
    return tuple(structs.replace(found, line=found.line + post.line - 1) for found in problems)
