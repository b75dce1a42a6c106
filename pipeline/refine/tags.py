"""Give every tag the folded form by which spellings are compared; the spelling itself is kept."""

from __future__ import annotations

import re
import unicodedata

from msgspec import structs

from pipeline.model import Digest, Entry, Site

# Blanks, low lines, and the hyphens and dashes that keyboards and editors put in their place.
_SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")


def refine(digest: Digest, site: Site) -> Digest:
    """Fold the tags of every entry; of two spellings of one tag the first stays, an alias gives way."""
    tag_of = _aliases(site)
    return structs.replace(digest, entries=tuple(_refined(entry, tag_of) for entry in digest.entries))


def folded_tags(entry: Entry, site: Site) -> tuple[str, ...]:
    """Return the folded tags of an entry, each once, aliases given way."""
    return tuple(_spelled(entry, _aliases(site)))


def fold_tag(tag: str) -> str:
    """Return the form under which tags are one: ``State_Space-Model`` and ``state space model``.

    Only case and separators are folded: ``c``, ``c++`` and ``c#`` stay apart.
    """
    # Folding may leave what is not normal any more: U+0345 and iota, say. Twice is the end of it.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag).casefold()).casefold()
    return _SEPARATORS.sub("-", unicodedata.normalize("NFKC", folded)).strip("-")


def _aliases(site: Site) -> dict[str, str]:
    named = {fold_tag(alias): tag for alias, tag in site.tag_aliases}
    return {alias: _last(alias, named) for alias in named}


def _last(alias: str, named: dict[str, str]) -> str:
    """Return the tag that a chain of aliases ends in; in a circle each stays itself."""
    met = {alias}
    tag = named[alias]
    while (folded := fold_tag(tag)) in named and folded not in met:
        met.add(folded)
        tag = named[folded]
    return tag


def _refined(entry: Entry, tag_of: dict[str, str]) -> Entry:
    spelled = _spelled(entry, tag_of)
    return structs.replace(entry, tags=tuple(spelled.values()), folded_tags=tuple(spelled))


def _spelled(entry: Entry, tag_of: dict[str, str]) -> dict[str, str]:
    """Return the tags of an entry by their folded forms."""
    spelled: dict[str, str] = {}
    for written in entry.tags:
        tag = tag_of.get(fold_tag(written), written)
        spelled.setdefault(fold_tag(tag) or tag, tag)
    return spelled
