"""The value that every scheduler's text is made from."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from pipeline.errors import ScheduleError

MINUTE = 7
"""Minute of the hour for what runs hourly or less often: on the hour everybody's jobs begin."""
_INTERVALS = (*(n for n in range(1, 61) if 60 % n == 0), *(60 * n for n in range(2, 25) if 24 % n == 0))
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Every(Struct, frozen=True, kw_only=True):
    """A run each so many minutes, which divide an hour or, as whole hours, a day."""

    minutes: int


class Daily(Struct, frozen=True, kw_only=True):
    """A run a day, by the clock of the machine."""

    hour: int
    minute: int


Timing = Every | Daily


class Job(Struct, frozen=True, kw_only=True):
    """A build as it is to be run; all paths are absolute."""

    name: str
    """Name of the unit, label or workflow."""
    program: tuple[str, ...]
    """The command without its arguments: ``/…/digest-pipeline``, or an interpreter and ``-m pipeline``."""
    requirement: str
    """What pip is asked to install where nothing is installed yet."""
    digests: Path
    out: Path
    config: Path | None
    ledger: Path
    root: Path
    """Root of the repository that the digests lie in, else the folder that runs start in."""
    home: Path
    """Home folder of the user that the runs are to have."""
    user: str
    network: bool
    """Whether runs tell a hub or a health check, for which alone they need a network."""
    timing: Timing

    @property
    def folder(self) -> Path:
        """Return where runs start, so that messages name files from there."""
        return self.config.parent if self.config else self.digests.parent

    @property
    def written(self) -> tuple[Path, ...]:
        """Return the folders in which runs write."""
        return (self.out, self.ledger.parent)

    @property
    def command(self) -> tuple[str, ...]:
        """Return the words of the whole command.

        It waits for another run, but less than a minute, so that waiting runs never pile up; and it
        gives up after an hour, so that one that hangs on a dead disk ends.
        """
        config = ("--config", str(self.config)) if self.config else ()
        ledger = ("--ledger", str(self.ledger))
        bounds = ("--wait", "50", "--timeout", "3600")
        return (*self.program, "run", *config, *ledger, *bounds, str(self.digests), str(self.out))


class Text(Struct, frozen=True, kw_only=True):
    """A file of a scheduler."""

    path: str
    """Where it is usually installed."""
    content: str


def check(job: Job) -> Job:
    """Return the job. Raise ScheduleError for a name, path or interval that no scheduler can hold."""
    if not _NAME.fullmatch(job.name):
        raise ScheduleError("is no name: letters, digits, - and _ are", subject=job.name)
    for word in (*job.command, str(job.home), job.requirement, job.user):
        if _CONTROL.search(word):
            raise ScheduleError("holds control characters, which no schedule can hold", subject=repr(word))
    if isinstance(job.timing, Every) and job.timing.minutes not in _INTERVALS:
        subject = f"every {job.timing.minutes} minutes"
        hint = f"these divide an hour or a day: {', '.join(map(str, _INTERVALS))}"
        raise ScheduleError("is not at the same times each day", subject=subject, hint=hint)
    return job


def crontab_times(timing: Timing) -> str:
    """Return the five fields of a crontab, as GitHub has them too."""
    match timing:
        case Daily(hour=hour, minute=minute):
            return f"{minute} {hour} * * *"
        case Every(minutes=1):
            return "* * * * *"
        case Every(minutes=minutes) if minutes < 60:
            return f"*/{minutes} * * * *"
        case Every(minutes=60):
            return f"{MINUTE} * * * *"
        case Every(minutes=1440):
            return f"{MINUTE} 0 * * *"
        case Every(minutes=minutes):
            return f"{MINUTE} */{minutes // 60} * * *"
