"""``digest-pipeline schedule``: print what makes a scheduler build and publish again and again."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli._common import config_option, fails_in_one_line, ledger_option, ledger_path, load_settings
from pipeline.errors import ScheduleError
from pipeline.schedules import SCHEDULERS, Daily, Every, Job, Text, Timing, check

_COMMAND = "digest-pipeline"


@click.command("schedule")
@click.argument("scheduler", type=click.Choice([scheduler.name for scheduler in SCHEDULERS]))
@click.argument("digests", type=click.Path(path_type=Path), required=False)
@click.argument("out", type=click.Path(path_type=Path), required=False)
@config_option
@ledger_option
@click.option("--every", type=click.IntRange(1, 1440), metavar="MINUTES", help="Run so often.  [default: 60]")
@click.option("--at", type=click.DateTime(["%H:%M"]), metavar="HH:MM", help="Run once a day instead.")
@click.option("--name", default=_COMMAND, show_default=True, help="Name of the unit, label or workflow.")
@click.option("--requirement", default=f"{_COMMAND}=={__version__}", help="What pip installs on GitHub.")
@click.option("--file", "wanted", help="Print the file of this name only: NAME.timer.")
@fails_in_one_line
def schedule_command(
    *,
    scheduler: str,
    digests: Path | None,
    out: Path | None,
    config_file: Path | None,
    ledger_file: Path | None,
    every: int | None,
    at: dt.datetime | None,
    name: str,
    requirement: str,
    wanted: str | None,
) -> None:
    """Print what makes SCHEDULER build DIGESTS (digests/) into OUT (out/) again and again.

    Nothing is installed. Of several files each is headed by the place where it is usually installed.
    """
    settings = load_settings(config_file, digests)
    source = (digests or settings.digests).absolute()
    job = Job(
        name=name,
        program=_program(),
        requirement=requirement,
        digests=source,
        out=(out or settings.out).absolute(),
        config=settings.path.absolute() if settings.path else None,
        ledger=ledger_path(ledger_file, settings, source).absolute(),
        root=_root(source, settings.path),
        home=Path.home(),
        user=getpass.getuser(),
        network=bool(settings.site.hub or settings.ping),
        timing=_timing(every, at),
    )
    texts = next(known.texts for known in SCHEDULERS if known.name == scheduler)(check(job))
    click.echo(_chosen(texts, wanted), nl=False)


def _program() -> tuple[str, ...]:
    """Return this command by its path, else the interpreter that runs the package."""
    called = Path(sys.argv[0]).absolute()
    if called.name == _COMMAND and called.is_file():
        return (str(called),)
    return (sys.executable, "-m", "pipeline")


def _root(digests: Path, config: Path | None) -> Path:
    """Return the root of the repository around the digests, else the folder that holds all."""
    above = (folder for folder in digests.parents if (folder / ".git").exists())
    return next(above, config.absolute().parent if config else digests.parent)


def _timing(every: int | None, at: dt.datetime | None) -> Timing:
    if every and at:
        raise click.UsageError("--every goes without --at")
    return Daily(hour=at.hour, minute=at.minute) if at else Every(minutes=every or 60)


def _chosen(texts: tuple[Text, ...], wanted: str | None) -> str:
    """Return the one text that is wanted, else all, headed by their places if they are several."""
    if wanted is None:
        headed = (f"# {text.path}\n{text.content}" for text in texts)
        return texts[0].content if len(texts) == 1 else "\n".join(headed)
    for text in texts:
        if Path(text.path).name == wanted:
            return text.content
    known = ", ".join(Path(text.path).name for text in texts)
    raise ScheduleError(f"is no file of this; there are {known}", subject=wanted)
