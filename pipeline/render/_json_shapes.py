"""The shapes of the JSON dumps, of a day and of the whole archive: version 1.0 of what users compute with.

A name once published stays. `json_dump.render_schema` publishes them as JSON Schema (2020-12).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from pipeline.model import AuthorKind, LinkKind

VERSION = "1.0"

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
