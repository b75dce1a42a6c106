"""WebSub (https://www.w3.org/TR/websub/): tell a hub which feeds changed, that it may ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

SECONDS = 10
_FEEDS = ("atom.xml", "rss.xml", "feed.json")


def announce(hub: str, base_url: str, written: Iterable[str]) -> str | None:
    """Tell a hub in one request of all feeds among the files written; return what went wrong, if anything.

    ``hub`` is an http or https address. Without a changed feed nothing is sent. A hub that fails is no
    reason to fail: readers ask again by themselves.
    """
    import http.client
    import urllib.request

    changed = [base_url + path for path in written if path.rpartition("/")[2] in _FEEDS]
    if not changed:
        return None
    body = urlencode([("hub.mode", "publish"), *(("hub.url", address) for address in changed)])
    request = urllib.request.Request(hub, data=body.encode("ascii"), method="POST")  # noqa: S310 - checked
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - config lets no other scheme in
            return None
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"the hub {hub} was not told: {error}"
