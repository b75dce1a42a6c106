"""arXiv identifiers and DOIs in addresses, whatever the host; never in running text.

Schemes: https://info.arxiv.org/help/arxiv_identifier.html (YYMM.NNNN until 2014-12, YYMM.NNNNN
since, before 2007-04 ``archive/YYMMNNN``), https://www.doi.org/doi-handbook/ (DOI names).
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pipeline.model import Identifiers

_MONTH = "(?:0[1-9]|1[0-2])"
_NEW = rf"(?P<new>[0-9]{{2}}{_MONTH}\.[0-9]{{4,5}})"
_OLD = rf"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z]{{2}})?/(?P<number>[0-9]{{2}}{_MONTH}[0-9]{{3}})"
# What runs on behind the number is another number: nothing is read out of it.
_ARXIV = re.compile(rf"(?:arxiv:)?(?:{_NEW}|{_OLD})(?:v[0-9]+)?(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)
_ARXIV_PATH = re.compile(
    r"/+(?:abs|pdf|html|format|ps|e-print|src|paper|papers|overview|resources)/+(?P<id>.+)"
)
_ARXIV_HOSTS = (
    "arxiv.org",
    "xxx.lanl.gov",
    "xxx.itp.ac.cn",
    "ar5iv.org",
    "alphaxiv.org",
    "arxiv-vanity.com",
)
_HUGGING_HOSTS = ("huggingface.co", "hf.co")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<id>.+)", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"]+")
_DOI_HOSTS = ("doi.org",)
_DOI_IN_PATH = re.compile(r"/+doi/(?:(?:abs|full|fullHtml|pdf|epdf|book|proceedings)/+)?(?P<doi>10\..+)")
# Older pages of publishers name the view behind the DOI.
_VIEW = re.compile(r"/(?:abstract|full|pdf|epdf|summary)$")
_REDIRECTORS = re.compile(r"(?:lm?\.facebook\.com/l\.php|google\.[a-z.]{2,6}/url)")


def identify(url: str) -> Identifiers:
    """Return the identifiers that an address names; an arXiv DOI is an arXiv identifier too."""
    parts = _target(url)
    host = _host(parts)
    path = unquote(parts.path).rstrip("/.,;")
    doi = _doi(host, path)
    minted = _ARXIV_DOI.fullmatch(doi) if doi else None
    arxiv = _arxiv_id(minted["id"]) if minted else _arxiv(host, path)
    if minted and arxiv:
        doi = f"10.48550/arxiv.{arxiv}"
    return Identifiers(arxiv=arxiv, doi=doi)


def is_host(host: str, known: str) -> bool:
    """Tell whether a host is a known one or lies below it: mirrors, ``export.``, languages."""
    return host == known or host.endswith("." + known)


def _target(url: str) -> SplitResult:
    """Return the parts of the address that a redirector leads to, or of the address itself."""
    parts = urlsplit(url)
    if not _REDIRECTORS.fullmatch(_host(parts) + parts.path):
        return parts
    query = parse_qs(parts.query)
    target = next((query[name][0] for name in ("u", "q", "url") if name in query), url)
    try:
        return urlsplit(target)
    except ValueError:  # whoever made the redirection may have put anything there
        return parts


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").removeprefix("www.")


def _arxiv(host: str, path: str) -> str | None:
    hugging = any(is_host(host, known) for known in _HUGGING_HOSTS) and path.startswith("/papers/")
    if not hugging and not any(is_host(host, known) for known in _ARXIV_HOSTS):
        return None
    found = _ARXIV_PATH.match(path)
    return _arxiv_id(found["id"]) if found else None


def _arxiv_id(text: str) -> str | None:
    """Return the identifier that a text begins with, if its digits are as many as its month had."""
    found = _ARXIV.match(text)
    if not found:
        return None
    if found["new"]:
        month, _, number = found["new"].partition(".")
        return found["new"] if "0704" <= month < "91" and len(number) == 4 + (month >= "1501") else None
    month = found["number"][:4]
    known = month >= "9107" or month <= "0703"
    return f"{found['archive'].lower()}/{found['number']}" if known else None


def _doi(host: str, path: str) -> str | None:
    if any(is_host(host, known) for known in _DOI_HOSTS):
        name = path.lstrip("/")
    else:
        inside = _DOI_IN_PATH.match(path)
        name = _VIEW.sub("", inside["doi"]) if inside else ""
    return name.lower() if _DOI.fullmatch(name) else None
