"""Feeds over random histories of a folder, in memory: what was told stays true, and can be built again.

A history is a handful of runs; between two of them papers are added, corrected, moved, removed and come
back, on days of four months, and the site may move to another address.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from examples import tries
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec import Struct, structs

from pipeline.archive import Archive
from pipeline.ledger import load, written
from pipeline.model import Author, Digest, Entry, Ledger, Link, Passage, Site, Span
from pipeline.paths import month_folder
from pipeline.refine import refine, settle
from pipeline.render import day_listing, listings, make_once, render_feeds, site_listing
from pipeline.render._growing import grown
from pipeline.render.json_dump import ARCHIVE, read_archive

ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
START = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
DAYS = tuple(dt.date(2024, month, day) for month in (1, 2, 3, 4) for day in (5, 20))
SITES = tuple(
    # Few entries in a feed, that some are in archives alone.
    Site(base_url=address, authority="example.org,2024", feed_entries=3)
    for address in ("https://example.org/", "https://papers.example.net/digest/")
)
WORDS = "Retrieval Alignment Diffusion".split()


class Paper(Struct, frozen=True, kw_only=True):
    """One paper of the pool, by its number, and what its author wrote of it by now."""

    number: int
    edits: int = 0
    """How often the title was corrected."""
    remarks: int = 0
    """How often the comment was."""


Days = dict[dt.date, tuple[Paper, ...]]


class State(Struct, frozen=True, kw_only=True):
    """What a run finds."""

    days: Days
    site: Site


class Told(Struct, frozen=True, kw_only=True):
    """What a run published, and what it left behind."""

    digests: tuple[Digest, ...]
    ledger: Ledger
    feeds: dict[str, bytes]


class Shown(Struct, frozen=True, kw_only=True):
    """An entry as an archive in Atom tells it."""

    id: str
    paper: tuple[str, int]
    """Day and number."""
    published: str
    updated: str
    said: str
    """All of it beside the dates, wherever the site stands."""


@st.composite
def histories(draw: st.DrawFn) -> list[State]:
    states = [
        State(days={DAYS[2]: (Paper(number=0), Paper(number=1)), DAYS[4]: (Paper(number=2),)}, site=SITES[0])
    ]
    for _ in range(draw(st.integers(1, 5))):
        days, site = dict(states[-1].days), states[-1].site
        touched: set[tuple[dt.date, int]] = set()
        for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
            date = draw(st.sampled_from([*days, *days, *DAYS]))
            days[date] = changed(draw, change, days.get(date, ()), date, touched)
        if draw(st.integers(0, 9)) == 0:
            site = draw(st.sampled_from(SITES))
        days = {date: papers for date, papers in sorted(days.items()) if papers}
        # A run that finds no paper publishes nothing.
        states += [State(days=days, site=site)] if days else []
    return states


CHANGES = ("add", "add", "remove", "remove", "retitle", "remark", "reorder", "remove the day")


def changed(
    draw: st.DrawFn,
    change: str,
    papers: tuple[Paper, ...],
    date: dt.date,
    touched: set[tuple[dt.date, int]],
) -> tuple[Paper, ...]:
    """Return a day after a change; of two papers of one title only one a run, or who knew which is which?"""
    if change == "reorder":
        return papers[::-1]
    if change == "add":
        number, place = draw(st.integers(0, 5)), draw(st.integers(0, len(papers)))
        if number in {paper.number for paper in papers} or (date, number // 2) in touched:
            return papers
        touched.add((date, number // 2))
        return (*papers[:place], Paper(number=number), *papers[place:])
    places = list(range(len(papers)))
    if change != "remove the day" and places:
        places = [draw(st.sampled_from(places))]
    kept = list(papers)
    for place in reversed(places):
        paper = papers[place]
        if (date, paper.number // 2) not in touched:
            kept[place : place + 1] = corrected(paper, change)
    touched |= {(date, papers[place].number // 2) for place in places}
    return tuple(kept)


def corrected(paper: Paper, change: str) -> list[Paper]:
    if change == "retitle":
        return [structs.replace(paper, edits=paper.edits + 1)]
    if change == "remark":
        return [structs.replace(paper, remarks=paper.remarks + 1)]
    return []


def entry_of(paper: Paper, date: dt.date, line: int) -> Entry:
    """Return a paper as the parser gives it. Papers come in pairs of one title, by different people."""
    number = paper.number
    arxiv = f"https://arxiv.org/abs/2401.{number:05}"
    mention = f"See https://arxiv.org/abs/2401.{(number + 1) % 6:05} too." if number % 3 == 0 else "Nice."
    links = [Link(url=arxiv, slot="header", line=line)] if number % 4 < 3 else []
    links += [Link(url=mention.split()[1], slot="text", line=line)] if number % 3 == 0 else []
    return Entry(
        file=f"{date}.txt",
        date=date,
        title=f"Scaling {WORDS[number // 2]} to Longer Contexts{'!' * paper.edits}",
        authors=(Author(name=f"{'Ada' if number % 2 else 'Bo'} Gu"),),
        abstract=f"This is paper number {number} of the pool. " * 3,
        commentary=(Passage(text=f"{mention} Version {paper.remarks}.", first=line, last=line),),
        links=tuple(links),
        tags=("pool", f"tag_{number % 2}"),
        spans=(Span(field="title", first=line, last=line, rule="test"),),
    )


def digests_of(state: State) -> tuple[Digest, ...]:
    return tuple(
        Digest(date=date, entries=tuple(entry_of(p, date, line) for line, p in enumerate(papers, 1)))
        for date, papers in state.days.items()
    )


def settled(
    state: State, before: tuple[Digest, ...], ledger: Ledger, now: dt.datetime
) -> tuple[tuple[Digest, ...], Ledger]:
    """Return what a run does up to rendering, without files; what was published comes from its dump."""
    refined = refine(digests_of(state), state.site, ledger)
    dump = grown(ARCHIVE, state.site, site_listing(Archive.of(before), state.site)).content if before else b""
    return settle(refined, read_archive(dump) if dump else (), ledger, state.site, now)


def rendered(site: Site, digests: tuple[Digest, ...], ledger: Ledger) -> Told:
    """Return the feeds of a run."""
    made = make_once(site)
    days = (day_listing(day, site, ledger.withdrawn) for day in digests)
    feeds = {
        artefact.path: artefact.content
        for listing in (*days, *listings(Archive.of(digests, ledger.withdrawn), site))
        for artefact, _ in render_feeds(listing, site, made)
    }
    return Told(digests=digests, ledger=ledger, feeds=feeds)


def entries_of(run: Told, site: Site) -> dict[str, Shown]:
    """Return all entries that the archives hold, by their ids; none may stand in two."""
    found: dict[str, Shown] = {}
    for path, content in run.feeds.items():
        if re.fullmatch(r"\d{4}/\d\d/atom\.xml", path):
            for entry in etree.fromstring(content).iter(f"{ATOM}entry"):
                shown = shown_of(entry, site)
                assert shown.id not in found
                found[shown.id] = shown
    return found


def shown_of(entry: etree._Element, site: Site) -> Shown:
    texts = {str(child.tag).removeprefix(ATOM): child.text or "" for child in entry}
    number = re.search(r"paper number (\d)", texts["content"])
    day = re.search(r":(\d{4}-\d\d-\d\d)/", texts["id"])
    assert number
    assert day
    dates = [texts.pop(name) for name in ("published", "updated")]
    for date in entry.findall(f"{ATOM}published") + entry.findall(f"{ATOM}updated"):
        entry.remove(date)
    said = etree.tostring(entry, encoding="unicode").replace(site.base_url, "/")
    return Shown(
        id=texts["id"], paper=(day[1], int(number[1])), published=dates[0], updated=dates[1], said=said
    )


def tombstones(content: bytes) -> dict[str, str]:
    found = etree.fromstring(content).iter(DELETED)
    return {element.get("ref", ""): element.get("when", "") for element in found}


def neighbours(days: Days, month: str) -> list[str]:
    """Return the months that the archive of a month names."""
    months = sorted({month_folder(date) for date in days})
    place = months.index(month)
    return months[place - 1 : place] if place else months[1:2]


def untouched(before: State, after: State) -> set[str]:
    """Return the months whose days and those before them stayed as they were, whatever came after."""
    return {
        month
        for month in {month_folder(date) for date in before.days}
        if before.site == after.site
        and up_to(before.days, month) == up_to(after.days, month)
        and neighbours(before.days, month) == neighbours(after.days, month)
    }


def up_to(days: Days, month: str) -> Days:
    return {date: papers for date, papers in days.items() if month_folder(date) <= month}


class History:
    """What readers were told in all runs so far."""

    def __init__(self) -> None:
        self.owners: dict[str, tuple[str, int]] = {}
        self.published: dict[str, str] = {}
        self.keys: dict[str, int] = {}
        self.deleted: dict[str, str] = {}

    def holds(self, run: Told, entries: dict[str, Shown]) -> None:
        """Assert that no name was ever another's, and that all that is gone is told, and nothing else."""
        for shown in entries.values():
            assert self.owners.setdefault(shown.id, shown.paper) == shown.paper
            assert self.published.setdefault(shown.id, shown.published) == shown.published
            assert shown.updated > self.deleted.get(shown.id, "")
        for digest in run.digests:
            for entry in digest.entries:
                number = entries[entry.id].paper[1]
                assert self.keys.setdefault(entry.key, number) == number
        for day in etree.fromstring(run.feeds["days/atom.xml"]).iter(f"{ATOM}entry"):
            published = day.findtext(f"{ATOM}published", "")
            assert self.published.setdefault(day.findtext(f"{ATOM}id", ""), published) == published
        for path, content in run.feeds.items():
            if path.endswith("atom.xml") and not path.startswith("days/"):
                gone = tombstones(content)
                assert gone.keys() <= self.owners.keys() - entries.keys()
                assert all(when >= self.deleted.get(id_, "") for id_, when in gone.items())
                self.deleted |= gone
                if re.fullmatch(r"\d{4}/\d\d/atom\.xml", path):
                    month = path[:7].replace("/", "-")
                    assert gone.keys() == {
                        i for i, (day, _) in self.owners.items() if day[:7] == month and i not in entries
                    }


def seconds_before(moment: str) -> str:
    """Return a moment some seconds earlier."""
    return f"{dt.datetime.fromisoformat(moment) - dt.timedelta(seconds=30):%Y-%m-%dT%H:%M:%SZ}"


def follows(before: dict[str, Shown], after: dict[str, Shown], states: tuple[State, State], now: str) -> None:
    """Assert that ``updated`` moves with what an entry says, and to the time of the run."""
    papers = [{(str(d), p.number): p for d, papers in s.days.items() for p in papers} for s in states]
    for was in before.values():
        if was.paper not in papers[1]:
            continue
        shown = after[was.id]  # what was corrected is known again
        if papers[0][was.paper] != papers[1][was.paper]:
            # Those corrected in one run are a second apart.
            assert max(seconds_before(now), was.published) <= shown.updated <= max(now, was.published)
        else:
            assert shown.updated == was.updated
        if shown.updated != was.updated:
            assert shown.said != was.said


@tries(250)
@given(histories())
def test_what_feeds_told_stays_true_and_can_be_built_again(
    tmp_path_factory: pytest.TempPathFactory, states: list[State]
) -> None:
    holds(tmp_path_factory.getbasetemp() / "histories.toml", states)


def holds(path: Path, states: list[State]) -> None:
    history, ledger, before = History(), Ledger(), states[0]
    run: Told | None = None
    entries: dict[str, Shown] = {}
    for number, state in enumerate(states):
        now = START + dt.timedelta(days=number)
        last = run
        run = rendered(state.site, *settled(state, last.digests if last else (), ledger, now))
        shown = entries_of(run, state.site)
        history.holds(run, shown)
        if last:
            follows(entries, shown, (before, state), f"{now:%Y-%m-%dT%H:%M:%SZ}")
            for month in untouched(before, state):
                for file in ("atom.xml", "rss.xml"):
                    assert run.feeds[month + file] == last.feeds[month + file]
        path.write_bytes(written(run.ledger))
        ledger, entries, before = load(path), shown, state
        # Without the site, from digests and ledger, much later.
        again = settled(state, (), ledger, START + dt.timedelta(days=99))
        assert again == (run.digests, run.ledger)
    assert run
    assert rendered(before.site, *again).feeds == run.feeds
