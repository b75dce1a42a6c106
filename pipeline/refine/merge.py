"""One digest a day: files of one day are joined in name order, a paper listed twice is one entry."""

from __future__ import annotations

from itertools import groupby

from msgspec import structs

from pipeline.model import Digest, Entry, Problem, Site
from pipeline.problems import problem
from pipeline.refine._papers import names_of


def refine(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:  # noqa: ARG001 - one signature
    """Return one digest a day in the order of days; ``digests`` come in the order of file names."""
    ordered = sorted(digests, key=lambda digest: digest.date)
    return tuple(_joined(tuple(same)) for _, same in groupby(ordered, key=lambda digest: digest.date))


def _joined(parts: tuple[Digest, ...]) -> Digest:
    first = parts[0]
    entries, repeated = _without_repeats(tuple(entry for part in parts for entry in part.entries))
    problems = tuple(found for part in parts for found in part.problems) + repeated
    if len(parts) == 1:
        return structs.replace(first, entries=entries, problems=problems)
    return structs.replace(
        first,
        since=min((part.since for part in parts if part.since), default=None),
        title=next((part.title for part in parts if part.title), None),
        language=_main_language(parts),
        introduction=tuple(passage for part in parts for passage in part.introduction),
        entries=entries,
        problems=problems,
        silenced=tuple(pair for part in parts for pair in part.silenced),
    )


def _main_language(parts: tuple[Digest, ...]) -> str:
    languages = [part.language for part in parts for _ in part.entries] or [parts[0].language]
    return max(dict.fromkeys(languages), key=languages.count)


def _without_repeats(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Keep of each paper the richest entry, at the place of the first; report the others."""
    kept: list[Entry] = []
    place: dict[str, int] = {}
    problems: list[Problem] = []
    for entry in entries:
        names = names_of(entry)
        index = next((place[name] for name in names if name in place), None)
        if index is None:
            index = len(kept)
            kept.append(entry)
        else:
            poorer, kept[index] = sorted((kept[index], entry), key=_richness)
            problems.append(_repeated(poorer))
        place.update(dict.fromkeys(names, index))
    return tuple(kept), tuple(problems)


def _richness(entry: Entry) -> tuple[int, int, int]:
    words = sum(len(passage.text) for passage in entry.commentary)
    return (words, len(entry.abstract or ""), len(entry.authors) + len(entry.tags) + len(entry.links))


def _repeated(entry: Entry) -> Problem:
    title = entry.title or (entry.links[0].url if entry.links else "?")
    return problem("repeated-paper", entry.file, entry.first_line, title=title[:80])
