"""A line of a crontab (``man 5 crontab``), which mails what a run says: nothing when all is well."""

from __future__ import annotations

import shlex

from pipeline.errors import ScheduleError
from pipeline.schedules._job import Job, Text, crontab_times

# MAX_COMMAND of Vixie's cron and its children; a longer line makes them refuse the whole crontab.
_LONGEST = 998


def texts(job: Job) -> tuple[Text, ...]:
    """Return the line. Raise ScheduleError where its command is longer than cron takes."""
    command = f"cd {_word(str(job.folder))} && {' '.join(map(_word, job.command))}"
    if len(command.encode()) > _LONGEST:
        raise ScheduleError(
            f"the command has more than {_LONGEST} bytes, which cron does not take",
            subject="cron",
            hint="shorten it by a link to the folder",
        )
    return (Text(path="crontab", content=f"{crontab_times(job.timing)} {command}\n"),)


def _word(text: str) -> str:
    r"""Return a word for the shell behind cron, to which ``%`` is a line end unless it is ``\%``.

    The backslash stands outside the shell's quotes, because cron leaves one before any other
    character as it is.
    """
    return shlex.quote(text).replace("%", r"'\%'")
