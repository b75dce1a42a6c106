"""``digest-pipeline run``: build the digests and publish them."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click
import msgspec

from pipeline import config
from pipeline.cli._common import (
    config_option,
    drop_standard_output,
    fails_in_one_line,
    ledger_option,
    ledger_path,
    load_settings,
    problem_line,
    state_folder,
    state_option,
    tell,
    time_of_run,
)
from pipeline.cli._hub import announce
from pipeline.cli._stopping import stoppable
from pipeline.errors import PipelineError
from pipeline.model import Problem, Report
from pipeline.run import History, Selection, run

SKIPPED = 3
"""Exit code: published, but some entries were skipped."""
_SECONDS = click.FloatRange(min=0, max=86400)
_POSITIVE = click.FloatRange(min=0, max=86400, min_open=True)


@click.command("run")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@click.argument("out", type=click.Path(path_type=Path), required=False)
@config_option
@ledger_option
@state_option
@click.option("--base-url", help="Published address of OUT, instead of the configured one.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Renew the folder of this day only.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Renew the folders of days from here on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Renew the folders of days up to here.")
@click.option("--prune", is_flag=True, help="Remove what digests no longer hold, however much it is.")
@click.option("--wait", type=_SECONDS, default=0, metavar="SECONDS", help="Wait for another run to end.")
@click.option("--timeout", type=_POSITIVE, metavar="SECONDS", help="Give up after so long.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Only say what keeps something from being published.")
@click.option("-v", "--verbose", is_flag=True, help="Name every file that changes, and every problem.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@fails_in_one_line
def run_command(
    *,
    digests: Path | None,
    out: Path | None,
    config_file: Path | None,
    ledger_file: Path | None,
    state_base: Path | None,
    base_url: str | None,
    day: dt.datetime | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    prune: bool,
    wait: float,
    timeout: float | None,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Build DIGESTS (digests/) into OUT (out/)."""
    selection = _selection(day, since, until)
    settings = load_settings(config_file, digests, base_url)
    source, target = digests or settings.digests, out or settings.out
    history = History(
        ledger=ledger_path(ledger_file, settings, source),
        now=time_of_run(),
        state=state_folder(state_base, target),
    )
    with stoppable(timeout):
        report = run(
            source,
            target,
            settings.site,
            rules=settings.rules,
            selection=selection,
            history=history,
            dry_run=dry_run,
            prune=prune,
            wait=wait,
        )
    try:
        _say(report, source, quiet=quiet, verbose=verbose, as_json=as_json)
    except OSError as error:
        drop_standard_output()
        done = "nothing was to be written" if dry_run else "published"
        raise PipelineError(f"{done}, but it cannot be reported", subject="standard output") from error
    if settings.site.hub and not dry_run:
        failure = announce(settings.site.hub, settings.site.base_url, report.stored.written)
        if failure and verbose:
            tell(f"warning: {failure}")
    if settings.site.base_url == config.PLACEHOLDER and report.stored.written and not quiet:
        tell(f"hint: links stand on {config.PLACEHOLDER}; digest-pipeline init, or --base-url, sets your own")
    if any(found.severity == "error" for found in report.problems):
        sys.exit(SKIPPED)


def _selection(day: dt.datetime | None, since: dt.datetime | None, until: dt.datetime | None) -> Selection:
    if day and (since or until):
        raise click.UsageError("--day goes without --since and --until")
    first, last = day or since, day or until
    if first and last and first > last:
        raise click.UsageError("--since is after --until")
    return Selection(since=first.date() if first else None, until=last.date() if last else None)


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
        for record in report.recorded:
            click.echo(f"{verb}recorded in the ledger: {record.day} {record.slug}")
        for past in report.withdrawn:
            click.echo(f"{verb}recorded as withdrawn: {past.day} {past.anchor}")
        click.echo(f"{report.days} days, {report.papers} papers, {report.stored.unchanged} files unchanged")
    for found in report.problems:
        news = bool(report.stored.written) and found.severity == "warning" and not quiet
        if found.severity == "error" or verbose or news:
            tell(problem_line(found, folder))


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
        days=report.days,
        papers=report.papers,
        written=report.stored.written,
        removed=report.stored.removed,
        unchanged=report.stored.unchanged,
        dry_run=report.dry_run,
        problems=report.problems,
    )
