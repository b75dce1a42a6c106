"""A service and its timer (``man 5 systemd.service``, ``systemd.timer``, ``systemd.exec``)."""

from __future__ import annotations

import shlex

from pipeline.schedules._job import MINUTE, Daily, Every, Job, Text, Timing

_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - nothing is written there


def texts(job: Job) -> tuple[Text, ...]:
    """Return both units."""
    return (
        Text(path=f"/etc/systemd/system/{job.name}.service", content=_service(job)),
        Text(path=f"/etc/systemd/system/{job.name}.timer", content=_timer(job)),
    )


def _service(job: Job) -> str:
    return f"""\
[Unit]
Description=Publish digests of {_specifiers(str(job.digests))}/
Documentation=man:systemd.exec(5)

[Service]
Type=oneshot
User={_specifiers(job.user)}
WorkingDirectory={_specifiers(str(job.folder))}/
# The colon keeps systemd from replacing variables.
ExecStart=:{" ".join(map(_word, job.command))} --state %S/digest-pipeline
TimeoutStartSec=1h 5min
Nice=10

# It writes the site, the ledger and what it remembers, and nothing else.
StateDirectory=digest-pipeline
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={" ".join(_word(str(path)) for path in job.written)}
PrivateTmp={_private_tmp(job)}
NoNewPrivileges=yes
CapabilityBoundingSet=
{_network(job)}
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
"""


def _timer(job: Job) -> str:
    return f"""\
[Unit]
Description=Publish digests of {_specifiers(str(job.digests))}/ now and then

[Timer]
OnCalendar={_calendar(job.timing)}
# What was missed while the machine was off is made up for.
Persistent=true
AccuracySec=1s

[Install]
WantedBy=timers.target
"""


def _calendar(timing: Timing) -> str:
    """Return a calendar event (``man 7 systemd.time``)."""
    match timing:
        case Daily(hour=hour, minute=minute):
            return f"*-*-* {hour:02d}:{minute:02d}:00"
        case Every(minutes=minutes) if minutes < 60:
            return f"*-*-* *:00/{minutes}:00"
        case Every(minutes=1440):
            return f"*-*-* 00:{MINUTE:02d}:00"
        case Every(minutes=minutes):
            return f"*-*-* 00/{minutes // 60}:{MINUTE:02d}:00"


def _network(job: Job) -> str:
    if job.network:
        families = "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"
        return f"# Hub and health check are told over the network.\n{families}"
    return "PrivateNetwork=yes\nRestrictAddressFamilies=AF_UNIX"


def _private_tmp(job: Job) -> str:
    """Tell whether /tmp may be one of its own: not where the digests or the site lie in it."""
    paths = (job.folder, job.digests, *job.written)
    shared = any(path.is_relative_to(folder) for path in paths for folder in _TEMPORARY)
    return "no" if shared else "yes"


def _word(text: str) -> str:
    """Return a word of a list, where quotes do not keep a backslash from being one."""
    return _specifiers(shlex.quote(text.replace("\\", r"\\")))


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")
