"""Print what it costs to refine 10,000 papers, to write feeds of 1,000 and a bibliography of 10,000.

    python tests/bench_rendering.py [--runs 3]

Each figure is the median of several calls in this process: CPU seconds from read to refined papers, and
from these to bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive import day_text, write_archive
from msgspec import structs

from pipeline.archive import Days, Listing
from pipeline.model import Author, Digest, Entry, Identifiers, Link, Passage, Site, Source
from pipeline.parse import parse
from pipeline.reading import read_all
from pipeline.refine import refine
from pipeline.render import day_listing, make_once, render_feeds
from pipeline.render._bibliography import render
from pipeline.render.bibtex import PLAIN

SITE = Site(base_url="https://example.org/")


def bench(name: str, work: Callable[[], int], runs: int) -> None:
    """Measure something that returns how many bytes it made, or took; print one row."""
    spent: list[float] = []
    size = 0
    for _ in range(runs):
        start = time.process_time()
        size = work()
        spent.append(time.process_time() - start)
    print(f"{name:<34} {statistics.median(spent):8.2f} s {size / 1e6:8.1f} MB", flush=True)


def refining_of(papers: int) -> Callable[[], int]:
    """Return what refines an archive of about five papers a day."""
    texts = dict(day_text(number, 5) for number in range(papers // 5))
    days = [day for date, text in texts.items() for day in parse(Source(name=f"{date}.txt", text=text))]
    size = sum(map(len, texts.values()))
    return lambda: size if refine(days, SITE) else 0


def feeds_of(papers: int) -> Callable[[], int]:
    """Return what writes the three feeds of a day that no run has rendered yet."""
    with tempfile.TemporaryDirectory() as folder:
        write_archive(Path(folder), 1, papers)
        (digest,), _ = read_all(Path(folder), SITE)
    return feeds_of_day(digest)


def crowded_feeds_of(authors: int) -> Callable[[], int]:
    """Return what writes the three feeds of a paper of many."""
    day = day_of(1)
    noon = dt.datetime.combine(day.date, dt.time(12), dt.UTC)
    crowd = tuple(Author(name=f"Given Family{number}") for number in range(authors))
    paper = structs.replace(day.entries[0], id="tag:a", authors=crowd, published=noon, updated=noon)
    return feeds_of_day(structs.replace(day, entries=(paper,)))


def feeds_of_day(digest: Digest) -> Callable[[], int]:
    """Return what writes the three feeds of a refined day."""
    listing = day_listing(digest, SITE)
    return lambda: sum(len(made.content) for made, _ in render_feeds(listing, SITE, make_once(SITE)))


def bibliography_of(papers: int) -> Callable[[], int]:
    """Return what writes papers, each with eight authors, an abstract of a hundred words and a comment."""
    listing = Listing(kind="site", path="", title="Digest", language="ko", digests=Days.of((day_of(papers),)))
    return lambda: len(render(PLAIN, SITE, listing))


def day_of(papers: int) -> Digest:
    """Return a day of papers that differ in title, authors and identifier."""
    day = dt.date(2024, 2, 7)
    abstract = "We align models & data, gaining 80.7% at <2x the cost of model_v2; see LiPO for #1. " * 6
    comment = Passage(text="한국어 메모인데 100% 좋아요. " * 10, first=1, last=1)
    entries = (
        Entry(
            file="2024-02-07.txt",
            date=day,
            title=f"MusicRL-{n}: Aligning Music Generation to Human Preferences? A Study of CLIP",
            authors=tuple(Author(name=f"Given{n % 500} Family{(n * 7 + k) % 4000}") for k in range(8)),
            abstract=abstract + ("with $O(n^2)$ and {\\lambda}" if n % 10 == 0 else ""),
            links=(Link(url=f"https://arxiv.org/abs/2402.{n:05}", kind="paper", slot="header", line=1),),
            commentary=(comment,),
            tags=("rlhf", "audio-generation"),
            identifiers=Identifiers(arxiv=f"2402.{n:05}"),
            key=f"family2024musicrl{n}",
            anchor=f"musicrl-{n}",
        )
        for n in range(papers)
    )
    return Digest(date=day, language="ko", entries=tuple(entries))


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    bench("10,000 papers refined", refining_of(10_000), runs)
    bench("1,000 entries to Atom, RSS, JSON", feeds_of(1000), runs)
    bench("10,000 authors to the same", crowded_feeds_of(10_000), runs)
    bench("10,000 papers to BibTeX", bibliography_of(10_000), runs)


if __name__ == "__main__":
    main()
