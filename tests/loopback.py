"""Servers on 127.0.0.1: of what was published, with a real one's content types, and of what is posted."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".xml": "application/xml",
    ".json": "application/feed+json",
    ".bib": "application/x-bibtex; charset=utf-8",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers 304 by the time of the file in whole seconds, as servers of static files do."""

    protocol_version = "HTTP/1.1"
    extensions_map = TYPES

    def __init__(self, *args: object, answers: list[tuple[str, int]], directory: str) -> None:
        self.answers = answers
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def guess_type(self, path: object) -> str:
        """Go by the ending alone: no server knows which kind of feed a file is."""
        return TYPES.get(Path(str(path)).suffix, "application/octet-stream")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        """Remember the answer instead of printing it."""
        self.answers.append((self.path, int(code)))

    def log_message(self, *args: object) -> None:
        """Print nothing."""


class Served:
    """A folder under an address."""

    def __init__(self, folder: Path, port: int, answers: list[tuple[str, int]]) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}/"
        self.answers = answers


class Listener:
    """What was told under an address, as path and body, and how it answers."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.kinds: set[str] = set()
        """Content types of what was told."""
        self.status = 204
        self.delay = 0.0
        """Seconds before an answer, if the block does not end before."""
        self.ended = threading.Event()
        self.url = ""


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """Answer whatever is posted to a free port, one request after the other, until the block ends."""
    listener = Listener()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
            listener.told.append((self.path, body))
            listener.kinds.add(self.headers["Content-Type"])
            listener.ended.wait(listener.delay)
            self.send_response(listener.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Print nothing."""

    with running(http.server.HTTPServer(("127.0.0.1", 0), Answering)) as port:
        listener.url = f"http://127.0.0.1:{port}/"
        try:
            yield listener
        finally:
            listener.ended.set()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a folder on a free port until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    answers: list[tuple[str, int]] = []
    handler = functools.partial(Handler, answers=answers, directory=str(folder))
    with running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        yield Served(folder, port, answers)


@contextlib.contextmanager
def running(server: http.server.HTTPServer) -> Iterator[int]:
    """Let a server serve until the block ends; give its port."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
