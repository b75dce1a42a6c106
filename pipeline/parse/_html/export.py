"""A Substack export: ``posts.csv`` says what each file of ``posts/`` is; the files hold only bodies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from html import unescape

from msgspec import Struct

from pipeline.errors import SourceError
from pipeline.model import Problem, Source
from pipeline.parse._blocks import Page
from pipeline.parse._html.posts import Post, Posts, post_pages
from pipeline.parse._html.saved_page import moment
from pipeline.problems import problem

TABLE = "posts.csv"
"""Name of the table that marks the folder of an export."""
FOLDER = "posts/"
"""Folder beside it with the bodies."""
_PAID = frozenset({"only_paid", "founding"})


class _Row(Struct, frozen=True, kw_only=True):
    """One post as the table has it; a column that the export lacks is empty."""

    line: int
    post_id: str
    post_date: str
    is_published: str
    type: str
    audience: str
    title: str


def export_posts(sources: Iterable[Source]) -> Posts:
    """Join the table of an export with its files, by ``post_id`` = stem of the file.

    Drafts, other types than newsletters and posts for those who pay are left out with a note. A row
    without file and a file without row are reported; such a file may be a draft and is not read. Raise
    SourceError where there is no table or it has no ``post_id``.
    """
    by_name = {source.name: source for source in sources}
    tables = sorted((name for name in by_name if _is_table(name)), key=lambda name: (name.count("/"), name))
    if not tables:
        raise SourceError(
            "an export needs its posts.csv", subject=min(by_name, default=""), code="broken-export"
        )
    table = by_name[tables[0]]
    folder = table.name[: -len(TABLE)] + FOLDER
    bodies = {_stem(name): source for name, source in by_name.items() if _is_body(name, folder)}
    posts: list[Post] = []
    problems: list[Problem] = []
    for row in _rows(table):
        body = bodies.pop(row.post_id, None)
        reason = _left_out(row)
        if reason:
            problems.append(problem("unpublished-post", table.name, row.line, title=row.title, reason=reason))
        elif body is None:
            problems.append(problem("missing-post", table.name, row.line, title=row.title, stem=row.post_id))
        else:
            posts.append(_post(row, body))
    for _, body in sorted(bodies.items()):
        problems.append(problem("unlisted-post", body.name, 1, table=TABLE))
    return Posts(posts=tuple(posts), problems=tuple(problems))


def _is_table(name: str) -> bool:
    return name == TABLE or name.endswith("/" + TABLE)


def _is_body(name: str, folder: str) -> bool:
    """Tell whether a file is a body; the csv files beside them count mails, not posts."""
    return name.startswith(folder) and name.lower().endswith((".html", ".htm"))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _rows(table: Source) -> Iterator[_Row]:
    reader = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"), newline=""))
    try:
        names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
        if "post_id" not in names:
            raise SourceError("posts.csv has no column post_id", subject=table.name, code="broken-export")
        line = reader.line_num + 1
        for row in reader:
            values = {name: (row.get(column) or "").strip() for name, column in names.items()}
            wanted = (field for field in _Row.__struct_fields__ if field != "line")
            yield _Row(line=line, **{field: values.get(field, "") for field in wanted})
            line = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(
            "posts.csv is broken", subject=table.name, code="broken-export", line=reader.line_num or 1
        ) from error


def _left_out(row: _Row) -> str | None:
    """Return why a post is not to be published; a column that is absent or empty forbids nothing."""
    if row.is_published.lower() in {"false", "0", "no"}:
        return "is a draft"
    if row.type and row.type.lower() != "newsletter":
        return f"is a {row.type}"
    return "is for paying readers" if row.audience.lower() in _PAID else None


def _post(row: _Row, body: Source) -> Post:
    return Post(
        name=body.name,
        title=" ".join(unescape(row.title).split()) or None,
        slug=row.post_id.partition(".")[2],
        posted=moment(row.post_date),
        html=body.text,
    )


def read_export(sources: Iterable[Source]) -> tuple[Page, ...]:
    """Return the posts of an export as pages; raise SourceError as `export_posts` does."""
    return post_pages(export_posts(sources))
