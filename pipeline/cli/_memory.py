"""What is remembered of a site between runs, in a folder of its own: `pipeline.status.LastRun`.

Nothing depends on it: without a usable folder, runs go on without a word.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec

from pipeline import store
from pipeline.errors import LockedError
from pipeline.status import RUN_FILE, LastRun, same

_PATIENCE = 1
"""Seconds; another run that ends at the same time is done sooner."""


def recall(folder: Path | None) -> tuple[LastRun | None, dt.datetime | None]:
    """Return what is remembered of the last run, and when it ended, UTC; None twice where nothing is."""
    if folder is None:
        return None, None
    try:
        content = store.read_published(folder, RUN_FILE) or b""
        ended = dt.datetime.fromtimestamp((folder / RUN_FILE).stat().st_mtime, dt.UTC)
        return msgspec.json.decode(content, type=LastRun), ended
    except (OSError, msgspec.MsgspecError):
        return None, None


def remember(folder: Path | None, told: Callable[[LastRun | None], LastRun], ended: dt.datetime) -> None:
    """Remember a run that ended then, UTC; if it came to the same as the one before, only when.

    ``told`` makes what is remembered of what was. Of two runs that end at once the later stays.
    """
    if folder is None:
        return
    path = folder / RUN_FILE
    with contextlib.suppress(OSError, LockedError), store.locked(folder, _PATIENCE):
        before, then = recall(folder)
        if then and ended < then <= dt.datetime.now(tz=dt.UTC):
            return
        last = told(before)
        if not same(before, last):
            store.write(path, msgspec.json.format(msgspec.json.encode(last), indent=1) + b"\n")
        store.touch(path, ended)


def changed_at(out: Path) -> dt.datetime | None:
    """Return when the list of what is published was last written, UTC; None where there is none."""
    try:
        return dt.datetime.fromtimestamp((out / store.MANIFEST).stat().st_mtime, dt.UTC)
    except OSError:
        return None
