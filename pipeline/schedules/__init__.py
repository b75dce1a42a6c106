"""What runs a build again and again: one file a scheduler, from a `Job` to the texts it reads."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from pipeline.schedules import cron, github, launchd, systemd
from pipeline.schedules._job import Daily, Every, Job, Text, Timing, check

__all__ = ["SCHEDULERS", "Daily", "Every", "Job", "Scheduler", "Text", "Timing", "check"]


class Scheduler(Struct, frozen=True, kw_only=True):
    """Something that starts runs, by the name of its module."""

    name: str
    texts: Callable[[Job], tuple[Text, ...]]
    """What is to be installed. Raises ScheduleError for what it cannot express."""


SCHEDULERS: tuple[Scheduler, ...] = (
    Scheduler(name="cron", texts=cron.texts),
    Scheduler(name="systemd", texts=systemd.texts),
    Scheduler(name="launchd", texts=launchd.texts),
    Scheduler(name="github", texts=github.texts),
)
