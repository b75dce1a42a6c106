"""A hub on loopback: what it is told, and that nothing depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result
from loopback import Listener, listening

from pipeline.cli import main
from pipeline.cli._hub import announce

SAMPLE = Path(__file__).parent.parent / "digests" / "2024-02-07.txt"


@pytest.fixture
def hub() -> Iterator[Listener]:
    with listening() as listener:
        yield listener
        assert listener.kinds <= {"application/x-www-form-urlencoded"}


def announced(hub: Listener) -> list[dict[str, list[str]]]:
    """Return the fields of each request that a hub got."""
    return [parse_qs(body) for _, body in hub.told]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    return tmp_path


def ran(home: Path, hub: str, *options: str) -> Result:
    config = home / "digest-pipeline.toml"
    config.write_text(
        f'[site]\nbase_url = "https://example.org/"\n[websub]\nhub = "{hub}"\n', encoding="utf-8"
    )
    return CliRunner().invoke(main, ["run", "--config", str(config), *options])


def test_hub_is_told_once_of_every_changed_feed(home: Path, hub: Listener) -> None:
    assert ran(home, hub.url).exit_code == 0
    assert ran(home, hub.url).exit_code == 0  # nothing changed: nothing is said
    feeds = {"atom.xml", "rss.xml", "feed.json"}
    published = [path for path in (home / "out").rglob("*") if path.name in feeds]
    told = announced(hub)[0]
    assert len(hub.told) == 1
    assert told["hub.mode"] == ["publish"]
    assert sorted(told["hub.url"]) == sorted(
        f"https://example.org/{path.relative_to(home / 'out').as_posix()}" for path in published
    )


@pytest.mark.parametrize(("feeds", "requests"), [(99, 1), (100, 1), (101, 2), (350, 4)])
def test_many_feeds_are_told_in_few_requests(hub: Listener, feeds: int, requests: int) -> None:
    written = [f"tags/t{number}/atom.xml" for number in range(feeds - 2)] + ["2024/02/07/rss.xml", "atom.xml"]
    assert announce(hub.url, "https://example.org/", written) is None
    told = [
        address.removeprefix("https://example.org/") for told in announced(hub) for address in told["hub.url"]
    ]
    assert len(hub.told) == requests
    assert max(len(told["hub.url"]) for told in announced(hub)) <= 100
    assert (told[0], told[-1], sorted(told)) == ("atom.xml", "2024/02/07/rss.xml", sorted(written))


def test_hub_that_refuses_once_is_not_asked_again(hub: Listener) -> None:
    hub.status = 500
    assert announce(hub.url, "https://example.org/", [f"{n}/atom.xml" for n in range(300)]) is not None
    assert len(hub.told) == 1


def test_slow_hub_is_told_what_time_allows(hub: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli._hub.SECONDS", 0.05)
    hub.delay = 0.03
    said = announce(hub.url, "https://example.org/", [f"{n}/atom.xml" for n in range(1_000)])
    assert said is not None
    assert len(hub.told) < 5


def test_dry_run_says_nothing(home: Path, hub: Listener) -> None:
    assert ran(home, hub.url, "--dry-run").exit_code == 0
    assert hub.told == []


@pytest.mark.parametrize("status", [400, 500, 301])
def test_hub_that_refuses_is_told_of_with_verbose_alone(home: Path, hub: Listener, status: int) -> None:
    hub.status = status
    silent = ran(home, hub.url)
    assert (silent.exit_code, silent.stderr) == (0, "")
    (home / "digests" / "2024-02-08.txt").write_bytes((SAMPLE.parent / "2024-02-08.txt").read_bytes())
    spoken = ran(home, hub.url, "-v")
    assert spoken.exit_code == 0
    assert "was not told" in spoken.stderr
    assert (home / "out/2024/02/08/atom.xml").exists()


def test_hub_that_is_not_there_costs_nothing() -> None:
    assert announce("http://127.0.0.1:1/", "https://example.org/", ["atom.xml"]) is not None
    assert announce("http://127.0.0.1:1/", "https://example.org/", ["index.html"]) is None


def test_feeds_are_listed_as_they_would_be_published(home: Path, hub: Listener) -> None:
    ran(home, hub.url)
    config = home / "digest-pipeline.toml"
    listed = CliRunner().invoke(main, ["feeds", "--config", str(config)])
    rows = [line.split("\t") for line in listed.stdout.splitlines()]
    feeds = {"atom.xml", "rss.xml", "feed.json"}
    sizes = {
        f"https://example.org/{path.relative_to(home / 'out').as_posix()}": path.stat().st_size
        for path in (home / "out").rglob("*")
        if path.name in feeds
    }
    assert rows[0][0] == "https://example.org/atom.xml"
    assert {address: int(size) for address, _, size in rows} == sizes
    entries = {address: int(count) for address, count, _ in rows}
    day = entries["https://example.org/2024/02/07/atom.xml"]
    assert (entries["https://example.org/atom.xml"], entries["https://example.org/days/atom.xml"]) == (day, 1)
