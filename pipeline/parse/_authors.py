"""Title lines and author lists: ``Title (A, B, C)`` taken apart from the right, names kept as printed."""

from __future__ import annotations

import re

from msgspec import Struct

from pipeline.model import Author

_BRACKETS = re.compile(r"[()（）]")
_CLOSERS = ")）"
_MORE = re.compile(
    r"[(（]?\s*\b(?:additional|more|remaining|other)\s+authors?\s+(?:are\s+)?(?:not\s+shown|omitted)\s*[)）]?"
    r"|(?:,|，)?\s*\b(?:et\.?\s*al\.?|and\s+others)\s*$"
    r"|[(（]?\s*\band\s+(?:many\s+)?other\s+(?:authors|contributors)\s*[)）]?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"[(（][^()（）]*\b(?:alphabetical|equal|contribut\w+|order\w*|corresponding)\b[^()（）]*[)）]|"
    r"\b(?:in\s+alphabetical\s+order|equal\s+contribution)\b",
    re.IGNORECASE,
)
# Marks of affiliation behind a name: "Ada Lovelace*", "Ada Lovelace1,2", "Ada Lovelace†".
_AFFILIATION = re.compile(
    r"(?<=[^\W\d_])(?:[ ]?[*†‡§¶∗⋆♠♣♦♥✉]+|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\^?\{?[0-9]{1,2}\}?(?:,[0-9]{1,2})*)$"
)
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,，;；、]")
# Words that stand in the name of a group only, firms that begin one, and the spellings of an acronym.
_GROUP_WORD = re.compile(
    r"\b(?:team|group|labs?|laborator\w+|research|collaboration|consortium|project|community|institute|"
    r"university|foundation|inc|llc|ltd|corp(?:oration)?|company|contributors|initiative|cent(?:er|re)|"
    r"department|technologies|alliance|association|organi[sz]ation|committee)\b|@",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"(?:google|openai|anthropic|microsoft|meta|nvidia|apple|amazon|ibm|baidu|tencent|alibaba|bytedance|"
    r"huawei|samsung|naver|kakao|cohere|mistral|eleutherai|bigscience|bigcode|laion|adobe|salesforce|"
    r"facebook|deepseek|deepmind|qwen|databricks|snowflake|xai)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\bAI\b|[a-z0-9.-]AI$|^[A-Z][A-Z0-9]{2,}(?:[-.][A-Za-z0-9]+)*$")
_PARTICLE = frozenset(
    "van von der den de del della di da dos du la le el al bin ibn ter ten zu af av".split()
)
_SENTENCE = re.compile(r"[.!?。]\s+[^\W\d_]{3,}\s|[:;]\s.*\s|https?://|[=<>{}\\]")
_HANGUL = re.compile("[\uac00-\ud7a3]")


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
    text = _REMARK.sub("", _MORE.sub("", text)) if more or "(" in text or " order" in text else text
    parts = (piece for part in split_names(text) for piece in part.split(":"))
    names = (name for name in (_clean(part) for part in parts) if name)
    return AuthorList(tuple(_author(name) for name in names), more)


def split_names(text: str) -> list[str]:
    """Split a list of names at the commas outside brackets, and at ``and`` between names."""
    parts: list[str] = []
    depth = start = 0
    for found in re.finditer(r"[()（）,，;；、]", text):
        if found[0] in "(（":
            depth += 1
        elif found[0] in _CLOSERS:
            depth = max(depth - 1, 0)
        elif depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
    parts.append(text[start:])
    return [name for part in parts for name in _split_and(part)]


def split_title(text: str) -> tuple[str, str] | None:
    """Split ``Title (A, B)`` at the bracket that closes with the line, balanced from the right.

    Return the title and the inside of the bracket, or None where the line does not end in one.
    """
    if not text or text[-1] not in _CLOSERS:
        return None
    depth = 0
    for found in reversed(list(_BRACKETS.finditer(text))):
        depth += 1 if found[0] in _CLOSERS else -1
        if depth == 0:
            return text[: found.start()].strip(), text[found.end() : -1].strip()
    return None


def looks_like_authors(text: str) -> bool:
    """Tell whether the inside of a bracket can be a list of names rather than a remark."""
    if not text or len(text) > 20_000 or _SENTENCE.search(text[:2_000]):
        return False
    names = [name.strip() for name in split_names(text)]
    names = [name for name in names if name]
    fitting = sum(_is_name(name, alone=len(names) == 1) for name in names)
    return bool(names) and fitting * 5 >= len(names) * 4


def looks_like_group(name: str) -> bool:
    """Tell whether a name is that of an organisation, a team or a collaboration."""
    return bool(_GROUP_WORD.search(name) or _FIRM.match(name) or _ACRONYM.search(name))


def _split_and(part: str) -> list[str]:
    stripped = part.strip()
    if stripped.lower().startswith("and "):
        stripped = stripped[4:]
    pieces = _AND.split(stripped)
    people = all(len(piece.split()) >= 2 and not looks_like_group(piece) for piece in pieces)
    return pieces if len(pieces) > 1 and people else [stripped]


def _clean(name: str) -> str:
    return _AFFILIATION.sub("", name.strip().strip("*_").strip()).strip(" ,;")


def _author(name: str) -> Author:
    return Author(name=name, kind="organisation" if looks_like_group(name) else "person")


def _is_name(name: str, *, alone: bool) -> bool:
    if _HANGUL.search(name):
        return len(name) <= (4 if " " not in name else 10) and not name.endswith(("다", "요", "음", "함"))
    words = name.split()
    if not 1 <= len(words) <= 7 or len(name) > 70:
        return False
    if alone and len(words) == 1:
        return looks_like_group(name) or (name[:1].isupper() and name[1:].islower())
    capital = [word for word in words if word.lower() not in _PARTICLE]
    upper = sum(1 for word in capital if not word[0].islower())
    return bool(capital) and upper * 2 >= len(capital) and not name[0].isdigit()
