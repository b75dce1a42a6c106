"""Health checks (https://healthchecks.io/docs/http_api/): tell one that a run began, ended well or failed.

The check raises the alarm where it hears of a failure, and where it hears nothing: of a machine that is
off, or a cron that forgot.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

SECONDS = 10
LONGEST = 100_000
"""Bytes of a log; a check keeps no more."""

Event = Literal["start", "success", "fail"]


def ping(address: str, event: Event, log: str = "") -> str | None:
    """Tell a check of a run in one request, the end of its log below; return what went wrong, if anything.

    ``address`` is an http or https address. A check that fails, or takes longer than 10 s, is no reason to
    fail: by its silence it raises the alarm itself.
    """
    import threading

    wrong: list[str] = [f"not done within {SECONDS} s"]
    # A thread, since nothing else bounds looking up the host, or an answer that comes byte by byte.
    asking = threading.Thread(target=_post, args=(_place(address, event), _end(log), wrong), daemon=True)
    asking.start()
    asking.join(SECONDS)
    return f"the health check was not told: {wrong[0]}" if wrong else None


def _place(address: str, event: Event) -> str:
    """Return where an event is told of: a word behind the path, but of success."""
    if event == "success":
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{event}"))


def _end(log: str) -> bytes:
    """Return the last of a log: what ended a run stands there."""
    return log.encode("utf-8", "replace")[-LONGEST:].decode("utf-8", "ignore").encode()


def _post(address: str, body: bytes, wrong: list[str]) -> None:
    """Send a request; leave in ``wrong`` why it failed, nothing where it did not."""
    import http.client
    import urllib.request

    kind = {"Content-Type": "text/plain; charset=utf-8"}
    request = urllib.request.Request(address, body, kind, method="POST")  # noqa: S310 - config checked it
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - the same
            wrong.clear()
    except (OSError, http.client.HTTPException, ValueError) as error:
        wrong[:] = [str(error)]
