"""WebSub (https://www.w3.org/TR/websub/): tell a hub which feeds changed, that it may ask for them."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterable
from urllib.parse import urlencode

SECONDS = 10
"""For how long a hub is talked to at most, however much there is to tell."""
FEEDS_A_REQUEST = 100
_FEEDS = ("atom.xml", "rss.xml", "feed.json")


def announce(hub: str, base_url: str, written: Iterable[str]) -> str | None:
    """Tell a hub of all feeds among the files written; return what went wrong, if anything.

    ``hub`` is an http or https address. Without a changed feed nothing is sent. How a publisher tells a
    hub the recommendation leaves to both (section 6); its forerunner PubSubHubbub 0.3 (section 7.1) has
    ``hub.url``, repeated for several. Those that go on come first, if time should not suffice for
    all. A hub that fails is no reason to fail: readers ask again by themselves.
    """
    feeds = sorted((path for path in written if path.rpartition("/")[2] in _FEEDS), key=_urgency)
    deadline = time.monotonic() + SECONDS
    for told in range(0, len(feeds), FEEDS_A_REQUEST):
        left = deadline - time.monotonic()
        if left <= 0:
            return f"the hub {hub} was told of {told} of {len(feeds)} feeds in {SECONDS} seconds"
        addresses = [base_url + path for path in feeds[told : told + FEEDS_A_REQUEST]]
        failure = _publish(hub, addresses, left)
        if failure:
            return f"the hub {hub} was not told: {failure}"
    return None


def _publish(hub: str, addresses: list[str], seconds: float) -> str | None:
    import urllib.request

    body = urlencode([("hub.mode", "publish"), *(("hub.url", address) for address in addresses)])
    request = urllib.request.Request(hub, data=body.encode("ascii"), method="POST")  # noqa: S310 - checked
    try:
        with urllib.request.urlopen(request, timeout=seconds):  # noqa: S310 - config lets no other scheme in
            return None
    except (OSError, http.client.HTTPException, ValueError) as error:
        return str(error)


def _urgency(path: str) -> tuple[bool, int]:
    """Put the feeds of days and months, which nobody follows, behind all others, the site's own first."""
    return path[:1].isdigit(), path.count("/")
