"""Which folders the site has, and what each shows: days, months, tags, languages, the whole.

All of it follows from the days in short; a day is read only when a folder that shows it is made.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby, pairwise

from msgspec import structs

from pipeline.archive import Archive, Days, Listing, Outline, main_language
from pipeline.model import Digest, Entry, Site, Withdrawn
from pipeline.paths import day_folder, language_folder, month_folder, tag_folder


def day_listing(digest: Digest, site: Site, withdrawn: tuple[Withdrawn, ...] = ()) -> Listing:
    """Return the listing of one day; ``withdrawn`` are the entries that are gone from any."""
    title = f"{site.title}, {digest.date.isoformat()}"
    listing = Listing(
        kind="day",
        path=day_folder(digest.date),
        title=f"{title}: {digest.title}" if digest.title else title,
        language=digest.language,
        digests=Days.of((digest,)),
    )
    return _with_withdrawn(listing, withdrawn)


def site_listing(archive: Archive, site: Site) -> Listing:
    """Return the listing of all days, which names all others."""
    parts = (
        _days_listing(archive, site),
        *_language_listings(archive, site),
        *_tag_listings(archive, site),
        *_month_listings(archive, site),
    )
    return structs.replace(
        _with_withdrawn(_whole(archive, site), archive.withdrawn),
        problems=archive.problems,
        parts=tuple(_with_withdrawn(part, archive.withdrawn) for part in parts),
    )


def _whole(archive: Archive, site: Site) -> Listing:
    return Listing(
        kind="site",
        path="",
        title=site.title,
        language=main_language(archive.outlines),
        digests=archive.days(archive.outlines),
        updated=max((day.updated for day in archive.outlines if day.updated), default=None),
    )


def _days_listing(archive: Archive, site: Site) -> Listing:
    """Return the listing whose feed has one entry a day."""
    title = f"{site.title}, day by day"
    return structs.replace(_whole(archive, site), kind="days", path="days/", title=title)


def _month_listings(archive: Archive, site: Site) -> tuple[Listing, ...]:
    """Return a listing for each month that has entries, oldest first: the archive of the site's feed.

    A month names the one before it and not the one after it (RFC 5005, section 4, asks for neither),
    or it would change once it is past. The oldest alone has no other neighbour to name.
    """
    months = [tuple(days) for _, days in groupby(archive.outlines, key=lambda day: month_folder(day.date))]
    paths = [month_folder(days[0].date) for days in months]
    return tuple(
        Listing(
            kind="month",
            path=paths[number],
            title=f"{site.title}, {days[0].date:%Y-%m}",
            language=main_language(days),
            digests=archive.days(days),
            previous=paths[number - 1] if number else None,
            following=paths[1] if number == 0 and len(paths) > 1 else None,
        )
        for number, days in enumerate(months)
    )


def _tag_listings(archive: Archive, site: Site) -> tuple[Listing, ...]:
    """Return a listing for each tag that has entries enough, in the order of their names."""
    days_of: dict[str, list[tuple[Outline, int]]] = defaultdict(list)
    # A tag is shown as it was spelled first, for ever.
    spelled: dict[str, str] = {}
    for day in archive.outlines:
        for tag, count, spelling in day.tags:
            days_of[tag].append((day, count))
            spelled.setdefault(tag, spelling)
    return tuple(
        Listing(
            kind="tag",
            path=tag_folder(tag),
            title=f"{site.title}, #{spelled[tag]}",
            language=main_language(day for day, _ in days),
            digests=_part(archive, days, _tagged(tag)),
        )
        for tag, days in sorted(days_of.items())
        if sum(count for _, count in days) >= site.tag_feed_entries
    )


def _language_listings(archive: Archive, site: Site) -> tuple[Listing, ...]:
    """Return a listing for each language of commentary: the entries that have some, without other ones."""
    days_of: dict[str, list[tuple[Outline, int]]] = defaultdict(list)
    for day in archive.outlines:
        for language, count in day.languages:
            days_of[language].append((day, count))
    days_of.pop("und", None)
    return tuple(
        Listing(
            kind="language",
            path=language_folder(language),
            title=f"{site.title} ({language})",
            language=language,
            digests=_part(archive, days, _spoken_in(language)),
        )
        for language, days in sorted(days_of.items())
    )


def _part(
    archive: Archive, days: Iterable[tuple[Outline, int]], part_of: Callable[[Entry], Entry | None]
) -> Days:
    """Return of each day the entries, or the parts of entries, that belong to a folder."""

    def part(digest: Digest) -> Digest:
        return structs.replace(digest, entries=tuple(filter(None, map(part_of, digest.entries))))

    return archive.parts([(day.date, count) for day, count in days], part)


def _tagged(tag: str) -> Callable[[Entry], Entry | None]:
    return lambda entry: entry if tag in entry.folded_tags else None


def _with_withdrawn(listing: Listing, withdrawn: tuple[Withdrawn, ...]) -> Listing:
    """Return a listing with those of the withdrawn entries that it held, newest first."""
    held = (entry for entry in withdrawn if _held(listing, entry))
    newest = sorted(held, key=lambda entry: (entry.published, entry.anchor), reverse=True)
    return structs.replace(listing, withdrawn=tuple(newest)) if newest else listing


def _held(listing: Listing, entry: Withdrawn) -> bool:
    match listing.kind:
        case "day" | "month":
            return day_folder(entry.day).startswith(listing.path)
        case "tag" | "language":
            return listing.path in entry.feeds
        case "site" | "days":
            return True


def _spoken_in(language: str) -> Callable[[Entry], Entry | None]:
    def part(entry: Entry) -> Entry | None:
        said = tuple(passage for passage in entry.commentary if passage.language == language)
        if said == entry.commentary:
            return entry if said else None
        return structs.replace(entry, commentary=said) if said else None

    return part


def changed_folders(
    before: tuple[Outline, ...], after: tuple[Outline, ...], changed: frozenset[dt.date]
) -> frozenset[str]:
    """Return the folders that show another thing after some days changed, of those that the site has.

    ``changed`` are the days that came, went or say something else; of all others both outlines agree.
    """
    days = [day for day in (*before, *after) if day.date in changed]
    folders = {"", "days/", *(day_folder(day.date) for day in days)}
    for day in days:
        folders.update(tag_folder(tag) for tag, _, _ in day.tags)
        folders.update(language_folder(language) for language, _ in day.languages)
    return frozenset(folders | _changed_months(before, after, days))


def _changed_months(before: tuple[Outline, ...], after: tuple[Outline, ...], days: list[Outline]) -> set[str]:
    """Return the months of changed days, and those that name a month that came or went."""
    months = list(dict.fromkeys(month_folder(day.date) for day in after))
    known = {month_folder(day.date) for day in before}
    folders = {month_folder(day.date) for day in days}
    if known != set(months):
        folders.update(months[:1])
        folders.update(later for earlier, later in pairwise(months) if earlier not in known)
        folders.update(later for later in months if any(month < later for month in known.difference(months)))
    return folders
