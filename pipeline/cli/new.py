"""``digest-pipeline new``: write an empty day in the author's own shape."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli._common import DAY, config_option, fails_in_one_line, load_settings
from pipeline.errors import ConfigError, SourceError
from pipeline.parse import PROFILES, Template


@click.command("new")
@click.argument("date", type=DAY, metavar="[YYYY-MM-DD]", required=False)
@click.option("--profile", help="Shape of the day, instead of the configured one.")
@config_option
@fails_in_one_line
def new_command(*, date: dt.datetime | None, profile: str | None, config_file: Path | None) -> None:
    """Write a template for a day (today) and print its path."""
    settings = load_settings(config_file, None)
    day = date.date() if date else dt.datetime.now().astimezone().date()
    template = _template(profile or settings.profile)
    path = settings.digests / template.file.format(day=day)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(template.text.format(day=day))
    except FileExistsError:
        raise SourceError("exists already and is left alone", subject=str(path)) from None
    click.echo(path)


def _template(name: str) -> Template:
    found = {profile.name: profile.template for profile in PROFILES if profile.template}
    if name not in found:
        raise ConfigError(f"no profile {name!r} to begin with; there are {', '.join(found)}", subject="new")
    return found[name]
