"""Print what a first build, an unchanged rerun and a bibliography cost: seconds, CPU seconds, peak memory.

    python tests/bench.py [--days 1328] [--runs 3]

Each figure is the median of several whole processes, that of the bibliography of several calls: from entries
to the bytes of ``papers.bib``. The last column is the ratio of CPU to that of
``python -c 'import click'`` in the same run, since machines differ. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from archive import write_archive

from pipeline.model import Author, Digest, Entry, Identifiers, Link, Listing, Passage, Site
from pipeline.render._bibliography import render
from pipeline.render.bibtex import PLAIN

PIPELINE = [sys.executable, "-m", "pipeline"]


class Cost(NamedTuple):
    """What one process took."""

    wall: float
    cpu: float
    megabytes: float


def measure(command: list[str]) -> Cost:
    """Run a command to its end and return what the kernel counted for it."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} exited {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(time.perf_counter() - start, cpu, usage.ru_maxrss / 1024)


def median(costs: list[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def report(name: str, cost: Cost, floor: Cost) -> None:
    """Print one row."""
    ratio = cost.cpu / floor.cpu
    print(f"{name:<34} {cost.wall:8.2f} s {cost.cpu:8.2f} s {cost.megabytes:8.0f} MB {ratio:8.1f}")


def bench(digests: Path, name: str, runs: int, floor: Cost) -> None:
    """Measure first builds and reruns of one folder."""
    out = digests.parent / "out"
    build = [*PIPELINE, "run", "--quiet", "--base-url", "https://example.org/", str(digests), str(out)]
    first = []
    for _ in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        first.append(measure(build))
    report(f"{name}, first build", median(first), floor)
    report(f"{name}, unchanged", median([measure(build) for _ in range(runs)]), floor)


def bibliography(papers: int) -> Cost:
    """Write papers, each with eight authors, an abstract of a hundred words and a comment."""
    listing = Listing(kind="site", path="", title="Digest", language="ko", digests=(day_of(papers),))
    wall, cpu = time.perf_counter(), time.process_time()
    render(PLAIN, Site(), listing)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(time.perf_counter() - wall, time.process_time() - cpu, peak)


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
    """Measure the archive sizes that users have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1328)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print(f"{'':<34} {'wall':>10} {'CPU':>10} {'peak':>11} {'x click':>8}")
    floor = median([measure([sys.executable, "-c", "import click"]) for _ in range(5)])
    report("python -c 'import click'", floor, floor)
    report("papers.bib of 10000 papers", median([bibliography(10_000) for _ in range(given.runs)]), floor)
    sizes = [(given.days, 3), (1, 1000), (2000, 3)]
    for days, papers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            digests = Path(folder, "digests")
            write_archive(digests, days, papers)
            bench(digests, f"{days} days of {papers} papers", given.runs, floor)


if __name__ == "__main__":
    main()
