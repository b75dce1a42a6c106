"""The values that flow from stage to stage: frozen, keyword-only, each field with its meaning.

Nothing of ours is imported here. ``None`` alone says that something is absent: no text field is
ever an empty string.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "note"]
AuthorKind = Literal["person", "organisation"]
LinkKind = Literal["paper", "project", "code", "mention"]
LinkSlot = Literal["header", "line", "text"]
LabelField = Literal["title", "authors", "abstract", "paper", "link", "tags", "comment", "votes"]
ListingKind = Literal["site", "day", "month", "tag", "language", "days"]


Mark = tuple[int, int, int, int]
"""By what a file is known unread: size, inode, times of its last modification and change in nanoseconds."""


class Source(Struct, frozen=True, kw_only=True):
    """One file of digests as it was found."""

    name: str
    """Path below the digests folder, with ``/``."""
    text: str
    """The decoded text, otherwise untouched."""


class Problem(Struct, frozen=True, kw_only=True):
    """Something an author should know: where, what, and how to mend it."""

    file: str
    """Name of the source."""
    line: int
    """Line in it, counted from 1."""
    column: int = 1
    """Column in it, counted from 1 in characters."""
    code: str
    """Short permanent name; `pipeline.problems` lists them all."""
    severity: Severity
    """``error``: something was not published; ``warning``: something is doubtful; ``note``: to know."""
    message: str
    """What was met."""
    hint: str
    """What was expected, and how to mend it."""


class Span(Struct, frozen=True, kw_only=True):
    """The source lines that a field came from, and the rule that took them."""

    field: str
    """Name of the field of `Entry`, or ``heading``, ``introduction``, ``skipped`` of a digest."""
    first: int
    """First line, counted from 1."""
    last: int
    """Last line, inclusive."""
    rule: str
    """The rule of ``docs/formats.md`` that took the lines."""


class Author(Struct, frozen=True, kw_only=True):
    """One author as printed."""

    name: str
    """The name in the order and spelling of the digest."""
    kind: AuthorKind = "person"
    """A person has a family name; an organisation is never split."""


class Link(Struct, frozen=True, kw_only=True):
    """One address that an entry names."""

    url: str
    """The address as written, without surrounding marks."""
    kind: LinkKind = "project"
    """What stands behind it."""
    slot: LinkSlot
    """Where it stood: ``header`` (title or header line), ``line`` (alone on a line), ``text``."""
    line: int
    """Source line."""


class Passage(Struct, frozen=True, kw_only=True):
    """One paragraph or one list of commentary."""

    text: str
    """The text as written; the items of a list, one a line, keep their ``- ``."""
    language: str = "und"
    """BCP 47 language, ``und`` until the language pass has run."""
    first: int
    """First source line."""
    last: int
    """Last source line."""


class Identifiers(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What names the paper for ever, from its own link slots only."""

    arxiv: str | None = None
    """arXiv identifier without version, old style with its archive."""
    doi: str | None = None
    """DOI in lower case, without resolver."""


class Earlier(Struct, frozen=True, kw_only=True):
    """An earlier discussion of the same paper."""

    date: dt.date
    """Day of that digest."""
    anchor: str
    """Anchor of the entry on that day's page."""


class Mentioned(Struct, frozen=True, kw_only=True):
    """A paper that a text names by its address, and where it was discussed before."""

    arxiv: str
    """arXiv identifier of the paper, without version."""
    days: tuple[Earlier, ...]
    """Days before that of the text, oldest first."""


class Entry(Struct, frozen=True, kw_only=True):
    """One paper on one day."""

    file: str
    """Name of the source it stands in."""
    date: dt.date
    """Day of the digest."""
    title: str | None = None
    """Title as written, without emphasis marks."""
    alternative_titles: tuple[str, ...] = ()
    """Later or other names of the same paper."""
    authors: tuple[Author, ...] = ()
    """Authors in the order printed."""
    more_authors: bool = False
    """The digest itself says that further authors are not shown."""
    abstract: str | None = None
    """Abstract or summary as written, TeX and all."""
    abstract_language: str | None = None
    """Its language; filled by the language pass."""
    links: tuple[Link, ...] = ()
    """Links in the order met, each address once."""
    commentary: tuple[Passage, ...] = ()
    """The author's own words."""
    tags: tuple[str, ...] = ()
    """Tags without ``#`` as spelled."""
    folded_tags: tuple[str, ...] = ()
    """The form of each tag by which spellings are one; filled by the tags pass."""
    spans: tuple[Span, ...] = ()
    """Where each field came from."""
    identifiers: Identifiers = Identifiers()
    """Filled by the links pass."""
    id: str = ""
    """Permanent tag URI; filled by the identity pass, like all below."""
    anchor: str = ""
    """Fragment of the entry on its day's page."""
    key: str = ""
    """Permanent citation key."""
    published: dt.datetime | None = None
    """When readers are told it appeared, UTC."""
    updated: dt.datetime | None = None
    """When its visible content last changed, UTC."""
    earlier: tuple[Earlier, ...] = ()
    """Earlier days on which the same paper was discussed, oldest first."""
    mentioned: tuple[Mentioned, ...] = ()
    """Other papers that its texts name and that were discussed before; filled by the backlinks pass."""
    topics: tuple[str, ...] = ()
    """Those of ``folded_tags`` that have a page by this day; filled by the same."""

    @property
    def first_line(self) -> int:
        """The first source line of the entry, 1 where nothing is known."""
        return min((span.first for span in self.spans), default=1)

    @property
    def last_line(self) -> int:
        """The last source line of the entry."""
        return max((span.last for span in self.spans), default=1)


class Digest(Struct, frozen=True, kw_only=True):
    """One day: what one or more sources say of it."""

    date: dt.date
    """The day; of a range, the last."""
    since: dt.date | None = None
    """The first day, where the digest covers a range."""
    title: str | None = None
    """What the heading says beside the date."""
    language: str = "und"
    """Language of most of the commentary."""
    introduction: tuple[Passage, ...] = ()
    """What is said before the first entry."""
    entries: tuple[Entry, ...] = ()
    """The papers in the order written."""
    problems: tuple[Problem, ...] = ()
    """What the author should know."""
    silenced: tuple[tuple[str, str], ...] = ()
    """File and code of the problems that the author does not want to be told."""


class LedgerEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What history alone knows of one entry; what is None is as a build from scratch gives it."""

    day: dt.date
    """Day of the digest."""
    slug: str
    """The anchor that a build from scratch gives the entry: how it is found."""
    anchor: str | None = None
    """The anchor that it was published with, which its id ends in."""
    key: str | None = None
    """The citation key that it was published with."""
    published: dt.datetime | None = None
    """When readers were told that it appeared, UTC."""
    updated: dt.datetime | None = None
    """When the last run published other content of it, UTC."""

    @property
    def worn(self) -> str:
        """The anchor of the entry."""
        return self.anchor or self.slug


class Withdrawn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry that was published and is gone: its names are given to no other."""

    day: dt.date
    """Day of its digest."""
    anchor: str
    """The anchor that it was published with, which its id ends in."""
    slug: str
    """Slug of its title with a hash of title and authors: by it the paper is known when it comes back."""
    key: str
    """The citation key that it was published with."""
    published: dt.datetime
    """When readers were told that it appeared, UTC."""
    when: dt.datetime
    """When the run that found it gone told them so, UTC."""
    feeds: tuple[str, ...] = ()
    """Folders of the feeds of its tags and languages, sorted."""
    became: str | None = None
    """The anchor of the entry of that day that it turned out to be: then it never comes back."""


class Ledger(Struct, frozen=True, kw_only=True):
    """What history alone knows of entries, by day and slug."""

    entries: tuple[LedgerEntry, ...] = ()
    """One for each entry that is not as a build from scratch gives it."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """One for each entry that is gone, by day and anchor."""


class Site(Struct, frozen=True, kw_only=True):
    """What the configuration says of the published site."""

    title: str = "Paper digest"
    """Title of the site and of its feeds."""
    base_url: str = "https://digests.invalid/"
    """Published address of ``out/``, ending in a slash."""
    authority: str = "digests.invalid,2024"
    """Authority and date of the tag URIs (RFC 4151, section 2.1), never changed once published."""
    author: str | None = None
    """Who writes the digests; the site's title stands in where nothing is said."""
    description: str | None = None
    """One sentence on the site."""
    language: str = "en"
    """Language of passages in Latin script, and of the pages' own words."""
    hour: int = 12
    """Hour of the day at which a digest counts as published."""
    timezone: str = "UTC"
    """Time zone of that hour."""
    feed_entries: int = 100
    """How many entries a feed that goes on holds at most."""
    tag_feed_entries: int = 2
    """How many entries a tag needs to have a page and feeds of its own."""
    tag_aliases: tuple[tuple[str, str], ...] = ()
    """Tags that are another one by another name: alias and tag, as spelled in the configuration."""
    hub: str | None = None
    """Address of a WebSub hub that is told of changed feeds."""


class DeclaredProfile(Struct, frozen=True, kw_only=True):
    """A profile that a configuration makes from a built-in one, with words of its own."""

    name: str
    """Its name."""
    like: str
    """Name of the built-in profile that reads it."""
    labels: tuple[tuple[str, LabelField], ...] = ()
    """Labels and column headers that the built-in profile does not know, and what they stand for."""
    skip: tuple[str, ...] = ()
    """Headings of sections that hold no papers, in any case of letters."""


class Rules(Struct, frozen=True, kw_only=True):
    """What the configuration says of how digests are read; by default everything is found by looking."""

    folders: tuple[tuple[str, str], ...] = ()
    """Folders, or files, below the digests folder and the names of their profiles; the longest counts."""
    dates: tuple[tuple[str, dt.date], ...] = ()
    """File names, their stems or issue numbers, and the days they stand for."""
    profiles: tuple[DeclaredProfile, ...] = ()
    """Profiles beside the built-in ones."""


BY_LOOKING = Rules()
"""Everything is found by looking."""
