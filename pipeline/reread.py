"""Read every new file again before it replaces the old one, with another reader than made it.

What is looked for is the whole file spoilt, by a fault of ours or of a library: XML that no reader
opens, half a page, a bibliography whose braces end elsewhere. Whether each field says what it should
is what the tests are for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from pipeline.artefact import Artefact, Piece
from pipeline.errors import RenderError

_BRACE = re.compile(rb"\\.|[{}]|^@", re.DOTALL | re.MULTILINE)
# What a day needs around it to be read alone.
_FRAMES = {"json": b"[%b]", "html": b"<title>x</title><body><main>%b</main></body>"}
_DEPTH = {b"{": 1, b"}": -1}


def reread(artefact: Artefact) -> None:
    """Raise RenderError, naming the file, where its format cannot be read out of its bytes.

    Of a file that grows day by day each new day is read, and what stands around all of them: a file of
    many years needs no more memory than its longest day, and what is kept was read when it was published.
    """
    ending = artefact.path.rpartition(".")[2]
    reader = _READERS.get(ending)
    if reader is None:
        return
    try:
        if artefact.layout is None:
            reader(artefact.content)
        else:
            for part in _parts(artefact.pieces, _FRAMES.get(ending, b"%b")):
                reader(part)
    except (ValueError, SyntaxError) as error:  # lxml's and msgspec's own are children of these
        raise RenderError("does not read back", subject=artefact.path) from error


def _parts(pieces: tuple[Piece, ...], frame: bytes) -> Iterator[bytes]:
    """Give opening and closing as one, then the new days, each in its frame."""
    opening, *days, closing = pieces
    yield b"".join(end for end in (opening, closing) if isinstance(end, bytes))
    for day in days:
        if isinstance(day, bytes) and day.strip(b",\n"):
            yield frame % day


def _read_xml(content: bytes) -> None:
    # lxml costs as much to import as a run that changes nothing.
    from lxml import etree

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    if root.tag.rpartition("}")[2] not in {"feed", "rss"}:
        raise ValueError(f"its root is {root.tag}")


def _read_html(content: bytes) -> None:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    root = etree.fromstring(content, parser)
    # libxml2 knows the elements of HTML 4 only; what it says beside that is a fault.
    faults = [entry for entry in parser.error_log if entry.type != etree.ErrorTypes.HTML_UNKNOWN_TAG]
    if faults:
        raise ValueError(f"line {faults[0].line}: {faults[0].message}")
    if root is None or not root.findtext("head/title") or root.find("body/main") is None:
        raise ValueError("it has no title or no main part")


def _read_json(content: bytes) -> None:
    msgspec.json.decode(content)


def _read_bib(content: bytes) -> None:
    """Follow the braces as BibTeX does not but our files allow: escaped ones count for nothing."""
    content.decode("utf-8")
    depth = 0
    for mark in _BRACE.findall(content):
        if mark == b"@" and depth:
            raise ValueError("an entry begins inside another")
        depth += _DEPTH.get(mark, 0)
        if depth < 0:
            break
    if depth:
        raise ValueError("its braces do not match")


_READERS: dict[str, Callable[[bytes], None]] = {
    "xml": _read_xml,
    "html": _read_html,
    "json": _read_json,
    "bib": _read_bib,
}
