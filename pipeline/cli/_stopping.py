"""Being stopped: signals and the time allowed end a run as any other error does, in one line.

What is to be published is put in its place with these signals waiting (`pipeline.store`), so a run that
is stopped has published either nothing or everything.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from pipeline.errors import StoppedError

_NAMES = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "hung up"}


@contextlib.contextmanager
def stoppable(seconds: float | None) -> Iterator[None]:
    """Raise StoppedError inside on SIGINT, SIGTERM, SIGHUP, or after so many seconds.

    The exit code is that of shells, 128 and the signal's number, and 1 when time is up. A signal that
    was ignored when the command began, as under nohup, goes on being ignored.
    """

    def stop(number: int, _: FrameType | None) -> NoReturn:
        # One is enough: a second would break off the clearing away after the first.
        for name in heard:
            signal.signal(name, signal.SIG_IGN)
        if number == signal.SIGALRM:
            raise StoppedError(f"not done within {seconds:g} s; the old site stands")
        word = _NAMES[signal.Signals(number)]
        raise StoppedError(f"{word}; the old site stands", exit_code=128 + number)

    heard = [signal.SIGALRM, *(name for name in _NAMES if signal.getsignal(name) is not signal.SIG_IGN)]
    before = {name: signal.signal(name, stop) for name in heard}
    signal.setitimer(signal.ITIMER_REAL, seconds or 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for name, handler in before.items():
            signal.signal(name, handler)
