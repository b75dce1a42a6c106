"""Folders of the published site, and ids of its entries: permanent, since addresses are made of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

# A plain slug is the tag itself; names that Windows keeps for devices, and what looks like one of the
# hashes given here, are no plain slugs.
_PLAIN = re.compile("(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$)[a-z0-9]+(?:-[a-z0-9]+)*")
_HASHED = re.compile("(?:.*-)?[0-9a-f]{8}")
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_LONGEST = 60


def day_folder(date: dt.date) -> str:
    """Return the folder of a day below the site: ``2024/02/07/``."""
    return f"{date.year:04d}/{date.month:02d}/{date.day:02d}/"


def month_folder(date: dt.date) -> str:
    """Return the folder of a day's month below the site: ``2024/02/``."""
    return f"{date.year:04d}/{date.month:02d}/"


def tag_folder(folded: str) -> str:
    """Return the folder of a tag below the site: ``tags/state-space-model/``.

    ``folded`` is the form by which tags are one. What is more than words of ASCII letters and digits
    gets a hash behind them, so that ``c``, ``c++`` and ``c#`` stay apart on every disk and in every
    address; of a Korean tag nothing but the hash is left.
    """
    if _PLAIN.fullmatch(folded) and len(folded) <= _LONGEST and not _HASHED.fullmatch(folded):
        return f"tags/{folded}/"
    words = _NOT_PLAIN.sub("-", folded)[:_LONGEST].strip("-")
    mark = hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"tags/{words}-{mark}/" if words else f"tags/{mark}/"


def language_folder(language: str) -> str:
    """Return the folder of a language (BCP 47) below the site: ``lang/ko/``."""
    return f"lang/{language.lower()}/"


def entry_id(authority: str, date: dt.date, anchor: str) -> str:
    """Return the tag URI (RFC 4151, section 2.1) of an entry: authority, day, and anchor on its page."""
    return f"tag:{authority}:{date.isoformat()}/{anchor}"
