"""The one lock of a published folder: the folder itself, by ``flock``."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import LockedError, StoreError

_POLL = 0.05


@contextlib.contextmanager
def locked(out: Path, wait: float = 0) -> Iterator[None]:
    """Hold the lock of a published folder, which is made where it is not there yet.

    The kernel drops it with the process, it leaves no file in or beside the site, and it holds
    between users. Raise LockedError where another run has it for longer than ``wait`` seconds,
    StoreError where the folder cannot be made or opened.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StoreError("cannot publish there", subject=str(out)) from error
    try:
        _lock(descriptor, out, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, out: Path, deadline: float) -> None:
    """Ask again and again: a lock that is waited for in the kernel knows no end of patience."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise LockedError("another run is publishing there", subject=str(out)) from error
            time.sleep(_POLL)
        except OSError as error:
            raise StoreError("cannot be locked", subject=str(out)) from error
        else:
            return
