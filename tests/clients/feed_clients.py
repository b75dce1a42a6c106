"""Real readers without a window: each fetches a feed once, and tells what it keeps of it.

A client is a function of the feed's address and of a folder that holds its state between fetches.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import email.utils
import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct


class Seen(Struct, frozen=True, kw_only=True):
    """One item as a reader keeps it."""

    id: str
    title: str
    link: str
    author: str
    moment: float
    """Seconds since 1970."""
    categories: tuple[str, ...]
    content: str


Client = Callable[[str, Path], list[Seen]]


def newsboat(url: str, state: Path) -> list[Seen]:
    """Reload newsboat as cron does, then read its cache."""
    (state / "urls").write_text(url + "\n", encoding="utf-8")
    (state / "config").write_text("reload-threads 1\n", encoding="utf-8")
    files = ["-u", f"{state}/urls", "-c", f"{state}/cache.db", "-C", f"{state}/config"]
    _run(["newsboat", *files, "-x", "reload"], state)
    with contextlib.closing(sqlite3.connect(state / "cache.db")) as cache:
        rows = cache.execute(
            "select guid, title, url, author, pubDate, content from rss_item where deleted = 0"
        ).fetchall()
    return [
        Seen(id=i, title=title, link=link, author=author, moment=date, categories=(), content=content)
        for i, title, link, author, date, content in rows
    ]


def imported_by_newsboat(opml: Path, state: Path) -> list[str]:
    """Import a list of feeds, and return the addresses that newsboat subscribes to, as it writes them."""
    urls = state / "urls"
    urls.write_text("", encoding="utf-8")
    files = ["-u", str(urls), "-c", f"{state}/cache.db", "-C", f"{state}/config"]
    (state / "config").write_text("reload-threads 1\n", encoding="utf-8")
    _run(["newsboat", *files, "-i", str(opml)], state)
    lines = urls.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line]


def sfeed(url: str, state: Path) -> list[Seen]:
    """Update all feeds, then read the tab-separated lines: manual page 5 of sfeed."""
    (state / "sfeedrc").write_text(
        f'sfeedpath="{state}/feeds"\nfeeds() {{\n\tfeed "judged" "{url}"\n}}\n', encoding="utf-8"
    )
    _run(["sfeed_update", f"{state}/sfeedrc"], state)
    lines = (state / "feeds" / "judged").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [_sfeed_item(line.split("\t")) for line in lines]


def rss2email(url: str, state: Path) -> list[Seen]:
    """Deliver new items as mails into a maildir, then read them all."""
    base = ["r2e", "-c", f"{state}/config", "-d", f"{state}/data.json"]
    if not (state / "config").exists():
        for folder in ("new", "cur", "tmp"):
            (state / "mails" / "inbox" / folder).mkdir(parents=True)
        (state / "config").write_text(
            "[DEFAULT]\nfrom = a@example.org\nto = b@example.org\nhtml-mail = True\n"
            "date-header = True\nname-format = {author}\nemail-protocol = maildir\n"
            f"maildir-path = {state}/mails\nmaildir-mailbox = inbox\n",
            encoding="utf-8",
        )
        _run([*base, "add", "judged", url], state)
    _run([*base, "run"], state)
    return [_mail(path) for path in (state / "mails" / "inbox").glob("*/*")]


ELFEED = """
(require 'package) (package-initialize) (require 'elfeed) (require 'json)
(setq elfeed-db-directory (expand-file-name "db" (nth 1 command-line-args-left))
      elfeed-feeds (list (nth 0 command-line-args-left)))
(setq command-line-args-left nil)
(elfeed-db-load)
(elfeed-update-feed (car elfeed-feeds))
(while (> (elfeed-queue-count-total) 0) (accept-process-output nil 0.05))
(let (seen)
  (with-elfeed-db-visit (entry _)
    (push (list :id (cdr (elfeed-entry-id entry)) :title (elfeed-entry-title entry)
                :link (elfeed-entry-link entry) :moment (elfeed-entry-date entry)
                :author (mapconcat (lambda (one) (plist-get one :name)) (elfeed-meta entry :authors) ", ")
                :categories (vconcat (elfeed-meta entry :categories))
                :content (or (elfeed-deref (elfeed-entry-content entry)) "")) seen))
  (elfeed-db-save)
  (princ (json-encode (vconcat seen))))
"""


def elfeed(url: str, state: Path) -> list[Seen]:
    """Update a feed in an Emacs without a window, then visit its database."""
    (state / "fetch.el").write_text(ELFEED, encoding="utf-8")
    printed = _run(["emacs", "--batch", "-l", f"{state}/fetch.el", url, str(state)], state)
    return msgspec.json.decode(printed, type=list[Seen])


def feedparser(url: str, state: Path) -> list[Seen]:
    """Parse, asking only for what is new since the last time; a malformed feed is an error."""
    import feedparser as library  # type: ignore[import-untyped]

    modified = state / "modified"
    found = library.parse(url, modified=modified.read_text() if modified.exists() else None)
    assert not found.bozo, found.get("bozo_exception")
    if "modified" in found:
        modified.write_text(found.modified)
    return [
        Seen(
            id=entry.id,
            title=entry.title,
            link=entry.link,
            author=", ".join(author.name for author in entry.get("authors", [])),
            moment=float(email.utils.mktime_tz((*entry.published_parsed, 0))),
            categories=tuple(tag.term for tag in entry.get("tags", [])),
            content=entry.content[0].value,
        )
        for entry in found.entries
    ]


def reader(url: str, state: Path) -> list[Seen]:
    """Update its database, then read it."""
    import reader as library

    with contextlib.closing(library.make_reader(str(state / "reader.sqlite"))) as made:
        made.add_feed(url, exist_ok=True)
        made.update_feed(url)
        return [
            Seen(
                id=entry.id,
                title=entry.title or "",
                link=entry.link or "",
                author=", ".join(author.name or "" for author in entry.authors),
                moment=entry.published.timestamp() if entry.published else 0.0,
                categories=(),
                content=entry.content[0].value,
            )
            for entry in made.get_entries()
        ]


def _run(command: list[str], state: Path) -> bytes:
    home = {"HOME": str(state), "XDG_CONFIG_HOME": str(state), "XDG_DATA_HOME": str(state)}
    ran = subprocess.run(command, check=True, timeout=60, capture_output=True, env={**os.environ, **home})
    return ran.stdout


def _sfeed_item(fields: list[str]) -> Seen:
    moment, title, link, content, _, id_, author, _, categories = fields[:9]
    text = content.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    tags = tuple(tag for tag in categories.split("|") if tag)
    return Seen(
        id=id_, title=title, link=link, author=author, moment=float(moment), categories=tags, content=text
    )


def _mail(path: Path) -> Seen:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body()
    assert body is not None
    return Seen(
        id=message["X-RSS-ID"],
        title=str(message["Subject"]),
        link=message["X-RSS-URL"],
        author=message["From"].addresses[0].display_name,
        moment=message["Date"].datetime.timestamp(),
        categories=tuple(str(message["X-RSS-TAGS"] or "").split(",")),
        content=body.get_content(),
    )
