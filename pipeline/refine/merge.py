"""One digest a day: files of one day are joined in name order, a paper listed twice is one entry."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from msgspec import structs

from pipeline.model import Digest, Entry, Problem, Site
from pipeline.problems import problem
from pipeline.refine._papers import Register
from pipeline.refine.language import main_language


def refine(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:
    """Return one digest a day in the order of days; files of one day in the order of their names."""
    ordered = sorted(digests, key=_day_and_file)
    days = groupby(ordered, key=lambda digest: digest.date)
    return tuple(_joined(tuple(same), site) for _, same in days)


def _day_and_file(digest: Digest) -> tuple[dt.date, str]:
    files = (*(entry.file for entry in digest.entries), *(found.file for found in digest.problems))
    return digest.date, files[0] if files else ""


def _joined(parts: tuple[Digest, ...], site: Site) -> Digest:
    entries, repeated = _without_repeats(tuple(entry for part in parts for entry in part.entries))
    introductions = (passage for part in parts for passage in part.introduction)
    return structs.replace(
        parts[0],
        since=min((part.since for part in parts if part.since), default=None),
        title=next((part.title for part in parts if part.title), None),
        language=main_language(entries, site),
        introduction=tuple(dict.fromkeys(introductions)),
        entries=entries,
        problems=tuple(found for part in parts for found in part.problems) + repeated,
        silenced=tuple(pair for part in parts for pair in part.silenced),
    )


def _without_repeats(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Keep of each paper the richest entry, at the place of the first; report the others.

    Of two alike the first is kept.
    """
    register = Register()
    copies: dict[int, list[Entry]] = {}
    for number, entry in enumerate(entries):
        same = sorted(register.find(entry))
        place = same[0] if same else number
        # The entry may tell that what were two papers so far are one.
        moved = [copy for other in same[1:] for copy in copies.pop(other)]
        for copy in moved:
            register.move(copy, place)
        register.add(entry, place)
        copies.setdefault(place, []).extend((*moved, entry))
    kept = {place: max(found, key=_richness) for place, found in copies.items()}
    repeated = (copy for place, found in copies.items() for copy in found if copy is not kept[place])
    return tuple(kept.values()), tuple(map(_repeated, repeated))


def _richness(entry: Entry) -> tuple[int, int, int]:
    words = sum(len(passage.text) for passage in entry.commentary)
    return (words, len(entry.abstract or ""), len(entry.authors) + len(entry.tags) + len(entry.links))


def _repeated(entry: Entry) -> Problem:
    title = entry.title or (entry.links[0].url if entry.links else "?")
    return problem("repeated-paper", entry.file, entry.first_line, title=title[:80])
