"""``digest-pipeline.toml`` -> a frozen `Config`, read strictly: what it does not know is an error."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from pipeline.errors import ConfigError
from pipeline.model import DeclaredProfile, LabelField, Rules, Site

FILE = "digest-pipeline.toml"
PLACEHOLDER = Site().base_url


class Paths(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[paths]``: digests, site and ledger, relative to the file."""

    digests: str = "digests"
    out: str = "out"
    ledger: str | None = None


class SiteTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[site]``; every key is a field of `pipeline.model.Site`."""

    title: str | None = None
    base_url: str | None = None
    authority: str | None = None
    author: str | None = None
    description: str | None = None
    language: str | None = None
    hour: int | None = None
    timezone: str | None = None
    feed_entries: int | None = None
    tag_feed_entries: int | None = None


class Tags(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[tags]``: ``aliases`` maps a tag to the one that it is another name of."""

    aliases: dict[str, str] = field(default_factory=dict)


class WebSub(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[websub]``: the hub that is told of changed feeds."""

    hub: str | None = None


class Health(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[health]``: the health check that is told of each run."""

    ping: str | None = None


class ProfileTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table ``[reading.profiles.NAME]``: a profile of one's own."""

    like: str
    labels: dict[str, LabelField] = {}
    skip: tuple[str, ...] = ()


class Reading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[reading]``: how digests are read where looking is not enough."""

    folders: dict[str, str] = {}
    dates: dict[str, dt.date] = {}
    profiles: dict[str, ProfileTable] = {}


class Writing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[writing]``: what ``new`` begins a day with."""

    profile: str = "flat"


class File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    site: SiteTable = field(default_factory=SiteTable)
    tags: Tags = field(default_factory=Tags)
    websub: WebSub = field(default_factory=WebSub)
    health: Health = field(default_factory=Health)
    paths: Paths = field(default_factory=Paths)
    reading: Reading = field(default_factory=Reading)
    writing: Writing = field(default_factory=Writing)


class Config(Struct, frozen=True, kw_only=True):
    """What a run needs to know."""

    site: Site
    digests: Path
    """Folder of digests."""
    out: Path
    """Folder to publish to."""
    rules: Rules = Rules()
    """How digests are read."""
    ledger: Path | None = None
    """The ledger, where it does not lie in the digests folder."""
    profile: str = "flat"
    """The profile in which ``new`` begins a day."""
    ping: str | None = None
    """Address of a health check that is told of each run."""
    path: Path | None = None
    """The file that said so; none where nothing is configured."""


def load(path: Path | None, base: Path) -> Config:
    """Return the configuration of a file, or the built-in one where ``path`` is None.

    Folders that it names lie relative to the file, else to ``base``. Raise ConfigError, naming file
    and key, for anything unknown, misspelt, of the wrong type or out of range.
    """
    if path is None:
        return Config(site=Site(), digests=base / "digests", out=base / "out")
    file = _decode(path)
    given = {name: value for name, value in msgspec.structs.asdict(file.site).items() if value is not None}
    aliases = tuple(file.tags.aliases.items())
    made = msgspec.structs.replace(Site(), **given, tag_aliases=aliases, hub=file.websub.hub)
    site = check(made, str(path))
    ping = file.health.ping
    if ping is not None and not _is_of_the_web(ping):
        raise ConfigError(f"ping {ping!r} is no http or https address", subject=str(path))
    return Config(
        site=site,
        digests=path.parent / file.paths.digests,
        out=path.parent / file.paths.out,
        rules=_rules(file.reading),
        ledger=path.parent / file.paths.ledger if file.paths.ledger else None,
        profile=file.writing.profile,
        ping=ping,
        path=path,
    )


def check(site: Site, subject: str) -> Site:
    """Return the site with its base URL ending in a slash.

    Raise ConfigError where a value cannot be meant: an address that is none, an authority that RFC
    4151 does not allow, a title that shows nothing or is no line, an hour outside the day, an unknown
    time zone.
    """
    url = urlsplit(site.base_url)
    if not _is_of_the_web(site.base_url) or url.query or url.fragment:
        raise ConfigError(f"base_url {site.base_url!r} is no http or https address", subject=subject)
    if not _AUTHORITY.fullmatch(site.authority):
        hint = 'a host and the year in which it was yours: "example.org,2026"'
        raise ConfigError(f"authority {site.authority!r} is not of RFC 4151", subject=subject, hint=hint)
    if not site.title.strip() or _CONTROL.search(site.title):
        raise ConfigError(f"title {site.title!r} is empty or holds control characters", subject=subject)
    if not 0 <= site.hour <= 23:
        raise ConfigError(f"hour {site.hour} is not between 0 and 23", subject=subject)
    if not _is_zone(site.timezone):
        raise ConfigError(f"timezone {site.timezone!r} is not known", subject=subject)
    if site.feed_entries < 1:
        raise ConfigError(f"feed_entries {site.feed_entries} is less than 1", subject=subject)
    if site.tag_feed_entries < 1:
        raise ConfigError(f"tag_feed_entries {site.tag_feed_entries} is less than 1", subject=subject)
    if site.hub is not None and not _is_of_the_web(site.hub):
        raise ConfigError(f"hub {site.hub!r} is no http or https address", subject=subject)
    return msgspec.structs.replace(site, base_url=site.base_url.rstrip("/") + "/")


# Nothing of these can stand in XML, or in one line of text.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def _is_zone(name: str) -> bool:
    """Tell whether a time zone is known; of no name dateutil would say that it is that of the machine."""
    # dateutil costs a tenth of a run that changes nothing to import, and UTC is what most sites have.
    if name == "UTC":
        return True
    from dateutil import tz

    return bool(name) and tz.gettz(name) is not None


def _is_of_the_web(address: str) -> bool:
    """Tell whether an address is one of http or https, with a host and without a user name."""
    url = urlsplit(address)
    blank = any(character.isspace() for character in address)
    return url.scheme in {"http", "https"} and bool(url.hostname) and "@" not in url.netloc and not blank


# RFC 4151, section 2.1: a host or mail address in lower case, and a date of year, month or day.
_AUTHORITY = re.compile(r"(?:[a-z0-9._-]+@)?[a-z0-9][a-z0-9.-]*,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


def authority_of(base_url: str, year: int) -> str:
    """Return the authority that ``init`` writes once: the site's host and the year."""
    return f"{(urlsplit(base_url).hostname or 'digests.invalid').lower()},{year}"


def template(base_url: str, title: str, authority: str) -> str:
    """Return a commented configuration file with the given values."""
    return f"""\
# What digest-pipeline knows of this site. Folders are relative to this file.

[site]
title = {_quoted(title)}
# The published address of out/. Changing it later changes no id: readers notice nothing.
base_url = {_quoted(base_url)}
# Stands in every entry's permanent id (RFC 4151). Never change it once something is published.
authority = {_quoted(authority)}
# Who writes the digests, as feeds show it.
# author = "Ada Lovelace"
# description = "Papers read every day, with comments."
# Language of your passages in Latin script; other scripts are recognised.
language = "en"
# A digest counts as published at this hour of its day.
hour = 12
timezone = "UTC"
# How many entries a feed that goes on holds at most: the site's, a tag's, a language's.
feed_entries = 100
# How many entries a tag needs to have a page and feeds of its own. One is often a slip of the pen.
tag_feed_entries = 2

# Tags that are another one by another name. Case, blanks, - and _ make no difference anyway.
[tags.aliases]
# llms = "llm"

[websub]
# A hub that is told of changed feeds (https://www.w3.org/TR/websub/), so that readers hear at once.
# hub = "https://hub.example.org/"

[health]
# A health check that is told when a run begins, ends well or fails, and raises the alarm when none comes.
# ping = "https://hc-ping.com/your-uuid"

[paths]
digests = "digests"
out = "out"
# What was published and must not change though a digest did; keep it under version control.
# ledger = "digests/ledger.toml"

# How digests are read is found by looking. Where that is not enough:
# [reading.folders]
# "weekly" = "table"                  # a folder or file, and its profile
# "zine" = "my-zine"
# [reading.dates]
# "issue-12" = 2024-02-07             # a file name, its stem or an issue number, and its day
# [reading.profiles.my-zine]          # a profile of your own, made from a built-in one
# like = "labelled"
# labels = {{ "Was" = "title", "Wer" = "authors", "Wo" = "paper" }}
# skip = ["Jobs"]                     # sections that hold no papers

[writing]
# The shape in which digest-pipeline new begins a day: flat, headings or note.
profile = "flat"
"""


def _rules(reading: Reading) -> Rules:
    profiles = (
        DeclaredProfile(name=name, like=table.like, labels=tuple(table.labels.items()), skip=table.skip)
        for name, table in reading.profiles.items()
    )
    return Rules(
        folders=tuple(reading.folders.items()),
        dates=tuple(reading.dates.items()),
        profiles=tuple(profiles),
    )


def _quoted(text: str) -> str:
    """Return a TOML basic string; its escapes are a superset of JSON's."""
    return msgspec.json.encode(text).decode()


def _decode(path: Path) -> File:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=File)
    except OSError as error:
        raise ConfigError("cannot be read", subject=str(path)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigError(f"{error}{_suggestion(str(error))}", subject=str(path)) from error


def _suggestion(message: str) -> str:
    """Return the known key that an unknown one resembles."""
    import difflib

    found = re.search(r"unknown field `([^`]*)`", message)
    known = [
        *SiteTable.__struct_fields__,
        *Paths.__struct_fields__,
        *Tags.__struct_fields__,
        *WebSub.__struct_fields__,
        *Health.__struct_fields__,
        *Writing.__struct_fields__,
        *File.__struct_fields__,
    ]
    close = difflib.get_close_matches(found[1], known, n=1) if found else []
    return f"; did you mean {close[0]!r}?" if close else ""
