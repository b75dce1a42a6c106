"""How a site stands: what ``status.json`` in it says of its content, ``last-run.json`` of its last run.

The first holds only facts of content, so that a run that changes nothing writes nothing. The second
says nothing of when that run was: the time of its file does.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, structs

from pipeline.archive import Listing
from pipeline.errors import NothingParsedError, PipelineError
from pipeline.model import Problem, Severity
from pipeline.report import Report

VERSION = "1.0"
SITE_FILE = "status.json"
"""Path below the site."""
RUN_FILE = "last-run.json"
"""Path below the folder in which a site is remembered."""

Outcome = Literal["published", "parsed nothing", "failed"]
State = Literal["published", "unchanged", "no digest today", "parsed nothing", "failed"]


class Counts(Struct, frozen=True, kw_only=True):
    """How many problems there are of each severity."""

    error: int = 0
    warning: int = 0
    note: int = 0


class StatusProblem(Struct, frozen=True, kw_only=True):
    """Something the author should know."""

    file: str
    """Name of the source."""
    line: int
    """Line in it, counted from 1."""
    severity: Severity
    code: str
    message: str


class SiteStatus(Struct, frozen=True, kw_only=True):
    """What is published: ``status.json``."""

    version: str = VERSION
    days: int
    papers: int
    newest: dt.date
    """The newest day."""
    updated: dt.datetime | None
    """When the content of an entry last changed, UTC."""
    counts: Counts
    problems: tuple[StatusProblem, ...]
    """By file and line."""


class LastRun(Struct, frozen=True, kw_only=True):
    """What is remembered of the last run: ``last-run.json``."""

    version: str = VERSION
    run: str
    """Id of the run that wrote this; later ones that came to the same left it."""
    outcome: Outcome
    exit_code: int
    message: str | None = None
    """What ended a run that failed."""
    days: int | None = None
    """Like all below, of the last run that did not fail; None before the first."""
    papers: int | None = None
    newest: dt.date | None = None
    counts: Counts | None = None
    problems: tuple[StatusProblem, ...] = ()
    """By file and line, without notes."""
    changed: dt.datetime | None = None
    """When a run last changed the site, UTC."""


def site_status(listing: Listing) -> SiteStatus:
    """Return the status of the listing of a whole site."""
    return SiteStatus(
        days=len(listing.digests),
        papers=listing.digests.papers,
        newest=listing.digests.dates[0],
        updated=listing.updated,
        counts=_counts(listing.problems),
        problems=tuple(map(_problem, listing.problems)),
    )


def _problem(found: Problem) -> StatusProblem:
    return StatusProblem(
        file=found.file, line=found.line, severity=found.severity, code=found.code, message=found.message
    )


def _counts(problems: tuple[Problem, ...]) -> Counts:
    weights = [found.severity for found in problems]
    return Counts(error=weights.count("error"), warning=weights.count("warning"), note=weights.count("note"))


def succeeded(run: str, report: Report, exit_code: int, changed: dt.datetime | None) -> LastRun:
    """Return what to remember of a run that came to its end; ``changed`` is when the site last did."""
    return LastRun(
        run=run,
        outcome="published",
        exit_code=exit_code,
        days=report.days,
        papers=report.papers,
        newest=report.newest,
        counts=_counts(report.problems),
        problems=tuple(_problem(found) for found in report.problems if found.severity != "note"),
        changed=changed,
    )


def failed(run: str, error: PipelineError, before: LastRun | None) -> LastRun:
    """Return what to remember of a run that failed: of the site, what was known ``before``."""
    known = before or LastRun(run=run, outcome="failed", exit_code=error.exit_code)
    return structs.replace(
        known,
        run=run,
        outcome="parsed nothing" if isinstance(error, NothingParsedError) else "failed",
        exit_code=error.exit_code,
        message=str(error),
    )


def same(one: LastRun | None, other: LastRun) -> bool:
    """Tell whether two runs came to the same."""
    return one is not None and structs.replace(one, run=other.run) == other


def states(
    last: LastRun | None, ended: dt.datetime | None, newest: dt.date | None, today: dt.date
) -> tuple[State, ...]:
    """Return what holds of a site, the gravest first.

    ``last`` is what is remembered and ``ended`` when that run was, UTC; ``newest`` is the newest day that
    is published, ``today`` the day in the site's zone.
    """
    found: list[State] = []
    if last and last.outcome != "published":
        found.append(last.outcome)
    if newest is not None and newest < today:
        found.append("no digest today")
    if last and ended and last.outcome == "published":
        found.append("unchanged" if last.changed is None or ended > last.changed else "published")
    return tuple(found)
