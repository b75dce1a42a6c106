"""What a run opens, reads back, renders and writes follows what changed, not how much was collected."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from archive import day_text

from pipeline import find
from pipeline.model import Site
from pipeline.run import History, publication, run, watch
from pipeline.run.cache import Cache

SITE = Site(base_url="https://example.org/", authority="example.org,2024", feed_entries=5)
SIZES = (15, 60, 160)
HEAVY = (
    "feedgen pybtex lxml jinja2 dateutil pipeline.run.build pipeline.parse pipeline.refine pipeline.render"
)


def write(folder: Path, number: int, correction: tuple[str, str] = ("", "")) -> None:
    date, text = day_text(number, 1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{date}.txt").write_text(text.replace(*correction, 1), encoding="utf-8")


Change = Callable[[Path, int], object]
# Sources opened, days decoded, folders rendered, files written, at most. A source is opened to be compared
# where it was known, to know its bytes, and to be read. Folders are the day, its month, those of its tags
# and languages, days/ and the site; days decoded are those that their feeds and months show.
CHANGES: dict[str, tuple[Change, dict[str, int]]] = {
    "nothing": (lambda *_: None, {}),
    "a day saved again as it was": (lambda folder, days: write(folder, days - 1), {"opened": 1}),
    "a new day": (
        write,
        {"opened": 2, "decoded": 45, "rendered": 10, "written": 50},
    ),
    "a corrected day": (
        lambda folder, days: write(folder, days // 2, ("(", "(New Author, ")),
        # What all days settle together is settled anew.
        {"opened": 3, "decoded": 161, "rendered": 10, "written": 50},
    ),
}


def ran(root: Path, day: int = 1) -> tuple[str, ...]:
    now = dt.datetime(2024, 6, day, tzinfo=dt.UTC)
    history = History(ledger=root / "ledger.toml", now=now, state=root / "state")
    return run(root / "digests", root / "out", SITE, history=history).stored.written


@pytest.fixture(scope="module", params=SIZES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Give a site of so many days, as its first run left it."""
    root, days = tmp_path_factory.mktemp("work"), request.param
    for number in range(days):
        write(root / "digests", number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "_RACE", -(10**10))
        ran(root)
    return root, days


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count from here on what runs do."""
    found: Counter[str] = Counter()
    at_hand: set[object] = set()

    def count(place: object, name: str, what: str) -> None:
        call = getattr(place, name)

        def counted(*given: object) -> object:
            # A day that is at hand is not decoded again.
            found[what] += what != "decoded" or given not in at_hand
            at_hand.add(given)
            return call(*given)

        monkeypatch.setattr(place, name, counted)

    monkeypatch.setattr(watch, "_RACE", -(10**10))
    count(find, "_content", "opened")
    count(Cache, "day", "decoded")
    count(publication, "render", "rendered")
    return found


@pytest.mark.parametrize(("change", "most"), CHANGES.values(), ids=CHANGES)
def test_a_run_does_what_changed(
    archive: tuple[Path, int], counts: Counter[str], change: Change, most: dict[str, int]
) -> None:
    root, days = archive
    change(root / "digests", days)
    counts["written"] = len(ran(root, 2))
    assert counts["opened"] == most.get("opened", 0)
    assert all(count <= most.get(what, 0) for what, count in counts.items()), counts
    assert counts["written"] or not most.get("written")


@pytest.mark.usefixtures("counts")
def test_a_run_that_finds_nothing_new_touches_nothing(archive: tuple[Path, int]) -> None:
    root, _ = archive
    ran(root, 3)
    before = touched(root)
    assert ran(root, 4) == ()
    assert touched(root) == before


def touched(root: Path) -> dict[Path, tuple[int, int]]:
    """Return by path when what lies in the site and in the cache was last modified, and its inode."""
    paths = [path for folder in ("out", "state") for path in (root / folder).rglob("*")]
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in paths}


def test_a_run_that_finds_nothing_new_imports_nothing_that_reads_or_renders(tmp_path: Path) -> None:
    shown = (
        "import sys, pipeline.cli; pipeline.cli.main(standalone_mode=False); print(*sys.modules, sep='\\n')"
    )
    command = [sys.executable, "-c", shown, "run", "digests", "out", "--state", "state"]
    write(tmp_path / "digests", 0)
    first, second = (
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.split()
        for _ in range(2)
    )
    assert set(first).issuperset(HEAVY.split())
    assert set(second).isdisjoint(HEAVY.split())
