"""Markup of unknown origin -> an element tree that can do nothing: no entities, no network, no limits lifted.

libxml2 stops without a word at nesting of 256 elements or at one text of 10 MB and gives what it has
read so far; here that is an error.
"""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml import etree
from msgspec import Struct

from pipeline.errors import SourceError
from pipeline.parse._lines import read_lines

_BLANKS = re.compile(r"[\t\n\r]")
_ESCAPED = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
# What `pipeline.parse._inline` takes for the target of a link: brackets in pairs, one deep.
_PAIRED = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")
# A tag as a browser sees it. libxml2 takes quadratic time over the attributes of one tag, so their
# number is bounded by that of the marks between them, values in quotes left out.
_TAG = re.compile(r"<[A-Za-z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")
_DECLARATION = re.compile(r"\A(\s*)<\?xml\b[^>]*>")
_QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(r"[\s/=]+")
_MOST_ATTRIBUTES = 5_000


class Attributes(Struct, frozen=True, rename={"tex": "persistentExpression", "video": "videoId"}):
    """What ``data-attrs`` of a Substack element says, as far as it is used."""

    url: str | None = None
    canonical_url: str | None = None
    tex: str | None = None
    video: str | None = None
    name: str | None = None


def parse_html(text: str, file: str) -> etree._Element | None:
    """Return the root of an HTML page or fragment, None where it has no element.

    Raise SourceError where the parser gave up before the end.
    """
    if any(_overloaded(tag[0]) for tag in _TAG.finditer(text)):
        raise SourceError("a tag has too many attributes", subject=file)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(_clean(text).encode(), parser)
    except etree.XMLSyntaxError:
        root = None  # nothing but blanks
    _refuse_cut(parser, file)
    return root if isinstance(root, etree._Element) else None  # noqa: SLF001 - the only name lxml has for it


def parse_xml(text: str, file: str) -> etree._Element:
    """Return the root of an XML document; what its DOCTYPE declares is never expanded.

    Raise SourceError, with the line, where it is not well-formed.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        # The text is decoded already; and without its declaration XML may begin with blank lines.
        return etree.fromstring(_DECLARATION.sub(r"\1", _clean(text)).encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise SourceError("the XML is broken", subject=file, code="broken-feed", line=line) from error


def classes(element: etree._Element) -> tuple[str, ...]:
    """Return the classes of an element in the order written."""
    value = element.get("class")
    return tuple(value.split()) if value else ()


def text_of(element: etree._Element) -> str:
    """Return all text inside an element; an entity of the document's own stays unresolved."""
    return "".join(str(text) for text in element.itertext())


def line_of(element: etree._Element) -> int:
    """Return the line of an element, 0 where libxml2 did not keep it."""
    return cast("int | None", element.sourceline) or 0


def attributes(element: etree._Element) -> Attributes:
    """Return what ``data-attrs`` says; nothing where it is absent or no JSON object."""
    value = element.get("data-attrs")
    if not value:
        return Attributes()
    try:
        return msgspec.json.decode(value, type=Attributes)
    except (msgspec.MsgspecError, RecursionError):
        return Attributes()


def link_address(href: str | None, base: str | None) -> str | None:
    """Return the web address that a link leads to, fit for ``[label](address)``; None for any other."""
    if not href or href.lstrip().startswith("#"):
        return None
    try:
        url = urljoin(base or "", _BLANKS.sub("", href.strip()))
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https", "ftp"} or not parts.netloc:
        return None
    url = _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return url if _PAIRED.fullmatch(url) else url.replace("(", "%28").replace(")", "%29")


def _overloaded(tag: str) -> bool:
    if len(tag) < 2 * _MOST_ATTRIBUTES:
        return False
    return sum(1 for _ in _BETWEEN.finditer(_QUOTED.sub("", tag))) > 2 * _MOST_ATTRIBUTES


def _clean(text: str) -> str:
    """Drop what XML forbids; NUL would end the page for libxml2. Lines and what they hold stay."""
    lines, _ = read_lines(text, "")
    return "\n".join(" " * line.indent + line.text for line in lines)


def _refuse_cut(parser: etree.HTMLParser, file: str) -> None:
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            message = "the HTML is nested too deeply, or one text in it is too long"
            raise SourceError(message, subject=file, line=entry.line)
