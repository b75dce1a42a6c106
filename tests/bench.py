"""Print what a first build and an unchanged rerun cost: seconds, CPU seconds, peak memory.

    python tests/bench.py [--days 1328] [--runs 3]

Each figure is the median of several whole processes; only that of the feeds alone is of rendering in this
one. The last column is the ratio of CPU to that of ``python -c 'import click'`` in the same run, since
machines differ. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from archive import write_archive
from msgspec import structs

from pipeline.model import Site
from pipeline.reading import read_all
from pipeline.render import day_listing, make_once, render_feeds

SITE = structs.replace(Site(), base_url="https://example.org/")
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


def bench_feeds(papers: int, runs: int) -> None:
    """Measure the three feeds of a day, from refined entries that no run has rendered yet to bytes."""
    with tempfile.TemporaryDirectory() as folder:
        write_archive(Path(folder), 1, papers)
        (digest,), _ = read_all(Path(folder), SITE)
    listing = day_listing(digest, SITE)
    spent: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        sizes = [len(made.content) for made, _ in render_feeds(listing, SITE, make_once(SITE))]
        spent.append(time.process_time() - start)
    name = f"{len(digest.entries)} entries to Atom, RSS, JSON"
    print(f"{name:<34} {'':>10} {statistics.median(spent):8.2f} s {sum(sizes) / 1e6:8.1f} MB written")


def main() -> None:
    """Measure the archive sizes that users have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1328)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print(f"{'':<34} {'wall':>10} {'CPU':>10} {'peak':>11} {'x click':>8}")
    floor = median([measure([sys.executable, "-c", "import click"]) for _ in range(5)])
    report("python -c 'import click'", floor, floor)
    bench_feeds(1000, given.runs)
    sizes = [(given.days, 3), (1, 1000), (2000, 3)]
    for days, papers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            digests = Path(folder, "digests")
            write_archive(digests, days, papers)
            bench(digests, f"{days} days of {papers} papers", given.runs, floor)


if __name__ == "__main__":
    main()
