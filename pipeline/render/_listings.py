"""Which folders the site has, and what each shows: days, months, tags, languages, the whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby

from msgspec import structs

from pipeline.model import Digest, Entry, Listing, Site, Withdrawn
from pipeline.paths import day_folder, language_folder, month_folder, tag_folder


def day_listing(digest: Digest, site: Site) -> Listing:
    """Return the listing of one day."""
    title = f"{site.title}, {digest.date.isoformat()}"
    return Listing(
        kind="day",
        path=day_folder(digest.date),
        title=f"{title}: {digest.title}" if digest.title else title,
        language=digest.language,
        digests=(digest,),
    )


def site_listing(digests: tuple[Digest, ...], site: Site) -> Listing:
    """Return the listing of all days; ``digests`` come oldest first, here and below."""
    return Listing(
        kind="site",
        path="",
        title=site.title,
        language=_main_language(digests),
        digests=tuple(reversed(digests)),
    )


def days_listing(digests: tuple[Digest, ...], site: Site) -> Listing:
    """Return the listing whose feed has one entry a day."""
    title = f"{site.title}, day by day"
    return structs.replace(site_listing(digests, site), kind="days", path="days/", title=title)


def month_listings(digests: tuple[Digest, ...], site: Site) -> tuple[Listing, ...]:
    """Return a listing for each month that has entries, oldest first: the archive of the site's feed.

    A month names the one before it and not the one after it (RFC 5005, section 4, asks for neither),
    or it would change once it is past. The oldest alone has no other neighbour to name.
    """
    months = [tuple(days) for _, days in groupby(digests, key=lambda digest: month_folder(digest.date))]
    paths = [month_folder(days[0].date) for days in months]
    return tuple(
        Listing(
            kind="month",
            path=paths[number],
            title=f"{site.title}, {days[0].date:%Y-%m}",
            language=_main_language(days),
            digests=tuple(reversed(days)),
            previous=paths[number - 1] if number else None,
            following=paths[1] if number == 0 and len(paths) > 1 else None,
        )
        for number, days in enumerate(months)
    )


def tag_listings(digests: tuple[Digest, ...], site: Site) -> tuple[Listing, ...]:
    """Return a listing for each tag that has entries enough, in the order of their names."""
    counts = Counter(tag for digest in digests for entry in digest.entries for tag in entry.folded_tags)
    frequent = sorted(tag for tag, count in counts.items() if count >= site.tag_feed_entries)
    days_of = _by_tag(digests)
    names = _tag_names(digests)
    return tuple(
        Listing(
            kind="tag",
            path=tag_folder(tag),
            title=f"{site.title}, #{names[tag]}",
            language=_main_language(days_of[tag]),
            digests=tuple(reversed(days_of[tag])),
        )
        for tag in frequent
    )


def language_listings(digests: tuple[Digest, ...], site: Site) -> tuple[Listing, ...]:
    """Return a listing for each language of commentary: the entries that have some, without other ones."""
    spoken = {
        passage.language for digest in digests for entry in digest.entries for passage in entry.commentary
    }
    return tuple(_language_listing(digests, site, language) for language in sorted(spoken - {"und"}))


def _language_listing(digests: tuple[Digest, ...], site: Site, language: str) -> Listing:
    days = (_in_language(digest, language) for digest in reversed(digests))
    return Listing(
        kind="language",
        path=language_folder(language),
        title=f"{site.title} ({language})",
        language=language,
        digests=tuple(day for day in days if day.entries),
    )


def lasting_listings(digests: tuple[Digest, ...], site: Site) -> Iterator[Listing]:
    """Give the listings whose feeds go on: those to subscribe to, the whole site first."""
    yield site_listing(digests, site)
    yield days_listing(digests, site)
    yield from language_listings(digests, site)
    yield from tag_listings(digests, site)


def with_withdrawn(listing: Listing, withdrawn: tuple[Withdrawn, ...]) -> Listing:
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


def _main_language(digests: tuple[Digest, ...]) -> str:
    languages = [digest.language for digest in digests]
    return max(sorted(set(languages)), key=languages.count)


def _by_tag(digests: tuple[Digest, ...]) -> dict[str, tuple[Digest, ...]]:
    """Return the days of every tag, each with the entries that have it."""
    days_of: dict[str, list[Digest]] = defaultdict(list)
    for digest in digests:
        entries_of: dict[str, list[Entry]] = defaultdict(list)
        for entry in digest.entries:
            for tag in entry.folded_tags:
                entries_of[tag].append(entry)
        for tag, entries in entries_of.items():
            days_of[tag].append(structs.replace(digest, entries=tuple(entries)))
    return {tag: tuple(days) for tag, days in days_of.items()}


def _tag_names(digests: tuple[Digest, ...]) -> dict[str, str]:
    """Return how each tag is shown: as it was spelled first, for ever."""
    spelled: dict[str, str] = {}
    for digest in digests:
        for entry in digest.entries:
            for tag, folded in zip(entry.tags, entry.folded_tags, strict=False):
                spelled.setdefault(folded, tag)
    return spelled


def _in_language(digest: Digest, language: str) -> Digest:
    """Return the entries of a day that have commentary in a language, without that in others."""
    entries: list[Entry] = []
    for entry in digest.entries:
        said = tuple(passage for passage in entry.commentary if passage.language == language)
        if said:
            entries.append(entry if said == entry.commentary else structs.replace(entry, commentary=said))
    return structs.replace(digest, entries=tuple(entries))
