"""What a command says on standard error: lines for people, or JSON for programs (``--log-format``)."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click
import msgspec

from pipeline.errors import (
    LockedError,
    NothingParsedError,
    PipelineError,
    RenderError,
    SourceError,
    StoreError,
)
from pipeline.model import Problem, Severity
from pipeline.report import Noticed

Level = Literal["error", "warning", "info"]
Stage = Literal["find", "parse", "refine", "render", "store"]

_LEVELS: dict[Severity, Level] = {"error": "error", "warning": "warning", "note": "info"}
STAGES: dict[str, Stage] = {
    "unreadable-file": "find",
    "kept-day": "find",
    "repeated-paper": "refine",
    "unsafe-link": "refine",
}
"""Where a problem is met, by its code; all others in parsing."""
# What ends a run, children before their parents.
_ENDS: tuple[tuple[type[PipelineError], Stage], ...] = (
    (NothingParsedError, "parse"),
    (SourceError, "find"),
    (RenderError, "render"),
    (StoreError, "store"),
    (LockedError, "store"),
)


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of ``--log-format json``; what does not apply is left out."""

    time: dt.datetime
    """When it was said, UTC."""
    run: str
    """Id of the run: all its lines share it."""
    level: Level
    stage: Stage | None = None
    """Where it was met; none for what is no stage: configuration, hub, health check."""
    digest: str | None = None
    """The day, else the file that gave none."""
    entry: str | None = None
    """Id of the entry."""
    title: str | None = None
    """Title of the entry."""
    file: str | None = None
    """Path of the source, as seen from here."""
    line: int | None = None
    """Line in it, counted from 1."""
    code: str | None = None
    """Code of the problem."""
    message: str
    hint: str | None = None
    """How to mend it."""


class Log:
    """Says each thing as it comes, and keeps what people would read of it for the health check."""

    def __init__(self, form: str = "human") -> None:
        self.run = f"{dt.datetime.now(tz=dt.UTC):%Y%m%dT%H%M%SZ}-{os.urandom(4).hex()}"
        """Id of the run; those of a site sort by time."""
        self.said: list[str] = []
        self.json = form == "json"

    def problems(self, found: Iterable[Noticed], folder: Path) -> None:
        """Say problems of sources below ``folder``."""
        for noticed in found:
            self._say(problem_line(noticed.problem, folder), self._line_of(noticed, folder))

    def error(self, error: PipelineError) -> None:
        """Say what ended the run."""
        text = f"digest-pipeline: {error}" + (f"\n    {error.hint}" if error.hint else "")
        stage = next((stage for kind, stage in _ENDS if isinstance(error, kind)), None)
        self._say(text, self._line("error", str(error), stage=stage, hint=error.hint or None))

    def warning(self, message: str) -> None:
        """Say what went wrong beside the run."""
        self._say(f"warning: {message}", self._line("warning", message))

    def hint(self, message: str) -> None:
        """Say what could be better."""
        self._say(f"hint: {message}", self._line("info", message))

    def _say(self, text: str, line: Line) -> None:
        self.said.append(text)
        tell(msgspec.json.encode(line).decode() if self.json else text)

    def _line(
        self, level: Level, message: str, *, stage: Stage | None = None, hint: str | None = None
    ) -> Line:
        now = dt.datetime.now(tz=dt.UTC)
        return Line(time=now, run=self.run, level=level, stage=stage, message=message, hint=hint)

    def _line_of(self, noticed: Noticed, folder: Path) -> Line:
        found = noticed.problem
        stage = STAGES.get(found.code, "parse")
        return msgspec.structs.replace(
            self._line(_LEVELS[found.severity], found.message, stage=stage, hint=found.hint),
            digest=noticed.day.isoformat() if noticed.day else found.file,
            entry=noticed.entry,
            title=noticed.title,
            file=display_path(folder / found.file),
            line=found.line,
            code=found.code,
        )


log_option = click.option(
    "--log-format",
    type=click.Choice(["human", "json"]),
    default="human",
    show_default=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, form: setattr(ctx, "obj", Log(form)),
    help="What messages on standard error look like.",
)


def current_log() -> Log:
    """Return the log of the command that runs; one for people where it has no option for it."""
    return click.get_current_context().ensure_object(Log)


def tell(message: str) -> None:
    """Say something on standard error."""
    click.echo(message, err=True)


def display_path(path: Path) -> str:
    """Return a path as short as it can be from here."""
    here = Path.cwd()
    whole = path.absolute()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)


def problem_line(found: Problem, folder: Path) -> str:
    """Return a problem as people read it: place, weight, message, code; below it how to mend it."""
    place = f"{display_path(folder / found.file)}:{found.line}"
    return f"{place}: {found.severity}: {found.message} [{found.code}]\n    {found.hint}"
