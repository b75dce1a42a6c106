"""``digest-pipeline status``: how the site stands, for people and for monitors."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from pipeline import store
from pipeline.cli._common import (
    config_option,
    fails_in_one_line,
    load_settings,
    now,
    state_folder,
    state_option,
)
from pipeline.cli._memory import changed_at, recall
from pipeline.errors import SourceError
from pipeline.status import SITE_FILE, Counts, LastRun, SiteStatus, State, StatusProblem, states

NOT_WELL = 1
"""Exit code: the last run failed, or the newest digest is too old."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a site stands, as ``--json`` prints it."""

    states: tuple[State, ...]
    """What holds, the gravest first."""
    stale: bool
    """The newest digest is older than ``--stale`` allows."""
    run: str | None
    """Id of the last run that came to something else than the one before."""
    ended: dt.datetime | None
    """When the last run ended, UTC."""
    exit_code: int | None
    """Its exit code."""
    message: str | None
    """What ended it, if it failed."""
    changed: dt.datetime | None
    """When the site last changed, UTC."""
    days: int | None
    papers: int | None
    newest: dt.date | None
    """The newest day."""
    counts: Counts | None
    """How many problems there are of each severity."""
    problems: tuple[StatusProblem, ...]


@click.command("status")
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@click.argument("out", type=click.Path(path_type=Path), required=False)
@config_option
@state_option
@click.option("--stale", type=click.IntRange(min=0), metavar="DAYS", help="Fail if no digest is so young.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@fails_in_one_line
def status_command(
    *,
    digests: Path | None,
    out: Path | None,
    config_file: Path | None,
    state_base: Path | None,
    stale: int | None,
    as_json: bool,
) -> None:
    """Say how the site that is built from DIGESTS into OUT stands.

    Exits 1 where the last run failed or parsed nothing, and where --stale says so.
    """
    from dateutil import tz

    settings = load_settings(config_file, digests)
    target = out or settings.out
    last, ended = recall(state_folder(state_base, target))
    site = _site(target)
    if last is None and site is None:
        raise SourceError("nothing is published there, and no run is remembered", subject=str(target))
    today = now().astimezone(tz.gettz(settings.site.timezone)).date()
    standing = _standing(last, ended, site, today, stale)
    standing = msgspec.structs.replace(standing, changed=standing.changed or changed_at(target))
    click.echo(msgspec.json.encode(standing) if as_json else "\n".join(_lines(standing)))
    if standing.stale or not {"failed", "parsed nothing"}.isdisjoint(standing.states):
        sys.exit(NOT_WELL)


def _site(out: Path) -> SiteStatus | None:
    """Return what the site says of itself, None where there is none or a damaged one."""
    try:
        return msgspec.json.decode(store.read_published(out, SITE_FILE) or b"", type=SiteStatus)
    except msgspec.MsgspecError:
        return None


def _standing(
    last: LastRun | None,
    ended: dt.datetime | None,
    site: SiteStatus | None,
    today: dt.date,
    stale: int | None,
) -> Standing:
    """Join what is published and what is remembered, which alone tells of files that broke since."""
    known, noticed = site or last, last or site
    newest = known.newest if known else None
    too_old = stale is not None and (newest is None or newest < today - dt.timedelta(days=stale))
    return Standing(
        states=states(last, ended, newest, today),
        stale=too_old,
        run=last.run if last else None,
        ended=ended,
        exit_code=last.exit_code if last else None,
        message=last.message if last else None,
        changed=last.changed if last else None,
        days=known.days if known else None,
        papers=known.papers if known else None,
        newest=newest,
        counts=noticed.counts if noticed else None,
        problems=noticed.problems if noticed else (),
    )


def _lines(standing: Standing) -> Iterator[str]:
    run_states = [state for state in standing.states if state != "no digest today"]
    if run_states:
        cause = f": {standing.message}" if standing.message else ""
        yield f"last run     {_moment(standing.ended)}, {run_states[0]} (exit {standing.exit_code}){cause}"
    else:
        yield "last run     none is remembered"
    yield f"last change  {_moment(standing.changed)}"
    yield f"newest day   {_newest(standing)}"
    if standing.days is not None:
        yield f"site         {standing.days} days, {standing.papers} papers"
    if standing.counts:
        counts = standing.counts
        yield f"problems     {counts.error} errors, {counts.warning} warnings, {counts.note} notes"
    for found in standing.problems:
        if found.severity != "note":
            yield f"    {found.file}:{found.line}: {found.severity}: {found.message} [{found.code}]"


def _moment(moment: dt.datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "unknown"


def _newest(standing: Standing) -> str:
    if standing.newest is None:
        return "none"
    missing = "; no digest today" if "no digest today" in standing.states else ""
    return f"{standing.newest}{missing}{'; stale' if standing.stale else ''}"
