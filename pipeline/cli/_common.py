"""What the commands share: finding configuration, ledger and memory, failing in one line."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec

import click
import msgspec

from pipeline import config, ledger
from pipeline.cli._log import current_log
from pipeline.errors import ConfigError, PipelineError

P = ParamSpec("P")
DAY = click.DateTime(["%Y-%m-%d"])

config_option = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file."
)
ledger_option = click.option(
    "--ledger", "ledger_file", type=click.Path(path_type=Path), help="Ledger, instead of DIGESTS/ledger.toml."
)

state_option = click.option(
    "--state",
    "state_base",
    type=click.Path(path_type=Path),
    help="Where sites are remembered between runs, instead of ~/.local/state.",
)


def fails_in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a command raises into one line on standard error and its exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PipelineError as error:
            fail(error)
        except OSError as error:
            fail(of_the_system(error))

    return wrapped


def of_the_system(error: OSError) -> PipelineError:
    """Return what the system refused as an error of ours."""
    return PipelineError(str(error.strerror or error), subject=str(error.filename or ""))


def load_settings(file: Path | None, digests: Path | None, base_url: str | None = None) -> config.Config:
    """Load the configuration named, else the one beside or in the digests, else the one here."""
    here = Path.cwd()
    folders = [*((digests.absolute().parent, digests) if digests else ()), here]
    near = (folder / config.FILE for folder in folders)
    settings = config.load(file or next((path for path in near if path.is_file()), None), here)
    if base_url is None:
        return settings
    site = msgspec.structs.replace(settings.site, base_url=base_url)
    return msgspec.structs.replace(settings, site=config.check(site, "--base-url"))


def ledger_path(named: Path | None, settings: config.Config, digests: Path) -> Path:
    """Return the ledger that is named, else the configured one, else the one among the digests."""
    return named or settings.ledger or digests / ledger.FILE


def state_folder(named: Path | None, out: Path) -> Path | None:
    """Return where a site is remembered between runs: below the folder named, else the platform's.

    That is XDG_STATE_HOME or ``~/.local/state`` (XDG Base Directory Specification 0.8), on macOS
    ``~/Library/Application Support``; None for a user without a home. platformdirs knows the same and
    takes a tenth of the time of a run that changes nothing to import. A site has a folder of its own
    in it, named after where it is published.
    """
    place = out.resolve()
    mark = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
    own = Path("digest-pipeline") / f"{place.name}-{mark}"
    if named:
        return named.absolute() / own.name
    given = os.environ.get("XDG_STATE_HOME", "")
    if Path(given).is_absolute():
        return Path(given) / own
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises for a user without one
    below = "Library/Application Support" if sys.platform == "darwin" else ".local/state"
    return home / below / own if home.is_absolute() and home.is_dir() else None


def now() -> dt.datetime:
    """Return the time, UTC."""
    return dt.datetime.now(tz=dt.UTC)


def time_of_run() -> dt.datetime:
    """Return the time that corrections of this run carry, UTC, whole seconds.

    SOURCE_DATE_EPOCH stands for it where it is set, so that a history can be built again to the byte
    (https://reproducible-builds.org/specs/source-date-epoch/). Raise ConfigError for one that is none.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        return now().replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigError(f"{given!r} is no time", subject="SOURCE_DATE_EPOCH") from error


def drop_standard_output() -> None:
    """Let what is still to be flushed to a full standard output go nowhere.

    Else Python tries again at its end and exits with a code of its own (library reference, "Note on
    SIGPIPE").
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def fail(error: PipelineError) -> NoReturn:
    """Say an error, and leave with its exit code."""
    current_log().error(error)
    sys.exit(error.exit_code)
