"""The JSON dump: everything that was read, in names that a published schema holds, and read back from it."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import msgspec
from msgspec import UNSET

from pipeline.archive import Listing
from pipeline.model import Author, Digest, Entry, Identifiers, Link, LinkSlot, Passage, Problem, Site, Span
from pipeline.problems import SEVERITIES
from pipeline.render._addresses import page_url
from pipeline.render._growing import Growing
from pipeline.render._json_shapes import (
    VERSION,
    JsonArchive,
    JsonAuthor,
    JsonDigest,
    JsonEarlier,
    JsonEntry,
    JsonIdentifiers,
    JsonLink,
    JsonPassage,
    JsonProblem,
    JsonSource,
)

DAY_FILE, SITE_FILE, SCHEMA_FILE = "digest.json", "digests.json", "digest.schema.json"
RULE = "published"
"""The rule of the one span of an entry that was read from a dump."""


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
    """Return a day as its dump tells it: what a reader saw, and where each entry stood.

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
        since=dt.date.fromisoformat(digest.since) if digest.since else None,
        title=digest.title,
        language=digest.language,
        introduction=_read_passages(digest.introduction or ()),
        entries=tuple(_read_entry(entry, date) for entry in digest.entries),
        problems=tuple(map(_read_problem, digest.problems)),
    )


def _read_entry(entry: JsonEntry, date: dt.date) -> Entry:
    ids, (first, last) = entry.identifiers, entry.source.lines
    return Entry(
        file=entry.source.file,
        date=date,
        spans=(Span(field="title", first=first, last=last, rule=RULE),),
        id=entry.id,
        # A tag URI ends in the day and the anchor.
        anchor=entry.id.rpartition("/")[2],
        key=entry.key,
        published=entry.published,
        updated=entry.updated,
        title=entry.title,
        alternative_titles=entry.alternative_titles,
        authors=tuple(Author(name=author.name, kind=author.kind) for author in entry.authors),
        more_authors=entry.more_authors is True,
        abstract=entry.abstract,
        links=tuple(_read_link(link, first) for link in entry.links),
        identifiers=Identifiers(arxiv=ids.arxiv or None, doi=ids.doi or None),
        commentary=_read_passages(entry.commentary),
        tags=entry.tags,
    )


def _read_link(link: JsonLink, line: int) -> Link:
    """Return a link; of header lines, all that is no code is a paper, of other lines of a slot some is."""
    slot: LinkSlot = "text" if not link.header else "header" if link.kind == "paper" else "line"
    return Link(url=link.url, kind=link.kind, slot=slot, line=line)


def _read_passages(passages: tuple[JsonPassage, ...]) -> tuple[Passage, ...]:
    return tuple(Passage(text=p.text, language=p.language, first=1, last=1) for p in passages)


def _read_problem(found: JsonProblem) -> Problem:
    return Problem(
        file=found.file,
        line=found.line,
        code=found.code,
        severity=SEVERITIES.get(found.code, "warning"),
        message=found.message,
        hint=found.hint,
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
