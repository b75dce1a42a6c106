"""``digest-pipeline run``: build the digests and publish them."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Literal

import click
import msgspec
from msgspec import Struct

from pipeline import config
from pipeline.cli import _memory
from pipeline.cli._common import (
    DAY,
    config_option,
    drop_standard_output,
    fails_in_one_line,
    ledger_option,
    ledger_path,
    load_settings,
    now,
    of_the_system,
    state_folder,
    state_option,
    time_of_run,
)
from pipeline.cli._log import Log, current_log, log_option
from pipeline.cli._stopping import stoppable
from pipeline.errors import ConfigError, LockedError, PipelineError
from pipeline.find import is_looked_through
from pipeline.report import Report
from pipeline.run import History, Selection, run
from pipeline.status import LastRun, failed, succeeded

SKIPPED = 3
"""Exit code: published, but some entries were skipped."""
_SECONDS = click.FloatRange(min=0, max=86400)
_POSITIVE = click.FloatRange(min=0, max=86400, min_open=True)

_PARAMETERS: tuple[Callable[[Callable[..., None]], Callable[..., None]], ...] = (
    click.argument("digests", type=click.Path(path_type=Path), required=False),
    click.argument("out", type=click.Path(path_type=Path), required=False),
    config_option,
    ledger_option,
    state_option,
    click.option("--base-url", help="Published address of OUT, instead of the configured one."),
    click.option("--day", type=DAY, metavar="YYYY-MM-DD", help="Renew the folder of this day only."),
    click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="Renew the folders of days from here on."),
    click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="Renew the folders of days up to here."),
    click.option("--prune", is_flag=True, help="Remove what digests no longer hold, however much it is."),
    click.option("--wait", type=_SECONDS, default=0, metavar="SECONDS", help="Wait for another run to end."),
    click.option("--timeout", type=_POSITIVE, metavar="SECONDS", help="Give up after so long."),
    click.option("-n", "--dry-run", is_flag=True, help="Say what subscribers would see; write nothing."),
    click.option("-q", "--quiet", is_flag=True, help="Only say what keeps something from being published."),
    click.option("-v", "--verbose", is_flag=True, help="Name all that changes, and every problem."),
    click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
    log_option,
)


class Request(Struct, frozen=True, kw_only=True):
    """What the command line asks for, a field for each of its parameters."""

    digests: Path | None
    out: Path | None
    config_file: Path | None
    ledger_file: Path | None
    state_base: Path | None
    base_url: str | None
    day: dt.datetime | None
    since: dt.datetime | None
    until: dt.datetime | None
    prune: bool
    wait: float
    timeout: float | None
    dry_run: bool
    quiet: bool
    verbose: bool
    as_json: bool


class Job(Struct, frozen=True, kw_only=True):
    """A request, and what the configuration adds to it."""

    request: Request
    settings: config.Config
    selection: Selection
    source: Path
    """Folder of digests."""
    target: Path
    """Folder to publish to."""
    memory: Path | None
    """Where the site is remembered between runs, if anywhere."""


@click.command("run")
@lambda command: reduce(lambda made, parameter: parameter(made), reversed(_PARAMETERS), command)
@fails_in_one_line
def run_command(**given: object) -> None:
    """Build DIGESTS (digests/) into OUT (out/)."""
    job = _job(msgspec.convert(given, Request))
    code = _tried(job, current_log()) if job.request.dry_run else _followed(job, current_log())
    if code:
        sys.exit(code)


def _job(request: Request) -> Job:
    selection = _selection(request.day, request.since, request.until)
    settings = load_settings(request.config_file, request.digests, request.base_url)
    source, target = request.digests or settings.digests, request.out or settings.out
    _keep_apart(source, target)
    return Job(
        request=request,
        settings=settings,
        selection=selection,
        source=source,
        target=target,
        memory=state_folder(request.state_base, target),
    )


def _keep_apart(source: Path, target: Path) -> None:
    """Raise ConfigError where the next run would read the site's feeds and pages as digests."""
    if is_looked_through(source.resolve(), target.resolve()):
        raise ConfigError(
            f"lies in the folder of digests, {source}; the next run would read the site as digests",
            subject=str(target),
            hint="publish beside the digests, or into a folder whose name begins with . or _",
        )


def _selection(day: dt.datetime | None, since: dt.datetime | None, until: dt.datetime | None) -> Selection:
    if day and (since or until):
        raise click.UsageError("--day goes without --since and --until")
    first, last = day or since, day or until
    if first and last and first > last:
        raise click.UsageError("--since is after --until")
    return Selection(since=first.date() if first else None, until=last.date() if last else None)


def _tried(job: Job, log: Log) -> int:
    """Say what a run would do; return the exit code."""
    report = _built(job)
    _say(report, job, log)
    return _exit_code(report)


def _followed(job: Job, log: Log) -> int:
    """Run, remember how it went and tell the health check; return the exit code."""
    _ping(job, log, "start")
    try:
        report = _built(job)
        _remember(job, log, report)
        _say(report, job, log)
    except LockedError:
        # The run that is at work speaks for the site.
        raise
    except Exception as error:
        _failed(job, log, error)
        raise
    _announce(job, log, report)
    _ping(job, log, "success")
    return _exit_code(report)


def _built(job: Job) -> Report:
    request, settings = job.request, job.settings
    history = History(
        ledger=ledger_path(request.ledger_file, settings, job.source), now=time_of_run(), state=job.memory
    )
    with stoppable(request.timeout, job.target):
        return run(
            job.source,
            job.target,
            settings.site,
            rules=settings.rules,
            selection=job.selection,
            history=history,
            dry_run=request.dry_run,
            prune=request.prune,
            wait=request.wait,
        )


def _exit_code(report: Report) -> int:
    return SKIPPED if any(found.severity == "error" for found in report.problems) else 0


def _remember(job: Job, log: Log, report: Report) -> None:
    ended = now()

    def told(before: LastRun | None) -> LastRun:
        changed = before.changed if before else _memory.changed_at(job.target)
        if report.stored.written or report.stored.removed:
            changed = ended
        return succeeded(log.run, report, _exit_code(report), changed)

    _memory.remember(job.memory, told, ended)


def _failed(job: Job, log: Log, error: Exception) -> None:
    """Remember a run that an error ends, and tell the health check; others than ours are our own faults."""
    ours = error if isinstance(error, PipelineError) else PipelineError(f"{type(error).__name__}: {error}")
    if isinstance(error, OSError) and not isinstance(error, PipelineError):
        ours = of_the_system(error)
    _memory.remember(job.memory, lambda before: failed(log.run, ours, before), now())
    _ping(job, log, "fail", str(ours))


def _say(report: Report, job: Job, log: Log) -> None:
    """Print what changed if asked, and say the problems; where links stand on no address, how to set one."""
    request = job.request
    try:
        _print(report, request, log.run)
    except OSError as error:
        drop_standard_output()
        done = "nothing was to be written" if report.dry_run else "published"
        raise PipelineError(f"{done}, but it cannot be reported", subject="standard output") from error
    news = bool(report.stored.written) and not request.quiet
    severities = {"error", "warning"} if news else {"error"}
    shown = (found for found in report.noticed if request.verbose or found.problem.severity in severities)
    log.problems(shown, job.source)
    if job.settings.site.base_url == config.PLACEHOLDER and news:
        log.hint(f"links stand on {config.PLACEHOLDER}; digest-pipeline init, or --base-url, sets your own")


def _print(report: Report, request: Request, run_id: str) -> None:
    if not (request.as_json or request.verbose or report.dry_run):
        return
    # What compares texts takes a tenth of the time of a run that changes nothing to import.
    from pipeline.cli import _report

    if request.as_json:
        click.echo(_report.as_json(report, run_id))
    else:
        click.echo("\n".join(_report.lines(report, verbose=request.verbose)))


def _announce(job: Job, log: Log, report: Report) -> None:
    site = job.settings.site
    if not site.hub:
        return
    from pipeline.cli._hub import announce

    failure = announce(site.hub, site.base_url, report.stored.written)
    if failure and job.request.verbose:
        log.warning(failure)


def _ping(job: Job, log: Log, event: Literal["start", "success", "fail"], *more: str) -> None:
    """Tell the health check, if one is configured, and below it what was said so far."""
    if not job.settings.ping:
        return
    from pipeline.cli._health import ping

    failure = ping(job.settings.ping, event, "\n".join((*log.said, *more)))
    if failure and job.request.verbose:
        log.warning(failure)
