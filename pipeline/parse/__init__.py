"""Stage 2: a source becomes digests, one a day. Front ends give blocks; a profile reads blocks into entries.

A new profile is one file and one name in `PROFILES`; a new front end one file and one name in
`FRONT_ENDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct, structs

from pipeline.errors import ConfigError, SourceError
from pipeline.model import BY_LOOKING, Digest, Problem, Rules, Source
from pipeline.parse import bullets, flat, headings, labelled, note, review, table
from pipeline.parse._blocks import Page
from pipeline.parse._days import part_days
from pipeline.parse._directives import take_directives
from pipeline.parse._profile import Profile, Reading, Template, settle_day
from pipeline.parse._rules import as_declared, profile_name, with_day
from pipeline.parse._source_lines import at_source, problems_at_source
from pipeline.parse._text import read_text
from pipeline.parse._titles import opens_as_note
from pipeline.problems import problem

__all__ = ["FRONT_ENDS", "PROFILES", "SUFFIXES", "FrontEnd", "Profile", "Template", "parse", "recognise"]


class FrontEnd(Struct, frozen=True, kw_only=True):
    """What turns one kind of file into blocks."""

    name: str
    suffixes: tuple[str, ...]
    """Endings of file names, in lower case."""
    read: Callable[[Source], tuple[Page, ...]]
    """Read a source into pages: a feed into one a post, all others into one."""


def _read_text(source: Source) -> tuple[Page, ...]:
    return (read_text(source),)


def _read_markdown(source: Source) -> tuple[Page, ...]:
    # markdown-it costs as much to import as a small folder to build: only where Markdown is met.
    from pipeline.parse._markdown import read_markdown

    return (read_markdown(source),)


def _read_html(source: Source) -> tuple[Page, ...]:
    # The same holds for lxml, csv and email.
    from pipeline.parse._html.saved_page import read_saved_page

    return (read_saved_page(source),)


def _read_feed(source: Source) -> tuple[Page, ...]:
    from pipeline.parse._html.feed_file import read_feed

    return read_feed(source)


FRONT_ENDS: tuple[FrontEnd, ...] = (
    FrontEnd(name="text", suffixes=(".txt", ".text"), read=_read_text),
    FrontEnd(name="markdown", suffixes=(".md", ".markdown"), read=_read_markdown),
    FrontEnd(name="html", suffixes=(".html", ".htm"), read=_read_html),
    FrontEnd(name="feed", suffixes=(".xml", ".rss", ".atom"), read=_read_feed),
)
SUFFIXES: frozenset[str] = frozenset(suffix for end in FRONT_ENDS for suffix in end.suffixes)
# In the order in which they are asked whether they know a page. Flat is the first, for it looks only at
# what stands above the first row or linked heading; the note takes any dated rest.
PROFILES: tuple[Profile, ...] = (
    flat.PROFILE,
    table.PROFILE,
    headings.PROFILE,
    review.PROFILE,
    labelled.PROFILE,
    bullets.PROFILE,
    note.PROFILE,
)


def parse(source: Source, rules: Rules = BY_LOOKING) -> tuple[Digest, ...]:
    """Return the days that a source holds, oldest first; most sources hold one.

    Each line that no rule took gives a problem; those of the source as a whole stand with its first
    day. Raise SourceError where it names no day or nothing in it looks like a paper.
    """
    source, codes = take_directives(source)
    digests = _parse_pages(front_end(source.name).read(source), rules)
    silenced = tuple((source.name, code) for code in sorted(codes))
    return (structs.replace(digests[0], silenced=silenced), *digests[1:])


def parse_export(sources: Iterable[Source], rules: Rules = BY_LOOKING) -> tuple[Digest, ...]:
    """Return the days that a Substack export holds, oldest first, from its table and its files.

    Raise SourceError where it has no usable table or no day.
    """
    from pipeline.parse._html.export import read_export

    return _parse_pages(read_export(sources), rules)


def _parse_pages(pages: tuple[Page, ...], rules: Rules) -> tuple[Digest, ...]:
    """Return the days of all pages; of several, one that holds no digest costs the others nothing."""
    digests: list[Digest] = []
    lost: list[Problem] = []
    for page in pages:
        try:
            digests += _parse_page(page, rules) if len(pages) == 1 else _parse_post(page, rules)
        except SourceError as error:
            if len(pages) == 1:
                raise
            lost += _lost_post(page, error)
    if not digests:
        raise SourceError("no paper", subject=pages[0].name, code="no-entries")
    digests.sort(key=lambda digest: digest.date)
    return (structs.replace(digests[0], problems=(*lost, *digests[0].problems)), *digests[1:])


def _parse_page(page: Page, rules: Rules) -> tuple[Digest, ...]:
    if not page.blocks:
        raise SourceError("no text", subject=page.name, code="empty-file")
    page, profile = _ruled(with_day(page, rules), rules)
    parts, doubts = ((page,), ()) if profile.one_day else part_days(page)
    digests = [_read_day(profile, part, alone=len(parts) == 1) for part in parts]
    if not any(digest.entries or digest.problems for digest in digests):
        raise SourceError("no paper", subject=page.name, code="no-entries")
    digests.sort(key=lambda digest: digest.date)
    found = (*page.problems, *problems_at_source(doubts, page.lines), *digests[0].problems)
    return (structs.replace(digests[0], problems=found), *digests[1:])


def _parse_post(page: Page, rules: Rules) -> tuple[Digest, ...]:
    """Return the days of one post of several; an essay among digests is no digest."""
    digests = _parse_page(page, rules)
    codes = {found.code for digest in digests for found in digest.problems}
    if not any(digest.entries for digest in digests) and "nothing-to-publish" in codes:
        raise SourceError("no paper", subject=page.name, code="no-entries")
    return digests


def _lost_post(page: Page, error: SourceError) -> tuple[Problem, ...]:
    code = "post-without-papers" if error.code in {"no-entries", "empty-file"} else error.code
    title = page.value("title") or ""
    found = problem(code, page.name, error.line, title=title, reason=error.message)
    other = () if code == "post-without-papers" else page.problems
    return (*other, *problems_at_source((found,), page.lines))


def _read_day(profile: Profile, page: Page, *, alone: bool) -> Digest:
    reading = profile.read(page)
    date, doubts = settle_day(page, reading) if alone or not page.day else (page.day.date, ())
    if date is None:
        raise SourceError("no date", subject=page.name, code="no-date")
    digest = Digest(
        date=date,
        since=reading.day.since if reading.day else None,
        title=reading.title,
        introduction=reading.introduction,
        entries=tuple(draft.entry(page.name, date) for draft in reading.drafts if not draft.is_unfilled()),
        problems=(*doubts, *reading.problems, *_unfilled(page, reading), *_unclaimed(page, reading)),
    )
    return at_source(digest, page.lines)


def front_end(name: str) -> FrontEnd:
    """Return the front end for a source's name; plain text reads what no other claims."""
    lower = name.lower()
    return next((end for end in FRONT_ENDS if lower.endswith(end.suffixes)), FRONT_ENDS[0])


def recognise(page: Page) -> Profile:
    """Return the first profile that knows the page.

    What opens as a note is one, or a review: its comment may hold lists, tables, headings and labels.
    Raise SourceError where no profile knows the page.
    """
    of_notes = opens_as_note(page.blocks)
    for profile in PROFILES:
        if (profile.beside_notes or not of_notes) and profile.recognises(page):
            return profile
    raise SourceError("no paper", subject=page.name, code="no-entries")


def _ruled(page: Page, rules: Rules) -> tuple[Page, Profile]:
    """Return the profile that the configuration sets, and the page as it reads it; else by looking."""
    name = profile_name(page.name, rules)
    if name is None:
        return page, recognise(page)
    declared = next((profile for profile in rules.profiles if profile.name == name), None)
    built_in = declared.like if declared else name
    for profile in PROFILES:
        if profile.name == built_in:
            return (as_declared(page, declared) if declared else page), profile
    known = ", ".join([*(profile.name for profile in PROFILES), *(own.name for own in rules.profiles)])
    raise ConfigError(f"no profile {built_in!r}; there are {known}", subject=page.name)


def _unfilled(page: Page, reading: Reading) -> tuple[Problem, ...]:
    """Name what `digest-pipeline new` wrote and nobody filled in: a run may come before the author does."""
    return tuple(
        problem("unfilled-template", page.name, min(span.first for span in draft.spans))
        for draft in reading.drafts
        if draft.is_unfilled()
    )


def _unclaimed(page: Page, reading: Reading) -> tuple[Problem, ...]:
    """Name each line that is in no span: whatever a profile forgot comes to light here."""
    spans = [*reading.spans, *(span for draft in reading.drafts for span in draft.spans)]
    taken = {line for span in spans for line in range(span.first, span.last + 1)}
    return tuple(
        problem("unclaimed-line", page.name, block.first, text=block.text[:60])
        for block in page.blocks
        if block.kind not in {"rule", "skipped"} and block.first not in taken
    )
