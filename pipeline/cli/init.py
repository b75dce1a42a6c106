"""``digest-pipeline init``: write a commented configuration."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline import config
from pipeline.cli._common import fails_in_one_line
from pipeline.cli._log import tell
from pipeline.errors import ConfigError
from pipeline.model import Site


@click.command("init")
@click.argument("file", type=click.Path(path_type=Path), default=Path(config.FILE))
@click.option("--base-url", default="https://example.org/", show_default=True, help="Published address.")
@click.option("--title", default="Paper digest", show_default=True, help="Title of the site.")
@fails_in_one_line
def init_command(*, file: Path, base_url: str, title: str) -> None:
    """Write a commented configuration FILE (digest-pipeline.toml)."""
    year = dt.datetime.now(tz=dt.UTC).year
    authority = config.authority_of(base_url, year)
    config.check(Site(title=title, base_url=base_url, authority=authority), "init")
    text = config.template(base_url, title, authority)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise ConfigError("exists already and is left alone", subject=str(file)) from None
    except OSError as error:
        raise ConfigError("cannot be written", subject=str(file)) from error
    tell(f"{file} written; set base_url and authority before you publish")
