"""Stage 3: a digest becomes a better one, pass by pass; a pass is one file.

Passes over one digest come first. Passes over the archive see all days at once: what they say of an
entry depends on the days before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from pipeline.model import Digest, Site
from pipeline.refine import backlinks, identity, language, links, merge, silence, tags, text

DigestPass = Callable[[Digest, Site], Digest]
ArchivePass = Callable[[tuple[Digest, ...], Site], tuple[Digest, ...]]

DIGEST_PASSES: tuple[DigestPass, ...] = (text.refine, links.refine, tags.refine, language.refine)
ARCHIVE_PASSES: tuple[ArchivePass, ...] = (merge.refine, identity.refine, backlinks.refine, silence.refine)


def refine(digests: Iterable[Digest], site: Site) -> tuple[Digest, ...]:
    """Return one refined digest a day, oldest first; ``digests`` come in the order of file names."""
    single = tuple(reduce(lambda digest, step: step(digest, site), DIGEST_PASSES, d) for d in digests)
    return reduce(lambda archive, step: step(archive, site), ARCHIVE_PASSES, single)
