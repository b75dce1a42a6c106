"""What a run is asked to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec import Struct

from pipeline.model import Rules, Site


class Selection(Struct, frozen=True, kw_only=True):
    """The days whose folders a run renews; all where nothing is said."""

    since: dt.date | None = None
    until: dt.date | None = None

    def includes(self, date: dt.date) -> bool:
        """Tell whether a day is meant."""
        return (self.since is None or self.since <= date) and (self.until is None or date <= self.until)

    def everything(self) -> bool:
        """Tell whether all days are meant."""
        return self.since is None and self.until is None


class History(Struct, frozen=True, kw_only=True):
    """What a run is told of the past."""

    ledger: Path
    """The file of the ledger; it need not be there."""
    now: dt.datetime
    """The time of the run, UTC, whole seconds: from now on what has changed counts as updated."""
    state: Path | None = None
    """The folder of this site's cache; without one all is made anew."""


class Order(Struct, frozen=True, kw_only=True):
    """What a run is asked to do."""

    folder: Path
    """The digests."""
    out: Path
    """The site."""
    site: Site
    rules: Rules
    selection: Selection
    history: History | None
    dry_run: bool
    prune: bool
