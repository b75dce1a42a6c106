"""The last good day of a file that cannot be read, or was cut short: taken back from what was published.

The dumps hold every field that the archive's feeds, keys and bibliography are made of; the passes of
refining add the rest again.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import structs

from pipeline.model import Digest, Entry, Identifiers, Problem
from pipeline.problems import problem


def broken_files(
    days: tuple[Digest, ...], digests: tuple[Digest, ...], reading_failed: frozenset[str]
) -> frozenset[str]:
    """Return the published files that cannot be read now, and those that look cut short.

    ``days`` are as they were published; ``reading_failed`` names files and folders.
    """
    before: dict[str, list[Entry]] = {}
    for entry in (entry for day in days for entry in day.entries):
        before.setdefault(entry.file, []).append(entry)
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


def _is_cut_short(file: str, before: list[Entry], digests: list[Digest]) -> bool:
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


def restore(days: tuple[Digest, ...], broken: frozenset[str]) -> tuple[Digest, ...]:
    """Return what the days published of broken files, as parsing gave it.

    What a day says beside its entries comes back only if no other file of that day is left to say it.
    """
    return tuple(_restored(day, broken) for day in days if _files(day) & broken)


def is_of(digest: Digest, broken: frozenset[str]) -> bool:
    """Tell whether a digest as parsed is of a broken file: a file counts wholly as new or wholly as old."""
    return not broken.isdisjoint(_named(digest))


def say_kept(days: tuple[Digest, ...], broken: frozenset[str]) -> tuple[Problem, ...]:
    """Return a problem for each broken file, naming the days that stay as they were published."""
    dates = {
        file: sorted(day.date.isoformat() for day in days if file in _files(day)) for file in sorted(broken)
    }
    return tuple(problem("kept-day", file, 1, days=", ".join(of)) for file, of in dates.items())


def say_now(digests: tuple[Digest, ...], broken: frozenset[str]) -> tuple[Problem, ...]:
    """Return what is to be said of broken files as they are now."""
    return tuple(found for digest in digests for found in digest.problems if found.file in broken)


def _files(day: Digest) -> frozenset[str]:
    return frozenset(entry.file for entry in day.entries)


def _restored(day: Digest, broken: frozenset[str]) -> Digest:
    entries = tuple(_parsed(entry) for entry in day.entries if entry.file in broken)
    problems = tuple(found for found in day.problems if found.file in broken)
    if len(entries) < len(day.entries):
        return Digest(date=day.date, entries=entries, problems=problems)
    return structs.replace(day, entries=entries, problems=problems)


def _parsed(entry: Entry) -> Entry:
    """Return an entry without what the passes over it will find again."""
    return structs.replace(
        entry,
        links=tuple(link for link in entry.links if link.slot != "text"),
        identifiers=Identifiers(),
        id="",
        anchor="",
        key="",
        published=None,
        updated=None,
    )
