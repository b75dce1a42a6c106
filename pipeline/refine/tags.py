"""Give every tag the folded form by which spellings are compared; the spelling itself is kept."""

from __future__ import annotations

import re
import unicodedata

from msgspec import structs

from pipeline.model import Digest, Entry, Site

_SEPARATORS = re.compile(r"[\s_\-]+")


def refine(digest: Digest, site: Site) -> Digest:  # noqa: ARG001 - all passes have one signature
    """Fold the tags of every entry; of two spellings of one tag the first stays."""
    return structs.replace(digest, entries=tuple(map(_refined, digest.entries)))


def fold_tag(tag: str) -> str:
    """Return the form under which tags are one: ``State_Space-Model`` and ``state space model``.

    Only case and separators are folded: ``c``, ``c++`` and ``c#`` stay apart.
    """
    return _SEPARATORS.sub("-", unicodedata.normalize("NFKC", tag).casefold()).strip("-")


def _refined(entry: Entry) -> Entry:
    spelled: dict[str, str] = {}
    for tag in entry.tags:
        spelled.setdefault(fold_tag(tag) or tag, tag)
    return structs.replace(entry, tags=tuple(spelled.values()), folded_tags=tuple(spelled))
