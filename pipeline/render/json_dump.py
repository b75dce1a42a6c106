"""The JSON dump: everything that was read, in names that a published schema holds (version 1.0).

The shapes are the structs below; `render_schema` publishes them as JSON Schema (2020-12).
"""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from pipeline.archive import Listing
from pipeline.model import (
    Author,
    AuthorKind,
    Digest,
    Entry,
    Identifiers,
    Link,
    LinkKind,
    Passage,
    Problem,
    Site,
)
from pipeline.render._addresses import page_url
from pipeline.render._growing import Growing

VERSION = "1.0"
DAY_FILE, SITE_FILE, SCHEMA_FILE = "digest.json", "digests.json", "digest.schema.json"

Date = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="A day, ISO 8601.")]
# A format alone binds no validator; a pattern does.
_MOMENT = {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
Moment = Annotated[dt.datetime, Meta(description="A moment, UTC.", extra_json_schema=_MOMENT)]
Language = Annotated[str, Meta(description="BCP 47 language tag.")]


class JsonAuthor(Struct, frozen=True, kw_only=True):
    """An author as printed."""

    name: str
    kind: AuthorKind


class JsonLink(Struct, frozen=True, kw_only=True):
    """A link; ``header`` marks those of a link slot, the only ones that can be the paper's own."""

    url: str
    kind: LinkKind
    header: bool | UnsetType = UNSET


class JsonIdentifiers(Struct, frozen=True, kw_only=True):
    """Identifiers of the paper itself; absent where unknown."""

    arxiv: str | UnsetType = UNSET
    doi: str | UnsetType = UNSET


class JsonPassage(Struct, frozen=True, kw_only=True):
    """One paragraph or one list of commentary."""

    language: Language
    text: str


class JsonEarlier(Struct, frozen=True, kw_only=True):
    """An earlier discussion of the same paper."""

    date: Date
    url: str


class JsonSource(Struct, frozen=True, kw_only=True):
    """Where an entry stands: file below the digests folder, first and last line."""

    file: str
    lines: tuple[int, int]


class JsonEntry(Struct, frozen=True, kw_only=True):
    """One paper of a day."""

    id: str
    key: str
    title: str | None
    alternative_titles: tuple[str, ...]
    authors: tuple[JsonAuthor, ...]
    more_authors: bool | UnsetType = UNSET
    abstract: str | None
    links: tuple[JsonLink, ...]
    identifiers: JsonIdentifiers
    commentary: tuple[JsonPassage, ...]
    tags: tuple[str, ...]
    published: Moment | None
    updated: Moment | None
    earlier: tuple[JsonEarlier, ...] | UnsetType = UNSET
    source: JsonSource


class JsonProblem(Struct, frozen=True, kw_only=True):
    """Something the author should know."""

    file: str
    line: int
    code: str
    message: str
    hint: str


class JsonDigest(Struct, frozen=True, kw_only=True):
    """One day."""

    version: str = VERSION
    date: Date
    since: Date | UnsetType = UNSET
    title: str | None
    language: Language
    introduction: tuple[JsonPassage, ...] | UnsetType = UNSET
    entries: tuple[JsonEntry, ...]
    problems: tuple[JsonProblem, ...]


class JsonArchive(Struct, frozen=True, kw_only=True):
    """All days, newest first."""

    version: str = VERSION
    digests: tuple[JsonDigest, ...]


def render(site: Site, listing: Listing) -> bytes:
    """Return the dump of a listing of one day as UTF-8."""
    return _written(_digest(listing.digests[0], site))


def _archived(site: Site, listing: Listing, digest: Digest) -> bytes:  # noqa: ARG001 - one signature
    written = msgspec.json.format(msgspec.json.encode(_digest(digest, site)), indent=1)
    # Two levels further in; no string of JSON holds the end of a line.
    return b"  " + written.replace(b"\n", b"\n  ")


ARCHIVE = Growing(
    file=SITE_FILE,
    kinds=("site",),
    opening=lambda *_: b'{\n "version": "%s",\n "digests": [\n' % VERSION.encode(),
    day=_archived,
    between=b",\n",
    closing=lambda *_: b"\n ]\n}\n",
)
"""All days, as `JsonArchive`."""


def render_schema(site: Site, listing: Listing) -> bytes:  # noqa: ARG001 - renderers have one signature
    """Return the JSON Schema of both dumps as UTF-8: a day is ``$defs/JsonDigest``.

    The file lies beside this one, since descriptions come from docstrings, which Python may strip.
    """
    return files("pipeline.render").joinpath(SCHEMA_FILE).read_bytes()


def read_day(content: bytes) -> Digest:
    """Return a day as its dump tells it: all that a reader saw, nothing of where it stood.

    Raise ValueError for what is no dump.
    """
    return _read(msgspec.json.decode(content, type=JsonDigest))


def read_archive(content: bytes) -> tuple[Digest, ...]:
    """Return the days of the dump of a site, newest first; raise ValueError for what is none."""
    return tuple(map(_read, msgspec.json.decode(content, type=JsonArchive).digests))


def _read(digest: JsonDigest) -> Digest:
    date = dt.date.fromisoformat(digest.date)
    return Digest(
        date=date,
        title=digest.title,
        language=digest.language,
        entries=tuple(_read_entry(entry, date) for entry in digest.entries),
    )


def _read_entry(entry: JsonEntry, date: dt.date) -> Entry:
    ids = entry.identifiers
    return Entry(
        file=entry.source.file,
        date=date,
        id=entry.id,
        # A tag URI ends in the day and the anchor.
        anchor=entry.id.rpartition("/")[2],
        key=entry.key,
        published=entry.published,
        updated=entry.updated,
        title=entry.title,
        alternative_titles=entry.alternative_titles,
        authors=tuple(Author(name=author.name, kind=author.kind) for author in entry.authors),
        abstract=entry.abstract,
        links=tuple(
            Link(url=link.url, kind=link.kind, slot="header" if link.header else "text", line=1)
            for link in entry.links
        ),
        identifiers=Identifiers(arxiv=ids.arxiv or None, doi=ids.doi or None),
        commentary=tuple(
            Passage(text=p.text, language=p.language, first=1, last=1) for p in entry.commentary
        ),
        tags=entry.tags,
    )


def schema() -> bytes:
    """Return the schema as the structs above say it; a test holds the file to it."""
    (archive, digest), components = msgspec.json.schema_components(
        (JsonArchive, JsonDigest), ref_template="#/$defs/{name}"
    )
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"digest-pipeline dump, version {VERSION}",
        "anyOf": [digest, archive],
        "$defs": components,
    }
    return _written(whole)


def _written(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _digest(digest: Digest, site: Site) -> JsonDigest:
    introduction = tuple(JsonPassage(language=p.language, text=p.text) for p in digest.introduction)
    return JsonDigest(
        date=digest.date.isoformat(),
        since=digest.since.isoformat() if digest.since else UNSET,
        title=digest.title,
        language=digest.language,
        introduction=introduction or UNSET,
        entries=tuple(_entry(entry, site) for entry in digest.entries),
        problems=tuple(_problem(problem) for problem in digest.problems),
    )


def _entry(entry: Entry, site: Site) -> JsonEntry:
    ids = entry.identifiers
    earlier = tuple(JsonEarlier(date=day.date.isoformat(), url=page_url(site, day)) for day in entry.earlier)
    return JsonEntry(
        id=entry.id,
        key=entry.key,
        title=entry.title,
        alternative_titles=entry.alternative_titles,
        authors=tuple(JsonAuthor(name=author.name, kind=author.kind) for author in entry.authors),
        more_authors=entry.more_authors or UNSET,
        abstract=entry.abstract,
        links=tuple(_link(link) for link in entry.links),
        identifiers=JsonIdentifiers(arxiv=ids.arxiv or UNSET, doi=ids.doi or UNSET),
        commentary=tuple(JsonPassage(language=p.language, text=p.text) for p in entry.commentary),
        tags=entry.tags,
        published=entry.published,
        updated=entry.updated,
        earlier=earlier or UNSET,
        source=JsonSource(file=entry.file, lines=(entry.first_line, entry.last_line)),
    )


def _link(link: Link) -> JsonLink:
    return JsonLink(url=link.url, kind=link.kind, header=True if link.slot != "text" else UNSET)


def _problem(found: Problem) -> JsonProblem:
    return JsonProblem(
        file=found.file, line=found.line, code=found.code, message=found.message, hint=found.hint
    )
