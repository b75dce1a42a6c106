"""What web servers make of a published folder: nginx as it is proposed, and the preview like it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from web_servers import Answer, Connection, nginx, preview

from pipeline.cli.serve import HEADERS, Preview
from pipeline.model import Site
from pipeline.run import run
from pipeline.store import published

TYPES = {
    "/": "text/html; charset=utf-8",
    "/2024/02/07/index.html": "text/html; charset=utf-8",
    "/atom.xml": "application/atom+xml; charset=utf-8",
    "/2024/02/07/atom.xml": "application/atom+xml; charset=utf-8",
    "/rss.xml": "application/rss+xml; charset=utf-8",
    "/feed.json": "application/feed+json",
    "/digests.json": "application/json",
    "/manifest.json": "application/json",
    "/digest.schema.json": "application/schema+json",
    "/papers.bib": "application/x-bibtex; charset=utf-8",
    "/papers.biblatex.bib": "application/x-bibtex; charset=utf-8",
    "/papers.csl.json": "application/vnd.citationstyles.csl+json",
    "/papers.ris": "application/x-research-info-systems; charset=utf-8",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/style.css": "text/css; charset=utf-8",
    "/feed.css": "text/css; charset=utf-8",
    "/note%20of%20mine.md": "text/plain; charset=utf-8",
}
HIDDEN = (
    ".atom.xml.digest-pipeline.tmp",
    ".secret",
    ".git/config",
    ".git/atom.xml",
    "2024/.feed.json.digest-pipeline.tmp",
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    folder = tmp_path_factory.mktemp("site") / "out it is"
    run(samples, folder, Site())
    (folder / "note of mine.md").write_text("Not published by us.\n", encoding="utf-8")
    for name in HIDDEN:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("hidden", encoding="utf-8")
    return folder


@pytest.fixture(
    scope="module", params=[pytest.param("nginx", marks=pytest.mark.client("nginx")), pytest.param("serve")]
)
def server(
    request: pytest.FixtureRequest, out: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    work = tmp_path_factory.mktemp("server")
    with nginx(out, work) if request.param == "nginx" else preview(out) as port:
        yield port


@pytest.fixture
def site(server: int) -> Iterator[Connection]:
    with closing(Connection(server)) as connection:
        yield connection


@pytest.mark.parametrize(("path", "kind"), TYPES.items())
def test_content_types(site: Connection, path: str, kind: str) -> None:
    answer = site.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)


def test_every_published_file_has_a_type_of_its_own_and_comes_whole(site: Connection, out: Path) -> None:
    for path in sorted(published(out)):
        answer = site.get(f"/{path}")
        assert answer.status == 200
        assert answer.body == (out / path).read_bytes()
        assert answer.headers["content-type"] == Preview.guess_type(None, path)  # type: ignore[arg-type]
        assert answer.headers["content-type"] != "application/octet-stream"


@pytest.mark.parametrize("path", ["/", "/atom.xml", "/feed.json", "/nothing", "/.secret"])
def test_every_answer_bears_the_policy(site: Connection, path: str) -> None:
    answer = site.get(path)
    wanted = {name.lower(): value for name, value in HEADERS.items()}
    if answer.status == 404:
        wanted.pop("cache-control")
    assert {name: answer.headers.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("path", ["/atom.xml", "/rss.xml", "/feed.json", "/", "/papers.bib"])
def test_what_did_not_change_is_not_sent_again(site: Connection, path: str) -> None:
    first = site.get(path)
    again = site.get(path, If_Modified_Since=first.headers["last-modified"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", [*(f"/{name}" for name in HIDDEN), "/%2esecret", "/2024/../.secret"])
def test_hidden_files_are_not_there(site: Connection, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 404
    assert b"hidden" not in answer.body


@pytest.mark.parametrize(
    "path", ["/tags/nothing/", "/lang/", "/2024/", "/../../etc/passwd", "/%2e%2e/conftest.py"]
)
def test_no_folder_is_listed_and_nothing_beside_it_is_served(site: Connection, path: str) -> None:
    assert site.get(path).status in {400, 403, 404}


def test_a_folder_without_its_slash_is_sent_on(site: Connection) -> None:
    answer = site.get("/2024/02/07")
    assert (answer.status, answer.headers["location"]) == (301, "/2024/02/07/")


@pytest.mark.client("nginx")
def test_nginx_knows_the_same_file_compressed(out: Path, tmp_path: Path) -> None:
    with nginx(out, tmp_path) as port, closing(Connection(port)) as site:
        first = site.get("/atom.xml", Accept_Encoding="gzip")
        again = site.get("/atom.xml", Accept_Encoding="gzip", If_None_Match=first.headers["etag"])
    assert (first.headers["content-encoding"], first.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(first.body) == (out / "atom.xml").read_bytes()
    assert again.status == 304


def served(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "serve", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)


def test_serve_without_a_site_says_so(tmp_path: Path) -> None:
    asked = served(str(tmp_path / "out"))
    said = f"digest-pipeline: {tmp_path}/out: nothing is published there yet\n    digest-pipeline run does\n"
    assert (asked.returncode, asked.stdout, asked.stderr) == (1, "", said)


def test_serve_says_that_a_port_is_taken(out: Path) -> None:
    with preview(out) as port:
        asked = served("--port", str(port), str(out))
    assert (asked.returncode, asked.stderr.count("\n")) == (1, 1)
    assert asked.stderr.startswith(
        f"digest-pipeline: 127.0.0.1:{port}: cannot be listened to: Address already"
    )


PUBLISHES = int(os.environ.get("DIGEST_PIPELINE_PUBLISHES", "40"))
"""``make faults`` asks for 200."""
WATCHED = (
    "atom.xml",
    "rss.xml",
    "feed.json",
    "papers.bib",
    "index.html",
    "2024/02/07/atom.xml",
    "manifest.json",
)
PUBLISHING = """
import hashlib, json, sys
from pathlib import Path
from pipeline.model import Site
from pipeline.run import run
work, publishes, *watched = sys.argv[1:]
source, out = Path(work, "in"), Path(work, "out")
for number in range(int(publishes)):
    # Of another length each time, so that a length of one and a body of another differ.
    abstract = f"Abstract {number}. " + "It is shown. " * (number % 7 * 40)
    (source / "07.txt").write_text(f"2024-02-07\\nA Title\\n(Ada Lovelace)\\n{abstract}\\n#tag\\n")
    run(source, out, Site())
    found = {hashlib.sha256((out / path).read_bytes()).hexdigest() for path in watched}
    print(json.dumps(sorted(found)), flush=True)
"""


class Reader(threading.Thread):
    """Fetches the watched files in turn until it is told to stop; keeps every body that it met."""

    def __init__(self, port: int, first: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._site, self._first, self._stop_event = Connection(port), first, stop
        self.bodies: dict[str, tuple[str, bytes]] = {}
        self.strange: list[tuple[str, Answer]] = []
        self.answers = 0

    def run(self) -> None:
        """Read; an error of the connection ends the thread, which is then not alive."""
        with closing(self._site):
            self._read()

    def _read(self) -> None:
        while not self._stop_event.is_set():
            path = WATCHED[(self._first + self.answers) % len(WATCHED)]
            answer = self._site.get(f"/{path}")
            self.answers += 1
            if answer.status != 200 or int(answer.headers["content-length"]) != len(answer.body):
                self.strange.append((path, answer))
            self.bodies[hashlib.sha256(answer.body).hexdigest()] = (path, answer.body)


@pytest.mark.client("nginx")
def test_readers_behind_nginx_meet_only_whole_published_files(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    (tmp_path / "in").mkdir()
    command = [sys.executable, "-c", PUBLISHING, str(tmp_path), str(PUBLISHES), *WATCHED]
    stop, published = threading.Event(), set[str]()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as publisher:
        assert publisher.stdout
        published.update(json.loads(publisher.stdout.readline()))
        with nginx(tmp_path / "out", tmp_path) as port:
            readers = [Reader(port, number, stop) for number in range(4)]
            for reader in readers:
                reader.start()
            for line in publisher.stdout:
                published.update(json.loads(line))
            alive = [reader.is_alive() for reader in readers]
            stop.set()
            for reader in readers:
                reader.join()
    assert publisher.returncode == 0
    assert alive == [True] * 4
    assert [reader.strange for reader in readers] == [[]] * 4
    met = {name: body for reader in readers for name, body in reader.bodies.items()}
    assert met.keys() <= published
    assert len(met) > PUBLISHES  # they did read while it published
    for path, body in met.values():
        _parse(path, body)
    record_testsuite_property("answers", sum(reader.answers for reader in readers))
    record_testsuite_property("versions", f"{len(met)} of {len(published)} were met")


def _parse(path: str, body: bytes) -> None:
    if path.endswith(".xml"):
        ET.fromstring(body)  # noqa: S314 - our own
    elif path.endswith(".json"):
        json.loads(body)
    else:
        assert body.endswith((b"}\n", b"</html>\n")), path
