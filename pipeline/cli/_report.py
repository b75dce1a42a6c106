"""What a run prints on standard output where it is asked to: what changed, for people or as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import msgspec

from pipeline.changes import counted
from pipeline.model import Problem
from pipeline.report import Correction, DayChange, Report


class ReportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The report as ``--json`` prints it."""

    run: str
    days: int
    papers: int
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    dry_run: bool
    changes: tuple[DayChange, ...]
    problems: tuple[Problem, ...]


def as_json(report: Report, run: str) -> str:
    """Return a report as one line of JSON; ``run`` is the id of the run."""
    summary = ReportSummary(
        run=run,
        days=report.days,
        papers=report.papers,
        written=report.stored.written,
        removed=report.stored.removed,
        unchanged=report.stored.unchanged,
        dry_run=report.dry_run,
        changes=report.changes,
        problems=report.problems,
    )
    return msgspec.json.encode(summary).decode()


def lines(report: Report, *, verbose: bool) -> Iterator[str]:
    """Give what changed as people read it: files, then what subscribers see; corrections as a diff."""
    verb = "would be " if report.dry_run else ""
    yield from (f"{verb}written: {path}" for path in report.stored.written)
    yield from (f"{verb}removed: {path}" for path in report.stored.removed)
    yield from (f"{verb}recorded in the ledger: {record.day} {record.slug}" for record in report.recorded)
    yield from (f"{verb}recorded as withdrawn: {past.day} {past.anchor}" for past in report.withdrawn)
    for change in report.changes:
        yield f"{change.date}: {counted((change,))}"
        if verbose:
            yield from (line for correction in change.corrected for line in difference(correction))
    yield counted(report.changes)
    yield f"{report.days} days, {report.papers} papers, {report.stored.unchanged} files unchanged"


def difference(correction: Correction) -> Iterator[str]:
    """Give a correction as a unified diff of the entry's plain text."""
    sides = (correction.before.splitlines(), correction.after.splitlines())
    names = (f"published/{correction.id}", f"digests/{correction.id}")
    return difflib.unified_diff(*sides, *names, lineterm="")
