"""Author lists taken apart: names kept as printed, organisations told from people, remarks left out."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from msgspec import Struct

from pipeline.model import Author
from pipeline.names import bare
from pipeline.parse._brackets import opening_of, outside
from pipeline.parse._groups import looks_like_group
from pipeline.parse._turned import turned_names

_MARK = re.compile(r"[()（）,，;；、:：]")
# No pattern below starts with an unbounded blank: a search would walk a run of blanks once a blank.
_MORE = re.compile(
    r"[(（]?\b(?:and\s)?(?:[0-9]{1,5}\s)?(?:additional|more|remaining|other)\sauthors?(?:\sare)?\s"
    r"(?:not\sshown|omitted)\b[)）]?"
    r"|\bet\.?\s?al\b\.?|\band\s(?:[0-9]{1,5}\s)?(?:others|more)\b|\.\.\.|…"
    r"|[(（]?\band\s(?:many\s)?other\s(?:authors|contributors)\b[)）]?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"[(（][^()（）]*\b(?:alphabetic\w*|sort\w*|equal\w*|contribut\w+|order\w*|corresponding|listed)\b"
    r"[^()（）]*[)）]"
    r"|\b(?:(?:listed|sorted)\s)?(?:in\s)?alphabetical(?:ly|\sorder)\b(?:\sby\s[a-z]{1,10}\sname)?"
    r"|\bsorted\sby\s[a-z]{1,10}\sname\b|\b(?:with\s)?equal\scontributions?\b",
    re.IGNORECASE,
)
# The legend of affiliation marks, as arXiv prints it: "A (1), B (2) ((1) Here, (2) There)".
_LEGEND = re.compile(r"[(（]\s?[(（\[]\s?1\s?[)）\]]")
# Marks of affiliation behind a name: "Ada Lovelace*", "Ada Lovelace1,2", "Ada Lovelace†", "... (1)".
_AFFILIATION = re.compile(
    r"(?<=[^\W\d_])(?:[ ]?[*†‡§¶∗⋆♠♣♦♥✉]+|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\^?\{?[0-9]{1,2}\}?(?:,[0-9]{1,2})*"
    r"|[ ]?[(（\[][0-9*†‡][0-9,*†‡ ]{0,11}[)）\]])$"
)
# Two names that a footnote digit has fused: "Ada Lovelace1Alan Turing".
_FUSED = re.compile(r"(?<=[^\W\d_A-Z])[0-9]{1,2}(?=[A-Z][^\W\d_]+\s)")
_AND = re.compile(r"\s(?:and|&)\s", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|Ph\.?D\.?|M\.?D\.?")
# Korean names between middle dots; in Japanese these part the words of a foreign name.
_DOTTED = re.compile(r"[\uac00-\ud7a3]{2,4}(?:\s?[·ㆍ‧]\s?[\uac00-\ud7a3]{2,4})+")
_DOT = re.compile(r"\s?[·ㆍ‧]\s?")
_PARTICLE = frozenset(
    "van von der den de del della di da dos du la le el al bin ibn ter ten zu af av".split()
    + "of at the for and & @".split()
)
# What a bracket behind a title says when it does not name authors; an address never stands in a list.
_NO_LIST = re.compile(r"https?://|www\.|[=<>]|\$", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:19|20)[0-9]{2}|et al|(?:extended )?(?:abstract|version|draft|survey|preprint|oral|spotlight|poster)"
    r"|(?:CVPR|ICCV|ECCV|NeurIPS|NIPS|ICML|ICLR|ACL|EMNLP|NAACL|AAAI|INTERSPEECH|ICASSP)(?:[ ']*[0-9]{2,4})?"
    r"|part [0-9ivx]+|v[0-9]+",
    re.IGNORECASE,
)
_HANGUL = re.compile("[\u3131-\u318e\uac00-\ud7a3]")
_LONGEST_NAME = 90


class AuthorList(Struct, frozen=True):
    """What an authors bracket says."""

    authors: tuple[Author, ...]
    """In the order printed."""
    more: bool
    """It says that further authors are not shown."""


def read_authors(text: str) -> AuthorList:
    """Return the authors of a list: names at top-level commas, each a person or an organisation.

    ``Org: A, B`` gives the organisation first. Marks of affiliation and remarks on the order are
    no names; that authors are left out is remembered.
    """
    more = bool(_MORE.search(text))
    names = list(_names(_without_remarks(text)))
    alone = len(names) == 1 and " " not in names[0][0] and not _HANGUL.search(names[0][0])
    return AuthorList(tuple(_author(name, group=group or alone) for name, group in names), more)


def split_names(text: str) -> list[str]:
    """Split a list of names at the commas outside brackets, and at ``and`` between names."""
    return [name for name, _ in _pieces(text)]


def split_title(text: str) -> tuple[str, str] | None:
    """Split ``Title (A, B)`` at the bracket that closes with the line, balanced from the right.

    Return the title and the inside of the bracket, or None where the line does not end in one.
    """
    start = opening_of(text)
    return None if start is None else (text[:start].strip(), text[start + 1 : -1].strip())


def says_more(text: str) -> bool:
    """Tell whether a text says no more than that authors are left out, or how they are sorted."""
    return not _without_remarks(text).strip(" ,.()（）")


# A profile asks of a line whether a page is its own, where a paper starts, and what its authors are.
@functools.lru_cache(maxsize=1_024)
def looks_like_authors(text: str) -> bool:
    """Tell whether the inside of a bracket can be a list of names rather than a remark."""
    bare = _without_remarks(text)
    if not bare or _NO_LIST.search(bare):
        return False
    names = [name for name in (name.strip() for name in split_names(bare)) if name]
    if not names or _NO_NAME.fullmatch(names[-1]):
        return False
    fitting = sum(_is_name(name, alone=len(names) == 1) for name in names)
    return fitting * 5 >= len(names) * 4


def _without_remarks(text: str) -> str:
    """Return a list without what is said of authors left out, of their order and of their affiliations."""
    legend = _LEGEND.search(text)
    text = _MORE.sub("", text[: legend.start()] if legend else text)
    return _REMARK.sub("", text)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Give the raw names of a list; the flag says that a colon behind it marks an organisation."""
    turned = turned_names(text)
    if turned:
        yield from ((name, False) for name in turned)
        return
    start = 0
    for found in outside(text, _MARK):
        part = text[start : found.start()]
        if found[0] in ":：":
            yield part.strip(), True
        else:
            yield from ((name, False) for name in _split_and(part))
        start = found.end()
    yield from ((name, False) for name in _split_and(text[start:]))


def _names(text: str) -> Iterator[tuple[str, bool]]:
    """Give the names of a list, cleaned, suffixes joined to the name before them."""
    before: tuple[str, bool] | None = None
    for raw, group in _pieces(text):
        name = _clean(raw)
        if before and _SUFFIX.fullmatch(name):
            before = (f"{before[0]} {name}", before[1])
        elif not name and group and before:
            before = (before[0], True)  # "Gemini Team, :, Rohan Anil", as arXiv prints it
        elif name and not name.isdigit():
            if before:
                yield before
            before = (name, group)
    if before:
        yield before


def _split_and(part: str) -> list[str]:
    stripped = part.strip()
    if stripped[:4].lower() == "and ":
        stripped = stripped[4:].strip()
    if _DOTTED.fullmatch(stripped):
        return _DOT.split(stripped)
    fused = _FUSED.split(stripped)
    pieces = [piece.strip() for name in fused for piece in _AND.split(name)]
    people = all(len(piece.split()) >= 2 and not looks_like_group(piece) for piece in pieces)
    return pieces if len(pieces) > 1 and people else [stripped]


def _clean(name: str) -> str:
    name = name.strip().strip("*_").strip()
    cut = name if " " not in name or looks_like_group(name) else _AFFILIATION.sub("", name)
    return cut.strip(" ,;")


def _author(name: str, *, group: bool) -> Author:
    # Where somebody works is no name: "Ada Lovelace (University of London)".
    return Author(name=name, kind="organisation" if group or looks_like_group(bare(name)) else "person")


def _is_name(name: str, *, alone: bool) -> bool:
    if _HANGUL.search(name):
        return len(name) <= (4 if " " not in name else 10) and not name.endswith(("다", "요", "음", "함"))
    words = name.split()
    if len(words) > 9 or len(name) > _LONGEST_NAME or _NO_NAME.fullmatch(name):
        return False
    group = looks_like_group(name)
    if alone and len(words) == 1:
        return group or (name[:1].isupper() and name[1:].isalpha())
    capital = [word for word in map(_without_particle, words) if word]
    upper = sum(1 for word in capital if not word.strip("([\"'‘“*").strip("0123456789")[:1].islower())
    return bool(capital) and upper * 2 > len(capital) and (group or not name[0].isdigit())


def _without_particle(word: str) -> str:
    """Return a word, of ``van-Dyke`` and ``d'Ascoli`` the family name, of a particle alone nothing."""
    first, hyphen, rest = word.partition("-")
    if word[:2] in {"d'", "d’", "l'", "l’"}:
        return word[2:]
    return (rest if hyphen else "") if first.lower() in _PARTICLE else word
