"""A web server on 127.0.0.1 for what was published, with a real one's content types; it notes its answers."""

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


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a folder on a free port until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    answers: list[tuple[str, int]] = []
    handler = functools.partial(Handler, answers=answers, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Served(folder, server.server_port, answers)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
