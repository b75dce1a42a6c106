"""Tell of every entry what it points back to: earlier talk of papers it mentions, pages of its tags.

Only what earlier days say counts, and the day itself: a digest of tomorrow changes no entry of today,
so that feeds of months past stay as they are.
"""

from __future__ import annotations

from collections import Counter

from msgspec import structs

from pipeline.model import Digest, Earlier, Entry, Mentioned, Site
from pipeline.refine._identifiers import identify


def refine(digests: tuple[Digest, ...], site: Site) -> tuple[Digest, ...]:
    """Return the digests, which come oldest first and with identities, with what entries point back to."""
    days: dict[str, tuple[Earlier, ...]] = {}
    entries_of: Counter[str] = Counter()
    refined: list[Digest] = []
    for digest in digests:
        entries_of.update(tag for entry in digest.entries for tag in entry.folded_tags)
        entries = tuple(
            structs.replace(
                entry,
                mentioned=_mentioned(entry, days),
                topics=tuple(t for t in entry.folded_tags if entries_of[t] >= site.tag_feed_entries),
            )
            for entry in digest.entries
        )
        for entry in entries:
            if entry.identifiers.arxiv:
                met = Earlier(date=entry.date, anchor=entry.anchor)
                days[entry.identifiers.arxiv] = (*days.get(entry.identifiers.arxiv, ()), met)
        refined.append(structs.replace(digest, entries=entries))
    return tuple(refined)


def _mentioned(entry: Entry, days: dict[str, tuple[Earlier, ...]]) -> tuple[Mentioned, ...]:
    """Return the other papers of the archive that the texts of an entry name, each once."""
    named = (identify(link.url).arxiv for link in entry.links if link.slot == "text")
    others = dict.fromkeys(arxiv for arxiv in named if arxiv and arxiv != entry.identifiers.arxiv)
    return tuple(Mentioned(arxiv=arxiv, days=days[arxiv]) for arxiv in others if arxiv in days)
