"""Which folders of the site a run renews, and what it leaves in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import groupby

from pipeline import store
from pipeline.archive import Archive, Listing, Outline
from pipeline.artefact import Artefact, Layout
from pipeline.errors import SourceError
from pipeline.paths import day_folder, month_folder
from pipeline.published import day_of
from pipeline.render import (
    NOTHING_STANDS,
    Standing,
    changed_folders,
    day_listing,
    listings,
    make_once,
    render,
)
from pipeline.report import Stored
from pipeline.run.cache import Cache, Marks
from pipeline.run.order import Order


class Publication:
    """The site as it is to be, beside the site as the last run left it."""

    def __init__(
        self,
        *,
        order: Order,
        before: tuple[Outline, ...],
        archive: Archive,
        changed: frozenset[dt.date],
        damaged: frozenset[str],
        cache: Cache | None,
        lost: bool,
    ) -> None:
        """Take the days as they were published and as they are now.

        ``changed`` are those that came or say something else, ``damaged`` the folders that are not as
        the last run left them; ``cache`` is given where all others are published as they should be.
        With ``lost`` some source could not be read and may hold a day that is missing.
        """
        self.before = before
        self._order = order
        self._archive = archive
        self._cache = cache
        self._lost = lost
        self._listings = {listing.path: listing for listing in listings(archive, order.site)}
        self._days = {day_folder(day.date): day.date for day in archive.outlines}
        gone = {day.date for day in before} - set(self._days.values())
        self._changed = changed | gone
        self._damaged = damaged
        self._renewed = self._to_renew()
        self._grown: dict[str, Layout] = {}
        self._left: store.Left = {}

    def publish(self, ready: Callable[[], None]) -> Stored:
        """Render and store what is renewed; in a dry run say what would be stored.

        ``ready`` is called before the first file is published. Raise PipelineError where nothing can be.
        """
        order = self._order
        if not order.prune:
            self._guard()
        if order.dry_run:
            return store.compare(order.out, self._artefacts(), self._keeps)
        return store.store(order.out, self._artefacts(), self._keeps, ready, self._left)

    def left(self) -> dict[str, Marks | None]:
        """Return how the files of the renewed folders were left; None of the folders that are gone."""
        names = store.listed(self._order.out)
        names[""] = (*names.get("", ()), store.MANIFEST)
        renewed = {folder for folder in names.keys() | self._renewed if self._of(folder) in self._renewed}
        left: dict[str, Marks | None] = {
            folder: self._marks(folder, names.get(folder, ())) for folder in renewed
        }
        known = self._cache.folders() if self._cache else frozenset()
        return left | dict.fromkeys(known - names.keys())

    def _marks(self, folder: str, names: tuple[str, ...]) -> Marks:
        """Return by what the files of a folder are known, of those rendered as they were published.

        What another changed since then must be seen by the next run.
        """
        known = self._left.get(folder, {})
        return store.marks(self._order.out, folder, (name for name in names if name not in known)) | known

    def layouts(self) -> dict[str, Layout]:
        """Return where the days of the files that grow stand, of those renewed."""
        return self._grown

    def _to_renew(self) -> frozenset[str]:
        site = self._listings.keys() | {
            folder for folder, date in self._days.items() if self._order.selection.includes(date)
        }
        if self._cache is None:
            return frozenset(site)
        changed = changed_folders(self.before, self._archive.outlines, self._changed)
        return frozenset(site & (changed | set(map(self._of, self._damaged))))

    def _of(self, folder: str) -> str:
        """Return the folder whose listing a file belongs to: the site's own pages lie in several."""
        return folder if folder in self._days or folder in self._listings else ""

    def _keeps(self, folder: str) -> bool:
        """Tell whether the published files of a folder stay though nothing renews them.

        Those are the folders that show the same as before, the days outside the selection; and, if a
        source could not be read, all days that are gone, and what names nothing but them.
        """
        if folder in self._renewed:
            return self._lost and not day_of(folder)
        if folder in self._days or folder in self._listings:
            return True
        return self._lost or bool(day_of(folder) and not self._order.selection.everything())

    def _guard(self) -> None:
        """Refuse to remove many days at once: rather a folder was moved than an archive given up."""
        published = {folder for folder in store.listed(self._order.out) if day_of(folder)}
        gone = {folder for folder in published - self._days.keys() if not self._keeps(folder)}
        if len(gone) > 1 and len(gone) * 10 > len(published):
            raise SourceError(
                f"{len(gone)} of {len(published)} published days are gone; "
                "nothing is changed without --prune",
                subject=min(gone),
            )

    def _artefacts(self) -> Iterator[Artefact]:
        """Give the files of days before those that name them."""
        site = self._order.site
        made = make_once(site)
        standing = self._standing()
        for listing in self._renewed_listings():
            for artefact in render(listing, site, made, standing):
                if artefact.layout:
                    self._grown[artefact.path] = artefact.layout
                yield artefact

    def _renewed_listings(self) -> Iterator[Listing]:
        """Give each month behind its days, while what was made of these is still at hand."""
        for month, days in groupby(self._days.items(), key=lambda day: month_folder(day[1])):
            for folder, date in days:
                if folder in self._renewed:
                    yield day_listing(self._archive.read(date), self._order.site, self._archive.withdrawn)
            if month in self._renewed:
                yield self._listings[month]
        for folder, listing in self._listings.items():
            if folder in self._renewed and listing.kind != "month":
                yield listing

    def _standing(self) -> Standing:
        """Return what files that grow may keep: no day that changed, none that talks of a paper of one."""
        cache = self._cache
        if cache is None:
            return NOTHING_STANDS
        was = Archive.lying(self.before, self._archive.read)
        days = (day for day in (*self.before, *self._archive.outlines) if day.date in self._changed)
        keys = {key for day in days for key in day.keys}
        same = {
            date for key in keys for known in (was, self._archive) for date in known.met_again.get(key, ())
        }

        # A tag that had no page for a while has a layout of the page that it had.
        sound = cache.folders() - self._damaged

        def layout(path: str) -> Layout:
            folder, slash, _ = path.rpartition("/")
            return cache.layout(path) if folder + slash in sound else Layout()

        return Standing(layout=layout, changed=self._changed | same)
