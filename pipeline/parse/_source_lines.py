"""Lines as blocks count them -> lines of the source."""

from __future__ import annotations

from msgspec import structs

from pipeline.model import Digest, Entry, Link, Passage, Problem, Span


def at_source(digest: Digest, lines: tuple[int, ...]) -> Digest:
    """Return a digest whose places are lines of the source; ``lines`` has one for each line counted."""
    if not lines:
        return digest
    return structs.replace(
        digest,
        introduction=tuple(_placed(passage, lines) for passage in digest.introduction),
        entries=tuple(_entry(entry, lines) for entry in digest.entries),
        problems=problems_at_source(digest.problems, lines),
    )


def problems_at_source(problems: tuple[Problem, ...], lines: tuple[int, ...]) -> tuple[Problem, ...]:
    """Return problems with the lines of the source."""
    return tuple(structs.replace(found, line=_line(found.line, lines)) for found in problems)


def _entry(entry: Entry, lines: tuple[int, ...]) -> Entry:
    return structs.replace(
        entry,
        links=tuple(_link(link, lines) for link in entry.links),
        commentary=tuple(_placed(passage, lines) for passage in entry.commentary),
        spans=tuple(_span(span, lines) for span in entry.spans),
    )


def _link(link: Link, lines: tuple[int, ...]) -> Link:
    return structs.replace(link, line=_line(link.line, lines))


def _placed(passage: Passage, lines: tuple[int, ...]) -> Passage:
    return structs.replace(passage, first=_line(passage.first, lines), last=_line(passage.last, lines))


def _span(span: Span, lines: tuple[int, ...]) -> Span:
    return structs.replace(span, first=_line(span.first, lines), last=_line(span.last, lines))


def _line(number: int, lines: tuple[int, ...]) -> int:
    return lines[number - 1] if 0 < number <= len(lines) else number
