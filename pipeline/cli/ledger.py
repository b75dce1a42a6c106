"""``digest-pipeline ledger`` and ``rename``: show what history holds, and tell it what it cannot see."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import structs

from pipeline import store
from pipeline.cli._common import (
    config_option,
    fails_in_one_line,
    ledger_option,
    ledger_path,
    load_settings,
    time_of_run,
)
from pipeline.ledger import load, written
from pipeline.published import read_published
from pipeline.reading import read_all
from pipeline.refine import rename


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
        told = (("key", past.key), ("published", past.published), ("became", past.became))
        values = (f"{name}={value}" for name, value in told if value)
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

    Each is an id, a key, DAY/ANCHOR as "ledger" prints it, an anchor or a title; NEW may be FILE:LINE
    of the digest too. The next run publishes NEW under the names of OLD, even if a run since then has
    taken it for a new entry; readers of feeds are told that that one is gone.
    """
    settings = load_settings(config_file, digests)
    folder = digests or settings.digests
    path = ledger_path(ledger_file, settings, folder)
    target = out or settings.out
    with store.locked(target):
        ledger = load(path)
        archive, _ = read_all(folder, settings.site, ledger, rules=settings.rules)
        before = read_published(target, settings.site).days
        renamed = rename(
            old, new, digests=archive, before=before, ledger=ledger, site=settings.site, now=time_of_run()
        )
        store.write(path, written(renamed))
