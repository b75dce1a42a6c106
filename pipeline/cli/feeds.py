"""``digest-pipeline feeds``: which feeds a build would publish, with their entries and bytes."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli._common import config_option, fails_in_one_line, ledger_path, load_settings
from pipeline.ledger import load
from pipeline.queries import feeds


@click.command("feeds")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@config_option
@click.option("--base-url", help="Published address of the site, instead of the configured one.")
@fails_in_one_line
def feeds_command(*, digests: Path | None, config_file: Path | None, base_url: str | None) -> None:
    """List every feed: its address, entries and bytes, parted by tabs.

    Nothing is written. Those that go on come first, then those of months and days, newest first.
    """
    settings = load_settings(config_file, digests, base_url)
    folder = digests or settings.digests
    ledger = load(ledger_path(None, settings, folder))
    for feed in feeds(folder, settings.site, ledger, rules=settings.rules):
        click.echo(f"{feed.address}\t{feed.entries}\t{feed.size}")
