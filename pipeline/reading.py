"""From the folder of digests to what its files tell, each by itself; of broken ones, what they told last."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec import Struct, structs

from pipeline import find, restore
from pipeline.errors import SourceError
from pipeline.model import BY_LOOKING, Digest, Ledger, Problem, Rules, Site
from pipeline.parse import SUFFIXES, parse, parse_export
from pipeline.problems import problem
from pipeline.refine import NOTHING_KNOWN, refine


class Reading(Struct, frozen=True, kw_only=True):
    """What sources tell, before it is refined."""

    digests: dict[str, tuple[Digest, ...]]
    """The days that each source tells of, by name, in the order of names."""
    problems: tuple[Problem, ...]
    """Those of sources and folders that gave no digest, and of what was restored."""
    unread: frozenset[str]
    """The names of the sources and folders that gave no digest."""
    broken: frozenset[str] = frozenset()
    """The published files that are not to be believed now."""
    restored: tuple[Digest, ...] = ()
    """What was published of these."""


def read_all(
    folder: Path,
    site: Site,
    ledger: Ledger = NOTHING_KNOWN,
    *,
    rules: Rules = BY_LOOKING,
    only: str | None = None,
) -> tuple[tuple[Digest, ...], tuple[Problem, ...]]:
    """Return the refined days of a folder, oldest first, and the problems of files that gave none.

    ``only`` is the name of a single source to read instead of all. Raise SourceError where the
    folder cannot be listed.
    """
    found = find.Found(names=(only,), problems=()) if only else find.find(folder, SUFFIXES)
    reading = read(folder, found, (*found.names, *found.exports), rules)
    return refine(each(reading), site, ledger), reading.problems


def read(folder: Path, found: find.Found, names: Collection[str], rules: Rules) -> Reading:
    """Read some of the sources that were found; one that cannot be read costs no other."""
    digests: dict[str, tuple[Digest, ...]] = {}
    problems = list(found.problems)
    for name in names:
        try:
            digests[name] = _read_one(folder, name, rules, export=name in found.exports)
        except SourceError as error:
            problems.append(problem(error.code, error.subject, error.line, reason=error.message))
    lost = {*names} - digests.keys() | {lost.file for lost in found.problems}
    return Reading(digests=digests, problems=tuple(problems), unread=frozenset(lost))


def _read_one(folder: Path, name: str, rules: Rules, *, export: bool) -> tuple[Digest, ...]:
    if export:
        return parse_export(find.read_export(folder, name), rules)
    return parse(find.read(folder, name), rules)


def each(reading: Reading) -> Iterator[Digest]:
    """Give all that is told, sources in the order of their names."""
    for digests in reading.digests.values():
        yield from digests
    yield from reading.restored


def with_last_good(reading: Reading, days: tuple[Digest, ...]) -> Reading:
    """Put what was published of broken sources in the place of what they say now, and say so.

    ``days`` are those that were published of these sources, at least.
    """
    now = tuple(each(reading))
    broken = restore.broken_files(days, now, reading.unread)
    if not broken:
        return reading
    return structs.replace(
        reading,
        digests={
            name: tuple(digest for digest in digests if not restore.is_of(digest, broken))
            for name, digests in reading.digests.items()
        },
        problems=(*reading.problems, *restore.say_kept(days, broken), *restore.say_now(now, broken)),
        broken=broken,
        restored=restore.restore(days, broken),
    )
