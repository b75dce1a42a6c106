"""``digest-pipeline bib``: a bibliography of any selection, on standard output."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from msgspec import structs

from pipeline.cli._common import (
    DAY,
    config_option,
    fails_in_one_line,
    ledger_option,
    ledger_path,
    load_settings,
)
from pipeline.ledger import load
from pipeline.model import Digest, Entry
from pipeline.queries import bibliography
from pipeline.reading import read_all
from pipeline.refine.tags import fold_tag
from pipeline.run import Selection

_FORMATS = ("bibtex", "biblatex", "ascii", "csl", "ris")


@click.command("bib")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@config_option
@ledger_option
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Papers of days from here on.")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="Papers of days up to here.")
@click.option("--tag", "tags", multiple=True, help="Papers with this tag; of several with any of them.")
@click.option("--query", default="", help="Papers in whose text all of these words stand.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="bibtex", show_default=True)
@fails_in_one_line
def bib_command(
    *,
    digests: Path | None,
    config_file: Path | None,
    ledger_file: Path | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    tags: tuple[str, ...],
    query: str,
    form: str,
) -> None:
    """Write the papers of DIGESTS (digests/) that are asked for as a bibliography."""
    settings = load_settings(config_file, digests)
    folder = digests or settings.digests
    ledger = load(ledger_path(ledger_file, settings, folder))
    archive, _ = read_all(folder, settings.site, ledger, rules=settings.rules)
    span = Selection(since=since.date() if since else None, until=until.date() if until else None)
    wanted = frozenset(fold_tag(tag.lstrip("#")) for tag in tags)
    words = tuple(query.casefold().split())
    chosen = tuple(_chosen(digest, wanted, words) for digest in archive if span.includes(digest.date))
    found = tuple(digest for digest in chosen if digest.entries)
    click.echo(bibliography(found, settings.site, form), nl=False)


def _chosen(digest: Digest, tags: frozenset[str], words: tuple[str, ...]) -> Digest:
    return structs.replace(digest, entries=tuple(e for e in digest.entries if _is_meant(e, tags, words)))


def _is_meant(entry: Entry, tags: frozenset[str], words: tuple[str, ...]) -> bool:
    parts = (entry.title, *entry.alternative_titles, *(a.name for a in entry.authors), entry.abstract)
    text = "\n".join(filter(None, (*parts, *(p.text for p in entry.commentary), *entry.tags))).casefold()
    return (not tags or not tags.isdisjoint(entry.folded_tags)) and all(word in text for word in words)
