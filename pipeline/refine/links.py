"""Say what stands behind each link, find the mentions in running text, and name the paper.

Identifiers come from link slots only. An address in an abstract or a comment is a mention: it may
well be another paper's.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import structs

from pipeline.model import Digest, Entry, Identifiers, Link, LinkKind, Problem, Site
from pipeline.problems import problem
from pipeline.refine._identifiers import identify, is_host
from pipeline.urls import find_addresses, is_safe, trimmed

_PAPER_HOSTS = (
    "arxiv.org",
    "openreview.net",
    "aclanthology.org",
    "aclweb.org",
    "proceedings.mlr.press",
    "papers.nips.cc",
    "papers.neurips.cc",
    "proceedings.neurips.cc",
    "openaccess.thecvf.com",
    "doi.org",
    "dl.acm.org",
    "ieeexplore.ieee.org",
    "link.springer.com",
    "nature.com",
    "science.org",
    "biorxiv.org",
    "medrxiv.org",
    "ssrn.com",
    "jmlr.org",
    "semanticscholar.org",
    "alphaxiv.org",
    "ar5iv.org",
    "hal.science",
)
# Messages are mailed, logged and published: the user name and password of an address stay out of them.
_WHO = re.compile(r"^([^/?#@]*:?//|[a-z]+:)?[^/?#]*@")
_CODE_HOSTS = (
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "colab.research.google.com",
    "kaggle.com",
    "modelscope.cn",
)


def refine(digest: Digest, site: Site) -> Digest:  # noqa: ARG001 - all passes have one signature
    """Classify the links of every entry, add its mentions, and fill its identifiers."""
    entries = tuple(structs.replace(entry, links=_cleaned(entry.links)) for entry in digest.entries)
    problems = tuple(
        _unsafe(entry, link) for entry in entries for link in entry.links if not is_safe(link.url)
    )
    return structs.replace(digest, entries=tuple(map(_refined, entries)), problems=digest.problems + problems)


def _cleaned(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Give every address its scheme, take off what trails it, and keep each once, where it came first."""
    once: dict[str, Link] = {}
    for link in links:
        url = trimmed(_with_scheme(link.url)) or link.url
        once.setdefault(url, structs.replace(link, url=url))
    return tuple(once.values())


def _refined(entry: Entry) -> Entry:
    slots = tuple(structs.replace(link, kind=_kind(link)) for link in entry.links if is_safe(link.url))
    known = {link.url for link in slots}
    mentions = tuple(link for link in _mentions(entry) if link.url not in known)
    return structs.replace(entry, links=slots + mentions, identifiers=_identifiers(slots))


def _identifiers(links: tuple[Link, ...]) -> Identifiers:
    """Take the identifiers of one paper: from header lines if these name one, else from other lines.

    A DOI joins an arXiv identifier only from the same kind of slot, and never another paper's.
    """
    for slot in ("header", "line"):
        found = [identify(link.url) for link in links if link.slot == slot]
        arxiv = next((ids.arxiv for ids in found if ids.arxiv), None)
        doi = next((ids.doi for ids in found if ids.doi and ids.arxiv in {None, arxiv}), None)
        if arxiv or doi:
            return Identifiers(arxiv=arxiv, doi=doi)
    return Identifiers()


def _with_scheme(url: str) -> str:
    if "://" not in url and not url.startswith("//") and "." in url.partition("/")[0]:
        return "https://" + url
    return url


def _kind(link: Link) -> LinkKind:
    if link.slot == "text":
        return "mention"
    parts = urlsplit(link.url)
    host = (parts.hostname or "").rstrip(".")
    if any(is_host(host, known) for known in _CODE_HOSTS):
        return "code"
    ids = identify(link.url)
    if ids.arxiv or ids.doi or any(is_host(host, known) for known in _PAPER_HOSTS):
        return "paper"
    # What an author puts above the title is what the entry is about, wherever it lies.
    return "paper" if link.slot == "header" else "project"


def _mentions(entry: Entry) -> tuple[Link, ...]:
    passages = [(passage.text, passage.first) for passage in entry.commentary]
    lines = [span.first for span in entry.spans if span.field == "abstract"]
    if entry.abstract:
        passages.insert(0, (entry.abstract, lines[0] if lines else entry.first_line))
    found: dict[str, Link] = {}
    for text, line in passages:
        for address in find_addresses(text):
            found.setdefault(address.url, Link(url=address.url, kind="mention", slot="text", line=line))
    return tuple(found.values())


def _unsafe(entry: Entry, link: Link) -> Problem:
    return problem("unsafe-link", entry.file, link.line, url=_WHO.sub(r"\1...@", link.url)[:100])
