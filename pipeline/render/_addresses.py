"""Where things are once published: folders below the site, and the addresses made from them."""

from __future__ import annotations

from pipeline.model import Earlier, Entry, Link, Site
from pipeline.paths import day_folder


def page_url(site: Site, entry: Entry | Earlier) -> str:
    """Return the address of an entry on its day's page."""
    return f"{site.base_url}{day_folder(entry.date)}#{entry.anchor}"


def paper_link(entry: Entry) -> Link | None:
    """Return the paper's own link: what stands in its header, else a paper on a line of its own.

    A link to code or to a project page in the header is what the entry is about, if there is no
    paper there.
    """
    slots = [link for link in entry.links if link.slot != "text"]
    papers = [link for link in slots if link.kind == "paper"]
    headers = [link for link in slots if link.slot == "header"]
    return next(iter((*papers, *headers)), None)


def further_links(entry: Entry) -> tuple[Link, ...]:
    """Return the links of slots beside the paper's own: code, project, further papers."""
    own = paper_link(entry)
    return tuple(link for link in entry.links if link != own and link.kind != "mention")


def display_title(entry: Entry) -> str:
    """Return the title, or what names an entry that has none: its identifier, its link, its day."""
    if entry.title:
        return entry.title
    if entry.identifiers.arxiv:
        return f"arXiv:{entry.identifiers.arxiv}"
    own = paper_link(entry) or next(iter(entry.links), None)
    if own:
        return own.url.partition("://")[2].removeprefix("www.").rstrip("/")
    return f"Note of {entry.date.isoformat()}"


def author_line(entry: Entry) -> str:
    """Return all names joined by commas, and that further authors are not shown."""
    names = ", ".join(author.name for author in entry.authors)
    return f"{names}, et al." if names and entry.more_authors else names
