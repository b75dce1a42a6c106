"""``digest-pipeline ledger`` and ``rename``: show what history holds, and tell it what it cannot see."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click
from msgspec import structs

from pipeline import store
from pipeline.cli._common import config_option, fails_in_one_line, ledger_option, ledger_path, load_settings
from pipeline.errors import LedgerError
from pipeline.ledger import load, written
from pipeline.model import Digest, Entry, Ledger, LedgerEntry, Site, Withdrawn
from pipeline.paths import entry_id
from pipeline.published import read_published
from pipeline.reading import read_all
from pipeline.refine.identity import scratch_anchors

_PLACE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+)")


@click.command("ledger")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@config_option
@ledger_option
@fails_in_one_line
def ledger_command(*, digests: Path | None, config_file: Path | None, ledger_file: Path | None) -> None:
    """Show what the ledger of DIGESTS (digests/) holds, an entry a line; last those withdrawn, by anchor."""
    settings = load_settings(config_file, digests)
    ledger = load(ledger_path(ledger_file, settings, digests or settings.digests))
    for record in ledger.entries:
        known = structs.asdict(record).items()
        values = (f"{name}={value}" for name, value in known if value and name not in {"day", "slug"})
        click.echo("  ".join((f"{record.day}/{record.slug}", *values)))
    for past in ledger.withdrawn:
        values = (f"{name}={value}" for name, value in (("key", past.key), ("published", past.published)))
        click.echo("  ".join((f"{past.day}/{past.anchor}", f"withdrawn={past.when}", *values)))


@click.command("rename")
@click.argument("old")
@click.argument("new")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@click.argument("out", type=click.Path(path_type=Path), required=False)
@config_option
@ledger_option
@fails_in_one_line
def rename_command(
    *,
    old: str,
    new: str,
    digests: Path | None,
    out: Path | None,
    config_file: Path | None,
    ledger_file: Path | None,
) -> None:
    """Say that NEW, an entry rewritten beyond recognition, is the published entry OLD.

    OLD is an id or a key; NEW is FILE:LINE, the anchor or the key. The next run publishes it so.
    """
    settings = load_settings(config_file, digests)
    folder = digests or settings.digests
    path = ledger_path(ledger_file, settings, folder)
    target = out or settings.out
    with store.locked(target):
        ledger = load(path)
        archive, _ = read_all(folder, settings.site, ledger, rules=settings.rules)
        before = read_published(target, settings.site).days
        was = _gone(old, before, ledger, archive, settings.site)
        place = _new(new, was, archive, {entry.id for day in before for entry in day.entries})
        others = tuple(r for r in ledger.entries if (r.day, r.slug) != (place.day, place.slug))
        past = tuple(w for w in ledger.withdrawn if (w.day, w.anchor) != (was.date, was.anchor))
        store.write(path, written(Ledger(entries=(*others, place), withdrawn=past)))


def _gone(
    name: str, before: tuple[Digest, ...], ledger: Ledger, archive: tuple[Digest, ...], site: Site
) -> Entry:
    """Return the one entry of this id or key that was published, and that no digest has any more."""
    known = {entry.id for digest in archive for entry in digest.entries}
    past = {entry.id: entry for entry in (_as_published(withdrawn, site) for withdrawn in ledger.withdrawn)}
    were = past | {entry.id: entry for day in before for entry in day.entries}
    named = [entry for entry in were.values() if name in {entry.id, entry.key}]
    gone = [entry for entry in named if entry.id not in known]
    if len(gone) == 1:
        return gone[0]
    if gone:
        raise LedgerError("is the key of several that are gone; name one by its id", subject=name)
    message = "is in the digests as it was published" if named else "is no id or key of a published entry"
    raise LedgerError(message, subject=name)


def _as_published(past: Withdrawn, site: Site) -> Entry:
    """Return what is known of a withdrawn entry; it comes back after readers were told that it is gone."""
    return Entry(
        file="",
        date=past.day,
        id=entry_id(site.authority, past.day, past.anchor),
        anchor=past.anchor,
        key=past.key,
        published=past.published,
        updated=past.when + dt.timedelta(seconds=1),
    )


def _new(name: str, was: Entry, archive: tuple[Digest, ...], published: set[str]) -> LedgerEntry:
    """Return what the ledger shall hold of the entry of that day that is named."""
    place = _PLACE.fullmatch(name)
    digest = next((digest for digest in archive if digest.date == was.date), Digest(date=was.date))
    for entry, slug in zip(digest.entries, scratch_anchors(digest), strict=True):
        here = place and Path(place["file"]).name == Path(entry.file).name
        inside = here and place and entry.first_line <= int(place["line"]) <= entry.last_line
        if inside or name in {entry.anchor, entry.key, entry.id}:
            if entry.id in published:
                raise LedgerError("is published itself; its id is permanent", subject=name)
            return LedgerEntry(
                day=was.date,
                slug=slug,
                anchor=was.anchor,
                key=was.key,
                published=was.published,
                updated=was.updated if was.updated != was.published else None,
            )
    raise LedgerError(f"is no entry of {was.date}, the day of {was.id}", subject=name)
