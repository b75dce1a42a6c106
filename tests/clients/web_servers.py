"""Web servers on 127.0.0.1 for a published folder: nginx with the sample configuration, and ``serve``."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from conftest import PROJECT
from msgspec import Struct

_MAIN = """\
daemon off;
worker_processes 2;
{user}
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    include /etc/nginx/mime.types;
    include {work}/site.conf;
}}
"""


class Answer(Struct, frozen=True, kw_only=True):
    """What a server answered; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A connection that is kept open over many questions."""

    def __init__(self, port: int) -> None:
        self._open = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path; in names of headers ``_`` stands for ``-``."""
        self._open.request("GET", path, headers={name.replace("_", "-"): headers[name] for name in headers})
        answer = self._open.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(status=answer.status, headers=found, body=answer.read())

    def close(self) -> None:
        """End it."""
        self._open.close()


def site_conf(out: Path, port: int) -> str:
    """Return the sample configuration with another place: the two listens, the root."""
    text = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text, listens = re.subn(r"listen (\[::\]:)?80;", "", text)
    text, roots = re.subn(r"root [^;]+;", f'listen 127.0.0.1:{port};\n    root "{out}";', text)
    assert (listens, roots) == (2, 1)
    return text


@contextlib.contextmanager
def nginx(out: Path, work: Path) -> Iterator[int]:
    """Serve a folder with nginx until the block ends; give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "" if os.geteuid() else "user root;"  # whom the folders of tests belong to
    (work / "site.conf").write_text(site_conf(out, port), encoding="utf-8")
    (work / "nginx.conf").write_text(_MAIN.format(work=work, user=user), encoding="utf-8")
    command = ["nginx", "-p", str(work), "-e", f"{work}/error.log", "-c", f"{work}/nginx.conf"]
    with subprocess.Popen(command) as server:
        try:
            _await(port, server)
            yield port
        finally:
            server.terminate()
    said = (work / "error.log").read_text(encoding="utf-8")
    assert not re.search(r"\[(warn|emerg|alert|crit)\]", said), said


@contextlib.contextmanager
def preview(out: Path) -> Iterator[int]:
    """Serve a folder with ``digest-pipeline serve`` until the block ends; give the port."""
    command = [sys.executable, "-m", "pipeline", "serve", "--port", "0", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        told = re.fullmatch(
            r".* is at http://127\.0\.0\.1:([0-9]+)/ until Ctrl-C\n", server.stderr.readline()
        )
        try:
            assert told
            yield int(told[1])
        finally:
            server.send_signal(signal.SIGINT)
            left = server.stderr.read()
    assert (server.returncode, left.strip()) == (0, "")


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens there."""
    for _ in range(200):
        assert server.poll() is None
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(port)
