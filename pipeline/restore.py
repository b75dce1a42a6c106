"""The last good day of a file that cannot be read, or was cut short: taken back from what was published.

The site's own dump holds every field that the archive's feeds, keys and bibliography are made of; the
passes of refining add the rest again.
"""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath

import msgspec
from msgspec import UNSET

from pipeline.model import Author, Digest, Entry, Link, Passage, Problem, Span
from pipeline.problems import SEVERITIES, problem
from pipeline.render.json_dump import (
    SITE_FILE,
    JsonArchive,
    JsonDigest,
    JsonEntry,
    JsonLink,
    JsonPassage,
    JsonProblem,
)

DUMP = SITE_FILE
"""Path below the site of the dump that all days are read back from."""
RULE = "restored"
"""The rule of the one span of an entry that was taken back."""


def published_days(content: bytes | None) -> tuple[JsonDigest, ...]:
    """Return the days of a dump of the site, newest first; none where there is no usable dump."""
    try:
        return msgspec.json.decode(content or b"", type=JsonArchive).digests
    except msgspec.MsgspecError:
        return ()


def published_day(content: bytes | None) -> tuple[JsonDigest, ...]:
    """Return the day of a dump of one day; none where there is no usable dump."""
    try:
        return (msgspec.json.decode(content or b"", type=JsonDigest),)
    except msgspec.MsgspecError:
        return ()


def broken_files(
    days: tuple[JsonDigest, ...], digests: tuple[Digest, ...], reading_failed: frozenset[str]
) -> frozenset[str]:
    """Return the published files that cannot be read now, and those that look cut short.

    ``reading_failed`` names files and folders.
    """
    before: dict[str, list[JsonEntry]] = {}
    for entry in (entry for day in days for entry in day.entries):
        before.setdefault(entry.source.file, []).append(entry)
    now: dict[str, list[Digest]] = {}
    for digest in digests:
        for file in _named(digest):
            now.setdefault(file, []).append(digest)
    return frozenset(
        file
        for file, entries in before.items()
        if not reading_failed.isdisjoint(_with_folders(file))
        or _is_cut_short(file, entries, now.get(file, []))
    )


def _is_cut_short(file: str, before: list[JsonEntry], digests: list[Digest]) -> bool:
    """Tell whether a file lost papers by an accident: an author who deletes one leaves no trace of it.

    A file saved by half has an error, or something is doubtful in its last paper, or that paper has
    no tags any more.
    """
    now = sorted((e for d in digests for e in d.entries if e.file == file), key=lambda e: e.first_line)
    silenced = {code for digest in digests for name, code in digest.silenced if name == file}
    found = [p for d in digests for p in d.problems if p.file == file and p.code not in silenced]
    wrong = any(p.severity == "error" for p in found)
    if not now or len(now) > len(before):
        return wrong and not now
    last = now[-1]
    untagged = not last.tags and any(entry.tags for entry in before if entry.title == last.title)
    doubtful = any(p.severity == "warning" and p.line >= last.first_line for p in found)
    return untagged or ((wrong or doubtful) and len(now) < len(before))


def _named(digest: Digest) -> frozenset[str]:
    """Return the files that a digest as parsed is of: one, or those of one export."""
    return frozenset((*(e.file for e in digest.entries), *(p.file for p in digest.problems)))


def _with_folders(file: str) -> tuple[str, ...]:
    return (file, *(str(folder) for folder in PurePosixPath(file).parents))


def restore(days: tuple[JsonDigest, ...], broken: frozenset[str]) -> tuple[Digest, ...]:
    """Return what the days published of broken files, as parsing gave it.

    What a day says beside its entries comes back only if no other file of that day is left to say it.
    """
    return tuple(_digest(day, broken) for day in days if _files(day) & broken)


def is_of(digest: Digest, broken: frozenset[str]) -> bool:
    """Tell whether a digest as parsed is of a broken file: a file counts wholly as new or wholly as old."""
    return not broken.isdisjoint(_named(digest))


def say_kept(days: tuple[JsonDigest, ...], broken: frozenset[str]) -> tuple[Problem, ...]:
    """Return a problem for each broken file, naming the days that stay as they were published."""
    dates = {file: sorted(day.date for day in days if file in _files(day)) for file in sorted(broken)}
    return tuple(problem("kept-day", file, 1, days=", ".join(of)) for file, of in dates.items())


def say_now(digests: tuple[Digest, ...], broken: frozenset[str]) -> tuple[Problem, ...]:
    """Return what is to be said of broken files as they are now."""
    return tuple(found for digest in digests for found in digest.problems if found.file in broken)


def _files(day: JsonDigest) -> frozenset[str]:
    return frozenset(entry.source.file for entry in day.entries)


def _digest(day: JsonDigest, broken: frozenset[str]) -> Digest:
    date = dt.date.fromisoformat(day.date)
    entries = tuple(_entry(entry, date) for entry in day.entries if entry.source.file in broken)
    problems = tuple(_problem(found) for found in day.problems if found.file in broken)
    if len(entries) < len(day.entries):
        return Digest(date=date, entries=entries, problems=problems)
    return Digest(
        date=date,
        since=dt.date.fromisoformat(day.since) if day.since is not UNSET else None,
        title=day.title,
        introduction=_passages(day.introduction if day.introduction is not UNSET else ()),
        entries=entries,
        problems=problems,
    )


def _entry(entry: JsonEntry, date: dt.date) -> Entry:
    first, last = entry.source.lines
    return Entry(
        file=entry.source.file,
        date=date,
        title=entry.title,
        alternative_titles=entry.alternative_titles,
        authors=tuple(Author(name=author.name, kind=author.kind) for author in entry.authors),
        more_authors=entry.more_authors is True,
        abstract=entry.abstract,
        links=tuple(_link(link, first) for link in entry.links if link.header is True),
        commentary=_passages(entry.commentary),
        tags=entry.tags,
        spans=(Span(field="title", first=first, last=last, rule=RULE),),
    )


def _link(link: JsonLink, line: int) -> Link:
    """Return a link of a slot; of header lines, all that is no code is a paper, of other lines some is."""
    return Link(url=link.url, kind=link.kind, slot="header" if link.kind == "paper" else "line", line=line)


def _passages(passages: tuple[JsonPassage, ...]) -> tuple[Passage, ...]:
    return tuple(Passage(text=p.text, language=p.language, first=1, last=1) for p in passages)


def _problem(found: JsonProblem) -> Problem:
    return Problem(
        file=found.file,
        line=found.line,
        code=found.code,
        severity=SEVERITIES.get(found.code, "warning"),
        message=found.message,
        hint=found.hint,
    )
