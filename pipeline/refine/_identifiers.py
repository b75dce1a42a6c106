"""arXiv identifiers and DOIs in addresses, whatever the host; never in running text.

Schemes: https://info.arxiv.org/help/arxiv_identifier.html (YYMM.NNNN until 2014-12, YYMM.NNNNN
since, before 2007-04 ``archive/YYMMNNN``), https://www.doi.org/doi-handbook/ (DOI names).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.model import Identifiers

_NEW = r"(?P<new>[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})"
_OLD = r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z]{2})?/(?P<number>[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3})"
_VERSION = r"(?:v[0-9]+)?"
_ARXIV = re.compile(rf"(?:{_NEW}|{_OLD}){_VERSION}(?![0-9])")
_ARXIV_PATH = re.compile(
    r"/(?:abs|pdf|html|format|ps|e-print|src|paper|papers|overview|resources)/+(?P<id>.+)"
)
_ARXIV_HOSTS = ("arxiv.org", "xxx.lanl.gov", "ar5iv.org", "alphaxiv.org", "arxiv-vanity.com")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<id>.+)", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"<>]+")
_DOI_HOSTS = ("doi.org", "dx.doi.org")
_DOI_IN_PATH = re.compile(r"/doi/(?:abs/|full/|pdf/|epdf/)?(?P<doi>10\.[^?#]+)")
_REDIRECTORS = (("l.facebook.com", "u"), ("www.google.com", "q"), ("www.google.com", "url"))


def identify(url: str) -> Identifiers:
    """Return the identifiers that an address names; an arXiv DOI is an arXiv identifier too."""
    parts = urlsplit(_target(url))
    host = (parts.hostname or "").lower().removeprefix("www.")
    path = unquote(parts.path).rstrip("/.,;")
    doi = _doi(host, path)
    arxiv = _ARXIV_DOI.fullmatch(doi) if doi else None
    if arxiv:
        return Identifiers(arxiv=_arxiv_id(arxiv["id"]), doi=doi)
    return Identifiers(arxiv=_arxiv(host, path), doi=doi)


def is_host(host: str, known: str) -> bool:
    """Tell whether a host is a known one or lies below it: mirrors, ``export.``, languages."""
    return host == known or host.endswith("." + known)


def _target(url: str) -> str:
    parts = urlsplit(url)
    for host, parameter in _REDIRECTORS:
        if (parts.hostname or "").lower() == host:
            return parse_qs(parts.query).get(parameter, [url])[0]
    return url


def _arxiv(host: str, path: str) -> str | None:
    mirror = host.endswith(".arxiv.org") or any(is_host(host, known) for known in _ARXIV_HOSTS)
    if not mirror and not (is_host(host, "huggingface.co") and path.startswith("/papers/")):
        return None
    found = _ARXIV_PATH.match(path)
    return _arxiv_id(found["id"]) if found else None


def _arxiv_id(text: str) -> str | None:
    found = _ARXIV.match(text)
    if not found:
        return None
    if found["new"]:
        digits = 5 if int(text[:4]) >= 1501 and int(text[:2]) < 91 else 4
        return found["new"] if len(found["new"]) == 5 + digits else None
    return f"{found['archive']}/{found['number']}"


def _doi(host: str, path: str) -> str | None:
    if any(is_host(host, known) for known in _DOI_HOSTS):
        found = _DOI.fullmatch(path.lstrip("/"))
        return found[0].lower() if found else None
    inside = _DOI_IN_PATH.match(path)
    return inside["doi"].lower() if inside and _DOI.fullmatch(inside["doi"]) else None
