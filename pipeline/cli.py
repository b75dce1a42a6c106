"""The command line: options in, messages and exit codes out; nothing else.

Here alone clock and environment are read. Standard output is data, standard error is for people;
both are silent when all is well.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from pipeline import __version__, config
from pipeline.errors import ConfigError, PipelineError
from pipeline.model import Problem, Report
from pipeline.run import Selection, run

SKIPPED = 3
"""Exit code: published, but some entries were skipped."""


class DefaultsToRun(click.Group):
    """A group whose first word may be left out: ``digest-pipeline DIGESTS OUT`` runs."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` before arguments that begin with neither a command nor the group's options."""
        own = {name for parameter in self.params for name in parameter.opts} | {"--help"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultsToRun)
@click.version_option(__version__, prog_name="digest-pipeline", message="%(prog)s %(version)s")
def main() -> None:
    """Turn a folder of paper digests into feeds, bibliographies, JSON and pages.

    Without a command, run: build digests/ into out/.
    """


@main.command("run")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@click.argument("out", type=click.Path(path_type=Path), required=False)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")
@click.option("--base-url", help="Published address of OUT, instead of the configured one.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Renew the folder of this day only.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Renew the folders of days from here on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Renew the folders of days up to here.")
@click.option("--prune", is_flag=True, help="Remove many days at once if their digests are gone.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Only say what keeps something from being published.")
@click.option("-v", "--verbose", is_flag=True, help="Name every file that changes, and every problem.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def run_command(
    *,
    digests: Path | None,
    out: Path | None,
    config_file: Path | None,
    base_url: str | None,
    day: dt.datetime | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    prune: bool,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Build DIGESTS (digests/) into OUT (out/)."""
    selection = _selection(day, since, until)
    try:
        settings = _settings(config_file, digests, base_url)
        source, target = digests or settings.digests, out or settings.out
        report = run(source, target, settings.site, selection=selection, dry_run=dry_run, prune=prune)
    except PipelineError as error:
        _fail(error)
    except OSError as error:
        _fail(PipelineError(str(error.strerror or error), subject=str(error.filename or "")))
    _say(report, source, quiet=quiet, verbose=verbose, as_json=as_json)
    if settings.site.base_url == config.PLACEHOLDER and report.stored.written and not quiet:
        _tell(
            f"hint: links stand on {config.PLACEHOLDER}; digest-pipeline init, or --base-url, sets your own"
        )
    if any(found.severity == "error" for found in report.problems):
        sys.exit(SKIPPED)


@main.command("init")
@click.argument("file", type=click.Path(path_type=Path), default=Path(config.FILE))
@click.option("--base-url", default="https://example.org/", show_default=True, help="Published address.")
@click.option("--title", default="Paper digest", show_default=True, help="Title of the site.")
def init_command(*, file: Path, base_url: str, title: str) -> None:
    """Write a commented configuration FILE (digest-pipeline.toml)."""
    year = dt.datetime.now(tz=dt.UTC).year
    text = config.template(base_url, title, config.authority_of(base_url, year))
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        _fail(ConfigError("exists already and is left alone", subject=str(file)))
    except OSError as error:
        _fail(ConfigError("cannot be written", subject=f"{file} ({error.strerror})"))
    _tell(f"{file} written; set base_url and authority before you publish")


def _selection(day: dt.datetime | None, since: dt.datetime | None, until: dt.datetime | None) -> Selection:
    if day and (since or until):
        raise click.UsageError("--day goes without --since and --until")
    first, last = day or since, day or until
    if first and last and first > last:
        raise click.UsageError("--since is after --until")
    return Selection(since=first.date() if first else None, until=last.date() if last else None)


def _settings(file: Path | None, digests: Path | None, base_url: str | None) -> config.Config:
    """Load the configuration named, else the one beside or in the digests, else the one here."""
    here = Path.cwd()
    folders = [*((digests.absolute().parent, digests) if digests else ()), here]
    near = (folder / config.FILE for folder in folders)
    settings = config.load(file or next((path for path in near if path.is_file()), None), here)
    if base_url is None:
        return settings
    site = msgspec.structs.replace(settings.site, base_url=base_url)
    return msgspec.structs.replace(settings, site=config.check(site, "--base-url"))


def _say(report: Report, folder: Path, *, quiet: bool, verbose: bool, as_json: bool) -> None:
    """Print what changed to standard output if asked, and problems to standard error."""
    if as_json:
        click.echo(msgspec.json.encode(_summary(report)))
    elif verbose or report.dry_run:
        verb = "would be " if report.dry_run else ""
        for path in report.stored.written:
            click.echo(f"{verb}written: {path}")
        for path in report.stored.removed:
            click.echo(f"{verb}removed: {path}")
        papers = sum(len(digest.entries) for digest in report.digests)
        click.echo(f"{len(report.digests)} days, {papers} papers, {report.stored.unchanged} files unchanged")
    for found in report.problems:
        news = bool(report.stored.written) and found.severity == "warning" and not quiet
        if found.severity == "error" or verbose or news:
            _tell(_line(found, folder))


class ReportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The report as ``--json`` prints it."""

    days: int
    papers: int
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    dry_run: bool
    problems: tuple[Problem, ...]


def _summary(report: Report) -> ReportSummary:
    return ReportSummary(
        days=len(report.digests),
        papers=sum(len(digest.entries) for digest in report.digests),
        written=report.stored.written,
        removed=report.stored.removed,
        unchanged=report.stored.unchanged,
        dry_run=report.dry_run,
        problems=report.problems,
    )


def _line(found: Problem, folder: Path) -> str:
    here = Path.cwd()
    path = (folder / found.file).absolute()
    place = f"{path.relative_to(here) if path.is_relative_to(here) else path}:{found.line}"
    return f"{place}: {found.severity}: {found.message} [{found.code}]\n    {found.hint}"


def _tell(message: str) -> None:
    click.echo(message, err=True)


def _fail(error: PipelineError) -> NoReturn:
    _tell(f"digest-pipeline: {error}")
    if error.hint:
        _tell(f"    {error.hint}")
    sys.exit(error.exit_code)
