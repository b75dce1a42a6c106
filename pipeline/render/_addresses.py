"""Where things are once published: folders below the site, and the addresses made from them."""

from __future__ import annotations

import re
from itertools import zip_longest
from urllib.parse import quote, urlsplit

from pipeline.model import Earlier, Entry, Link, Site
from pipeline.paths import day_folder, tag_folder
from pipeline.urls import is_safe

# RFC 3986, section 2; brackets only where they hold an address of the host.
_URI = re.compile(
    r"https?://(?:\[[0-9A-Fa-f:.]+\])?(?:[0-9A-Za-z;/?:@&=+$.\-_!~*'(),#]|%[0-9A-Fa-f]{2})*", re.IGNORECASE
)
_RESERVED = ";/?:@&=+$,!~*'()"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def page_url(site: Site, entry: Entry | Earlier) -> str:
    """Return the address of an entry on its day's page."""
    return f"{site.base_url}{day_folder(entry.date)}#{entry.anchor}"


def as_uri(url: str) -> str:
    """Return an address in ASCII, as feeds need it (RFC 3987, section 3.1); one that is stays as it is."""
    if _URI.fullmatch(url):
        return url
    parts = urlsplit(_STRAY_PERCENT.sub("%25", url))
    path, query, fragment = (
        quote(part, safe=_RESERVED + "%", errors="replace")
        for part in (parts.path, parts.query, parts.fragment)
    )
    host = parts.netloc if parts.netloc.isascii() else _ascii_host(parts.netloc)
    tail = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"{parts.scheme}://{host}{path}{tail}"


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host, safe=":", errors="replace")


def paper_link(entry: Entry) -> Link | None:
    """Return the paper's own link: what stands in its header, else a paper on a line of its own.

    A link to code or to a project page in the header is what the entry is about, if there is no
    paper there.
    """
    slots = [link for link in entry.links if link.slot != "text" and is_safe(link.url)]
    papers = [link for link in slots if link.kind == "paper"]
    headers = [link for link in slots if link.slot == "header"]
    return next(iter((*papers, *headers)), None)


def further_links(entry: Entry) -> tuple[Link, ...]:
    """Return the links of slots beside the paper's own: code, project, further papers."""
    own = paper_link(entry)
    others = (link for link in entry.links if link != own and link.kind != "mention")
    return tuple(link for link in others if is_safe(link.url))


def tag_links(site: Site, entry: Entry) -> tuple[tuple[str, str | None], ...]:
    """Return the tags as spelled, each with the address of its page, where it has one."""
    pairs = zip_longest(entry.tags, entry.folded_tags, fillvalue="")
    return tuple(
        (tag, site.base_url + tag_folder(folded) if folded in entry.topics else None) for tag, folded in pairs
    )


def display_title(entry: Entry) -> str:
    """Return the title, or what names an entry that has none: its identifier, its link, its day."""
    if entry.title:
        return entry.title
    if entry.identifiers.arxiv:
        return f"arXiv:{entry.identifiers.arxiv}"
    named = paper_link(entry) or next(iter(further_links(entry)), None)
    if named:
        return named.url.partition("://")[2].removeprefix("www.").rstrip("/")
    return f"Note of {entry.date.isoformat()}"


def author_line(entry: Entry) -> str:
    """Return all names joined by commas, and that further authors are not shown."""
    names = ", ".join(author.name for author in entry.authors)
    return f"{names}, et al." if names and entry.more_authors else names
