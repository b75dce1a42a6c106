"""The pages and the feeds in a real browser, over loopback."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from loopback import Served, served
from msgspec import structs

from pipeline.model import Site
from pipeline.run import run

PAGES = [
    "index.html",
    "2024/02/07/index.html",
    "2024/03/01/index.html",
    "tags/index.html",
    "tags/rlhf/index.html",
]
FEEDS = ["atom.xml", "rss.xml", "days/atom.xml", "2024/02/rss.xml"]
# No word of it may be wider than the screen of a telephone.
LONG = f"""\
2024년 3월 1일
https://example.org/{"segment-" * 40}
A title with a {"very" * 30}long word
(Ada Lovelace, Grace Hopper)
An abstract with https://example.org/{"path/" * 60} in it.
{"한국어" * 60} 논평.
#{"tag" * 40}
"""
# What a frame holds is of the same origin: the script around it may measure it, which its own policy forbids.
FRAME = '<iframe width="375" height="800" src="{}"></iframe>'
FRAMES = """\
<!DOCTYPE html><title>telephones</title>%s<pre></pre><script>addEventListener("load", () => {
  const seen = [...document.querySelectorAll("iframe")].map(({contentDocument: {documentElement: root}}) => {
    const shown = [...root.querySelectorAll("*")].filter(element => element.getClientRects().length);
    return [root.scrollWidth, [...new Set(shown.map(element => element.localName))]];
  });
  document.querySelector("pre").textContent = JSON.stringify(seen);
});</script>
"""


def show(site: Served, page: str, tmp_path: Path) -> tuple[str, str]:
    """Return what the page is made into, and what the console says of it."""
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    asked = subprocess.run(
        ["chromium", *quiet, "--enable-logging=stderr", "--dump-dom", site.url + page],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return asked.stdout.decode(), "\n".join(re.findall(".*CONSOLE.*", asked.stderr.decode()))


@pytest.mark.client("chromium")
@pytest.mark.parametrize("page", ["index.html", "2024/02/07/index.html"])
def test_browser_obeys_the_policy_and_shows_the_page(page: str, samples: Path, tmp_path: Path) -> None:
    with served(tmp_path / "out") as site:
        run(samples, site.folder, Site())
        made, console = show(site, page, tmp_path)
    assert console == ""  # what a policy refuses, the console says
    assert "MusicRL" in made
    assert ("/style.css", 200) in site.answers


@pytest.fixture(scope="module")
def on_telephones(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, set[str]]]:
    """Return of each page and feed how wide it is on a narrow screen, and which elements of it are shown."""
    digests = tmp_path_factory.mktemp("long") / "digests"
    shutil.copytree(samples, digests)
    (digests / "2024-03-01.txt").write_text(LONG, encoding="utf-8")
    paths = [*PAGES, *FEEDS]
    with served(tmp_path_factory.mktemp("site")) as site:
        run(digests, site.folder, structs.replace(Site(), base_url=site.url))  # where feeds find their style
        frames = FRAMES % "".join(FRAME.format(site.url + path) for path in paths)
        (site.folder / "frames.html").write_text(frames, encoding="utf-8")
        made, _ = show(site, "frames.html", tmp_path_factory.mktemp("browser"))
    assert {status for path, status in site.answers if path != "/favicon.ico"} <= {200, 304}
    found = re.search(r"<pre>(.+)</pre>", made)
    assert found, made
    seen = json.loads(unescape(found[1]))
    return {path: (width, set(names)) for path, (width, names) in zip(paths, seen, strict=True)}


@pytest.mark.client("chromium")
@pytest.mark.parametrize("path", [*PAGES, *FEEDS])
def test_fits_a_telephone(path: str, on_telephones: dict[str, tuple[int, set[str]]]) -> None:
    width, _ = on_telephones[path]
    assert 300 < width <= 375


@pytest.mark.client("chromium")
@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_readable_as_it_is(path: str, on_telephones: dict[str, tuple[int, set[str]]]) -> None:
    atom = path.endswith("atom.xml")
    _, shown = on_telephones[path]
    assert shown >= (
        {"title", "link", "entry", "summary"} if atom else {"title", "link", "item", "description"}
    )
    assert not shown & {"content", "encoded", "id", "guid", "published", "pubDate"}
