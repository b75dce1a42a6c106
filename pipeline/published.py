"""What is published, read back from the site's own dumps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from msgspec import Struct, structs

from pipeline import store
from pipeline.model import Digest, Entry, Site
from pipeline.paths import day_folder

_DAY = re.compile("[0-9]{4}/[0-9]{2}/[0-9]{2}/")


class Published(Struct, frozen=True, kw_only=True):
    """The days that are published, each kind oldest first; none whose dump is damaged."""

    shown: tuple[Digest, ...]
    """Those that the feeds and pages of the site tell of."""
    aside: tuple[Digest, ...]
    """Those of which only their folders are left, since a source could not be read."""

    @property
    def days(self) -> tuple[Digest, ...]:
        """All of them, oldest first."""
        return tuple(sorted((*self.shown, *self.aside), key=lambda digest: digest.date))


def read_published(out: Path, site: Site, days: Mapping[dt.date, Digest] | None = None) -> Published:
    """Return what is published, as the dumps of the site and its days tell it.

    ``days`` are those that are shown, where they are known without reading the site's dump. What was
    published under the placeholder was a trial, once the site has an authority of its own.
    """
    days = {digest.date: digest for digest in _of_site(out)} if days is None else days
    left = set(map(day_of, store.published(out))) - {"", *map(day_folder, days)}
    others = tuple(day for folder in sorted(left) for day in _of_day(out, folder))
    shown = tuple(sorted(days.values(), key=lambda digest: digest.date))
    # Where the site's dump is lost, the folders tell alike of what it showed.
    shown, aside = (shown, others) if shown else (others, ())
    return Published(shown=_kept(shown, site), aside=_kept(aside, site))


def last_good(out: Path, dates: AbstractSet[dt.date] | None) -> tuple[Digest, ...]:
    """Return some published days, of those that the site shows, newest first.

    All of them where ``dates`` is None, or where the dump of a day does not serve.
    """
    if dates is not None:
        newest = sorted(dates, reverse=True)
        days = tuple(day for date in newest for day in _of_day(out, day_folder(date)))
        if len(days) == len(dates):
            return days
    return _of_site(out)


def _kept(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:
    trial = f"tag:{Site().authority}:" if site.authority != Site().authority else "-"
    return tuple(structs.replace(digest, entries=_without(digest.entries, trial)) for digest in digests)


def _without(entries: tuple[Entry, ...], trial: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if not entry.id.startswith(trial))


def _of_site(out: Path) -> tuple[Digest, ...]:
    """Return the days of the site's dump, newest first; none where it is missing or damaged."""
    # What renders takes longer to import than commands that need none of this take to run.
    from pipeline.render import json_dump

    return _decoded(json_dump.read_archive, store.read_published(out, json_dump.SITE_FILE))


def _of_day(out: Path, folder: str) -> tuple[Digest, ...]:
    """Return the day of the dump in its folder; none where it is missing or damaged."""
    from pipeline.render import json_dump

    dump = store.read_published(out, folder + json_dump.DAY_FILE)
    return _decoded(lambda content: (json_dump.read_day(content),), dump)


def _decoded(reader: Callable[[bytes], tuple[Digest, ...]], dump: bytes | None) -> tuple[Digest, ...]:
    try:
        return reader(dump) if dump else ()
    except ValueError:
        return ()


def day_of(path: str) -> str:
    """Return the folder of the day that a published file belongs to, empty for one of the site."""
    folder = path[:11]
    return folder if _DAY.fullmatch(folder) else ""
