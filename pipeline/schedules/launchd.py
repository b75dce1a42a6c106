"""A property list for a user's agent of macOS (``man 5 launchd.plist``)."""

from __future__ import annotations

import plistlib

from pipeline.schedules._job import Daily, Every, Job, Text, Timing


def texts(job: Job) -> tuple[Text, ...]:
    """Return the property list."""
    agent = {
        "Label": job.name,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.folder),
        # launchd mails nothing: what a run says is to be found here.
        "StandardErrorPath": str(job.home / "Library" / "Logs" / f"{job.name}.log"),
        "ProcessType": "Background",
        **_times(job.timing),
    }
    path = job.home / "Library" / "LaunchAgents" / f"{job.name}.plist"
    return (Text(path=str(path), content=plistlib.dumps(agent, sort_keys=False).decode()),)


def _times(timing: Timing) -> dict[str, object]:
    match timing:
        case Daily(hour=hour, minute=minute):
            return {"StartCalendarInterval": {"Hour": hour, "Minute": minute}}
        case Every(minutes=minutes):
            return {"StartInterval": 60 * minutes}
