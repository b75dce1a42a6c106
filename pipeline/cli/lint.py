"""``digest-pipeline lint``: what an author can mend, while writing or in a repository's checks."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from pipeline.cli._common import config_option, fails_in_one_line, load_settings
from pipeline.cli._log import display_path, log_option
from pipeline.config import Config
from pipeline.errors import SourceError
from pipeline.model import Problem
from pipeline.problems import KINDS
from pipeline.reading import read_all

FOUND = 1
"""Exit code: there is something to mend."""
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_POLL_SECONDS = 0.5


@click.command("lint")
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
)
@click.option("--watch", is_flag=True, help="Go on, and lint again whenever a digest changes.")
@click.option("-v", "--verbose", is_flag=True, help="Say notes too.")
@log_option
@fails_in_one_line
def lint_command(
    *, paths: tuple[Path, ...], config_file: Path | None, form: str, watch: bool, verbose: bool
) -> None:
    """Name what an author can mend in PATHS, files or folders of digests (digests/)."""
    settings = load_settings(config_file, paths[0] if paths and paths[0].is_dir() else None)
    chosen = paths or (settings.digests,)
    before = _stamps(chosen)  # taken first, so that a change while linting is seen
    found = _report(chosen, settings, form, verbose=verbose)
    while watch:
        while _stamps(chosen) == before:
            time.sleep(_POLL_SECONDS)
        click.clear()
        before = _stamps(chosen)
        found = _report(chosen, settings, form, verbose=verbose)
    if found:
        sys.exit(FOUND)


def _report(paths: tuple[Path, ...], settings: Config, form: str, *, verbose: bool) -> bool:
    """Print the problems of all paths and tell whether any is worth mending."""
    found = [item for path in paths for item in _problems(path, settings)]
    shown = tuple(item for item in found if verbose or item.severity != "note")
    text = FORMATS[form](shown)
    if text:
        click.echo(text)
    return any(item.severity != "note" for item in shown)


def _problems(path: Path, settings: Config) -> tuple[Problem, ...]:
    """Return the problems of a file or a folder, their files as seen from here."""
    folder, only = (path, None) if path.is_dir() else (path.parent, path.name)
    if only and not path.is_file():
        raise SourceError("cannot be read: no such file or folder", subject=str(path))
    digests, lost = read_all(folder, settings.site, rules=settings.rules, only=only)
    noticed = (*lost, *(item for digest in digests for item in digest.problems))
    ordered = sorted(noticed, key=lambda item: (item.file, item.line, item.column, item.code))
    return tuple(msgspec.structs.replace(item, file=display_path(folder / item.file)) for item in ordered)


def _stamps(paths: tuple[Path, ...]) -> list[tuple[str, int]]:
    """Return the files of all paths and when they were changed; one that just went is left out."""
    stamps: list[tuple[str, int]] = []
    for file in (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])):
        with contextlib.suppress(FileNotFoundError):
            stamps.append((str(file), file.stat().st_mtime_ns))
    return sorted(stamps)


def _text(found: tuple[Problem, ...]) -> str:
    return "\n".join(f"{_place(item)}: {item.message} [{item.code}]\n    {item.hint}" for item in found)


def _place(item: Problem) -> str:
    return f"{item.file}:{item.line}:{item.column}: {item.severity}"


def _json(found: tuple[Problem, ...]) -> str:
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode()


def _github(found: tuple[Problem, ...]) -> str:
    """Return workflow commands; in their values ``%``, line ends and, in properties, ``:,`` are escaped."""
    return "\n".join(
        f"::{_GITHUB[item.severity]} file={_property(item.file)},line={item.line},col={item.column},"
        f"title={item.code}::{_data(f'{item.message}; {item.hint}')}"
        for item in found
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(found: tuple[Problem, ...]) -> str:
    """Return a SARIF 2.1.0 log with every code as a rule."""
    rules = [
        {"id": kind.code, "shortDescription": {"text": kind.message}, "help": {"text": kind.hint}}
        for kind in KINDS
    ]
    driver = {"name": "digest-pipeline", "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(item) for item in found]}],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=1).decode()


def _result(item: Problem) -> dict[str, object]:
    region = {"startLine": item.line, "startColumn": item.column}
    place = {"artifactLocation": {"uri": item.file}, "region": region}
    return {
        "ruleId": item.code,
        "level": item.severity,
        "message": {"text": f"{item.message}; {item.hint}"},
        "locations": [{"physicalLocation": place}],
    }


FORMATS: dict[str, Callable[[tuple[Problem, ...]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
