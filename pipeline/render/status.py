"""``status.json``, for monitoring: what the site holds and what is wrong with its digests; never when."""

from __future__ import annotations

import msgspec

from pipeline.archive import Listing
from pipeline.model import Site
from pipeline.status import SITE_FILE, site_status

FILE = SITE_FILE


def render(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - renderers have one signature
    """Return the status of the listing of a whole site as UTF-8."""
    return msgspec.json.format(msgspec.json.encode(site_status(listing)), indent=1) + b"\n"
