"""Print what runs cost: a first build, nothing changed, one new day, one corrected day; and a bibliography.

    python tests/bench.py [--days 1328] [--times 10] [--runs 3]

Each figure is the median of several whole processes: seconds, CPU seconds, peak memory, the ratio of CPU to
that of ``python -c 'import click'`` in the same run, since machines differ; then what one more such run
opened of digests and site, rendered and wrote. The same follows for an archive so many times as long, built
once. That of the bibliography is of writing alone, in this process. Nothing here passes or fails.
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
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from archive import day_text, write_archive

from pipeline.model import Site
from pipeline.reading import read_all
from pipeline.render import day_listing
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


def report(name: str, cost: Cost, floor: Cost, work: str = "") -> None:
    """Print one row."""
    ratio = cost.cpu / floor.cpu
    print(
        f"{name:<34} {cost.wall:8.2f} s {cost.cpu:8.2f} s {cost.megabytes:8.0f} MB {ratio:8.1f} {work}",
        flush=True,
    )


# Counts files opened below the digests and the site, folders rendered, and files written below the site.
COUNTING = """
import os, sys
digests, out = sys.argv[-2:]
counts = {"read": 0, "reread": 0, "rendered": 0, "written": 0}
def watch(event, args):
    path = str(args[0]) if args else ""
    if event == "open" and (path == digests or path.startswith(digests + os.sep)):
        counts["read"] += not path.endswith(".toml")
    elif event == "open" and path.startswith(out + os.sep):
        counts["written" if path.endswith(".tmp") and args[2] & os.O_CREAT else "reread"] += 1
from pipeline.run import publication
render = publication.render
def rendering(*args):
    counts["rendered"] += 1
    return render(*args)
publication.render = rendering
sys.addaudithook(watch)
from pipeline.cli import main
try:
    main()
finally:
    print(" ".join(f"{count:6d}" for count in counts.values()))
"""


class Archived(NamedTuple):
    """An archive and what is made of it."""

    digests: Path
    days: int
    papers: int

    @property
    def command(self) -> list[str]:
        """The words of a run."""
        state, out = self.digests.parent / "state", self.digests.parent / "out"
        return [
            *("run", "--quiet", "--base-url", "https://example.org/", "--state", str(state)),
            *(str(self.digests), str(out)),
        ]

    def add(self, number: int) -> None:
        """Let the author write a day."""
        date, text = day_text(self.days + number, self.papers)
        (self.digests / f"{date}.txt").write_text(text, encoding="utf-8")

    def correct(self, number: int) -> None:
        """Let the author mend a word in a day of the middle."""
        date, text = day_text(self.days // 2 + number, self.papers)
        text = text.replace(". ", ", indeed. ", 1)
        (self.digests / f"{date:%Y}" / f"{date}.txt").write_text(text, encoding="utf-8")


def bench(site: Archived, name: str, runs: int, floor: Cost) -> None:
    """Measure runs of all kinds over one archive."""
    run = [*PIPELINE, *site.command]
    first: list[Cost] = []
    for _ in range(runs):
        for made in ("out", "state"):
            shutil.rmtree(site.digests.parent / made, ignore_errors=True)
        first.append(measure(run))
    report(f"{name}, first build", median(first), floor)
    measure(run)  # files that were written just now are looked at once more
    changes: dict[str, Callable[[int], None]] = {
        "unchanged": lambda _: None,
        "one new day": site.add,
        "one corrected day": site.correct,
    }
    for kind, change in changes.items() if site.days > 1 else ():
        costs: list[Cost] = []
        for number in range(runs):
            change(number)
            costs.append(measure(run))
        change(runs)
        counted = subprocess.run(
            [sys.executable, "-c", COUNTING, *site.command], capture_output=True, text=True, check=True
        )
        report(f"{name}, {kind}", median(costs), floor, counted.stdout.strip("\n"))


def bench_bibliography(papers: int, runs: int) -> None:
    """Measure ``papers.bib`` of a day, from refined entries that no run has rendered yet to bytes."""
    with tempfile.TemporaryDirectory() as folder:
        write_archive(Path(folder), 1, papers)
        (digest,), _ = read_all(Path(folder), Site())
    listing = day_listing(digest, Site())
    spent: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        size = len(render(PLAIN, Site(), listing))
        spent.append(time.process_time() - start)
    name = f"{len(digest.entries)} entries to papers.bib"
    print(f"{name:<34} {'':>10} {statistics.median(spent):8.2f} s {size / 1e6:8.1f} MB written")


def main() -> None:
    """Measure the archive sizes that users have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1328)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    head = f"{'wall':>10} {'CPU':>10} {'peak':>11} {'x click':>8}"
    print(f"{'':<34} {head}   read reread render  write")
    floor = median([measure([sys.executable, "-c", "import click"]) for _ in range(5)])
    report("python -c 'import click'", floor, floor)
    bench_bibliography(10_000, given.runs)
    sizes = ((given.days, 3, given.runs), (1, 1000, given.runs), (given.days * given.times, 3, 1))
    for days, papers, runs in sizes:
        with tempfile.TemporaryDirectory() as folder:
            site = Archived(Path(folder, "digests"), days, papers)
            write_archive(site.digests, days, papers)
            bench(site, f"{days} x {papers}", runs, floor)


if __name__ == "__main__":
    main()
