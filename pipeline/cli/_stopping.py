"""Being stopped: signals and the time allowed end a run as any other error does, in one line.

What is to be published is put in its place with these signals waiting (`pipeline.store`), so a run that
is stopped has published either nothing or everything.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from pipeline.errors import StoppedError

_NAMES = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "hung up"}


@contextlib.contextmanager
def stoppable(seconds: float | None, out: Path) -> Iterator[None]:
    """Raise StoppedError inside on SIGINT, SIGTERM, SIGHUP, or after so many seconds.

    The message says whether the site in ``out`` is still the old one. The exit code is that of shells,
    128 and the signal's number, and 1 when time is up. A signal that was ignored when the command
    began, as under nohup, goes on being ignored.
    """

    def stop(number: int, _: FrameType | None) -> NoReturn:
        # One is enough: a second would break off the clearing away after the first.
        for name in heard:
            signal.signal(name, signal.SIG_IGN)
        stands = "the old site stands" if _marks(out) == marks else "the new site is published"
        if number == signal.SIGALRM:
            raise StoppedError(f"not done within {seconds:g} s; {stands}")
        raise StoppedError(f"{_NAMES[signal.Signals(number)]}; {stands}", exit_code=128 + number)

    marks = _marks(out)
    heard = [signal.SIGALRM, *(name for name in _NAMES if signal.getsignal(name) is not signal.SIG_IGN)]
    before = {name: signal.signal(name, stop) for name in heard}
    signal.setitimer(signal.ITIMER_REAL, seconds or 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for name, handler in before.items():
            signal.signal(name, handler)


def _marks(out: Path) -> dict[str, tuple[int, int]]:
    """Return by what the site is another than before: whatever a day says, files of all days say it too."""
    try:
        with os.scandir(out) as files:
            return {
                file.name: (file.inode(), file.stat(follow_symlinks=False).st_mtime_ns)
                for file in files
                if not file.name.startswith(".") and file.is_file(follow_symlinks=False)
            }
    except OSError:
        return {}
