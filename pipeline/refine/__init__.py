"""Stage 3: a digest becomes a better one, pass by pass; a pass is one file.

Passes over one digest come first. Passes over the archive see all days at once: what they say of an
entry depends on the days before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial, reduce

from pipeline.model import Digest, Ledger, Site
from pipeline.refine import backlinks, identity, language, links, merge, silence, tags, text
from pipeline.refine._past import Past, Shelves
from pipeline.refine._rename import rename
from pipeline.refine._settle import settle

__all__ = [
    "ARCHIVE_PASSES",
    "DIGEST_PASSES",
    "NOTHING_KNOWN",
    "ArchivePass",
    "DigestPass",
    "Past",
    "Shelves",
    "refine",
    "refine_archive",
    "refine_digest",
    "rename",
    "settle",
]

DigestPass = Callable[[Digest, Site], Digest]
ArchivePass = Callable[[tuple[Digest, ...], Site], tuple[Digest, ...]]

DIGEST_PASSES: tuple[DigestPass, ...] = (text.refine, links.refine, tags.refine, language.refine)
ARCHIVE_PASSES: tuple[ArchivePass, ...] = (merge.refine, identity.refine, backlinks.refine, silence.refine)
NOTHING_KNOWN = Ledger()


def refine(digests: Iterable[Digest], site: Site, ledger: Ledger = NOTHING_KNOWN) -> tuple[Digest, ...]:
    """Return one refined digest a day, oldest first; ``digests`` come in the order of file names.

    ``ledger`` is what history says of identity.
    """
    return refine_archive((refine_digest(digest, site) for digest in digests), site, ledger)


def refine_digest(digest: Digest, site: Site) -> Digest:
    """Return what can be told of a digest without the others."""
    return reduce(lambda refined, step: step(refined, site), DIGEST_PASSES, digest)


def refine_archive(
    digests: Iterable[Digest], site: Site, ledger: Ledger = NOTHING_KNOWN, past: Past | None = None
) -> tuple[Digest, ...]:
    """Return one refined digest a day, oldest first, of digests that went through `refine_digest`.

    ``past`` is where the days before these have led, where there are any, and is carried on to the
    last of these: what is said of an entry depends on the days before it alone.
    """
    carried = past or Past()
    # Of all passes these alone ask for more than the digests.
    asking: dict[ArchivePass, ArchivePass] = {
        identity.refine: partial(identity.refine, ledger=ledger, past=carried),
        backlinks.refine: partial(backlinks.refine, past=carried),
    }
    passes = (asking.get(step, step) for step in ARCHIVE_PASSES)
    return reduce(lambda archive, step: step(archive, site), passes, tuple(digests))
