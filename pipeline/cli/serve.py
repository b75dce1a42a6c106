"""``digest-pipeline serve``: look at what is published before anyone else does, on this machine alone."""

from __future__ import annotations

import functools
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import click

from pipeline.cli._common import config_option, fails_in_one_line, load_settings
from pipeline.cli._log import tell
from pipeline.errors import PipelineError

HOST = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
"""What every answer bears; deploy/nginx.conf says the same."""
TYPES = {
    "atom.xml": "application/atom+xml; charset=utf-8",
    "rss.xml": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".schema.json": "application/schema+json",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
}
"""Content types by the end of the name, the first that fits. JSON has no charset (RFC 8259, section 11)."""


@click.command("serve")
@click.argument("out", type=click.Path(path_type=Path), required=False)
@config_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: a free one.")
@fails_in_one_line
def serve_command(*, out: Path | None, config_file: Path | None, port: int) -> None:
    """Show OUT (out/) on this machine, as a web server will, until Ctrl-C."""
    folder = out or load_settings(config_file, None).out
    if not folder.is_dir():
        hint = "digest-pipeline run does"
        raise PipelineError("nothing is published there yet", subject=str(folder), hint=hint)
    handler = functools.partial(Preview, directory=str(folder))
    try:
        server = ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise PipelineError("cannot be listened to", subject=f"{HOST}:{port}") from error
    with server:
        tell(f"{folder} is at http://{HOST}:{server.server_port}/ until Ctrl-C")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            tell("")  # the shell's next line shall not begin behind ^C


class Preview(SimpleHTTPRequestHandler):
    """Answers 304 where nothing changed since, and 404 for names that begin with a dot."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the browser to confirm its headers

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer as the library does, but for hidden names: a temporary file may be among them."""
        names = unquote(urlsplit(self.path).path).split("/")
        if any(name.startswith(".") for name in names):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: object) -> None:  # noqa: ARG002
        """List no folder: the pages do."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def guess_type(self, path: object) -> str:
        """Return the content type by name; both kinds of feed end alike."""
        name = Path(str(path)).name
        return next((kind for end, kind in TYPES.items() if name.endswith(end)), "application/octet-stream")

    def end_headers(self) -> None:
        """Add what every answer bears."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
