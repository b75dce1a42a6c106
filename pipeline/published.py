"""What is published, read back from the site's own dumps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import structs

from pipeline import store
from pipeline.model import Digest, Entry, Site
from pipeline.paths import day_folder

_DAY = re.compile("[0-9]{4}/[0-9]{2}/[0-9]{2}/")


def read_published(out: Path, site: Site, days: Mapping[dt.date, Digest] | None = None) -> tuple[Digest, ...]:
    """Return the days that are published, as their dumps tell them; none that is damaged.

    ``days`` are those that are known without reading the site's dump. What was published under the
    placeholder was a trial, once the site has an authority of its own.
    """
    from pipeline.render import json_dump

    if days is None:
        dump = store.read_published(out, json_dump.SITE_FILE)
        days = {digest.date: digest for digest in _decoded(json_dump.read_archive, dump)}
    known = {day_folder(date) for date in days}
    for path in sorted(store.published(out)):
        # A day that could not be read at the last run has a folder and no place among the others.
        if path == day_of(path) + json_dump.DAY_FILE and day_of(path) not in known:
            dump = store.read_published(out, path)
            more = _decoded(lambda content: (json_dump.read_day(content),), dump)
            days = {**days, **{digest.date: digest for digest in more}}
    trial = f"tag:{Site().authority}:" if site.authority != Site().authority else "-"
    kept = (structs.replace(d, entries=_without(d.entries, trial)) for d in days.values())
    return tuple(sorted(kept, key=lambda digest: digest.date))


def _without(entries: tuple[Entry, ...], trial: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if not entry.id.startswith(trial))


def _decoded(reader: Callable[[bytes], tuple[Digest, ...]], dump: bytes | None) -> tuple[Digest, ...]:
    try:
        return reader(dump) if dump else ()
    except ValueError:
        return ()


def day_of(path: str) -> str:
    """Return the folder of the day that a published file belongs to, empty for one of the site."""
    folder = path[:11]
    return folder if _DAY.fullmatch(folder) else ""
