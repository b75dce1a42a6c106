"""``digest-pipeline explain``: for each field of an entry, the lines it came from and the rule."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pipeline import find
from pipeline.cli._common import config_option, fails_in_one_line, ledger_path, load_settings
from pipeline.errors import SourceError
from pipeline.ledger import load
from pipeline.model import Digest, Entry, Span
from pipeline.reading import read_all

_PLACE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+)")
_LONGEST = 90


@click.command("explain")
@click.argument("what", metavar="KEY-or-FILE:LINE")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@config_option
@fails_in_one_line
def explain_command(*, what: str, digests: Path | None, config_file: Path | None) -> None:
    """Show where each field of an entry came from.

    The entry is named by its citation key, or by a line of its file.
    """
    settings = load_settings(config_file, digests)
    folder = digests or settings.digests
    ledger = load(ledger_path(None, settings, folder))
    archive, _ = read_all(folder, settings.site, ledger, rules=settings.rules)
    place = _PLACE.fullmatch(what)
    if place:
        entries = _at(archive, _name(place["file"], folder), int(place["line"]))
    else:
        entries = tuple(
            entry for digest in archive for entry in digest.entries if what in {entry.key, entry.id}
        )
    if not entries:
        raise SourceError("no entry has this key or stands at this line", subject=what)
    click.echo("\n\n".join(_explained(entry, folder) for entry in entries))


def _name(file: str, folder: Path) -> str:
    """Return the name of a source: below the folder, or as a path from here."""
    path = Path(file).absolute()
    root = folder.absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def _at(archive: tuple[Digest, ...], name: str, line: int) -> tuple[Entry, ...]:
    entries = (entry for digest in archive for entry in digest.entries if entry.file == name)
    return tuple(entry for entry in entries if entry.first_line <= line <= entry.last_line)


def _explained(entry: Entry, folder: Path) -> str:
    lines = re.split("\r\n|\r|\n", find.read(folder, entry.file).text)
    head = [f"{entry.key}  {entry.file}:{entry.first_line}-{entry.last_line}", f"id  {entry.id}"]
    spans = sorted(entry.spans, key=lambda span: (span.first, span.field))
    return "\n".join((*head, *(_span_line(span, lines) for span in spans)))


def _span_line(span: Span, lines: list[str]) -> str:
    """Return field, lines, rule and the beginning of the text."""
    place = str(span.first) if span.first == span.last else f"{span.first}-{span.last}"
    text = lines[span.first - 1].strip() if span.first <= len(lines) else ""
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    return f"{place:>9}  {span.field:<18} {span.rule:<18} {shown}"
