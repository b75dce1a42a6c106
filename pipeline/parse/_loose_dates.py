"""Dates that lack a part of their own: a month, a week whose year stands elsewhere, and DD/MM/YYYY."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from pipeline.parse._dates import DASH, MONTH_WORD, Day, find_date

_MONTHS = (
    re.compile(r"(?P<y>20[0-9]{2})\s?[-/.]\s?(?P<m>[01]?[0-9])"),
    re.compile(r"(?P<y>20[0-9]{2})\s*[년年]\s*(?P<m>[01]?[0-9])\s*[월月](?:号|號)?"),
    re.compile(rf"(?P<name>{MONTH_WORD})\.?,?\s+(?P<y>20[0-9]{{2}})", re.IGNORECASE),
)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_ONLY_YEAR = re.compile(r"\W*(20[0-9]{2})\s*[년年]?\W*")
_NUMBER = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![0-9])"
_NAMED = rf"(?:(?:{MONTH_WORD})\.?\s+{_NUMBER})"
# "June 23 - June 29", "June 23 - 29", "June 23": the year belongs behind it.
_WEEK = re.compile(
    rf"(?<![^\W_]){_NAMED}(?:\s*{DASH}\s*(?:{_NAMED}|{_NUMBER}))?(?!\s*,?\s*[0-9])", re.IGNORECASE
)
# "2월 5일 ~ 11일", "2月5日": the year belongs before it.
_EAST_DAY = r"[01]?[0-9]\s*[월月]\s*[0-3]?[0-9]\s*[일日号號]"
_EAST_WEEK = re.compile(
    rf"(?<![0-9년年]){_EAST_DAY}(?:\s*{DASH}\s*(?:{_EAST_DAY}|[0-3]?[0-9]\s*[일日号號]))?"
)
_NUMBERS = re.compile(r"(?<![0-9/.])([0-3]?[0-9])([/.])([0-3]?[0-9])\2([12][0-9]{3})(?![0-9/.])")


def month_day(text: str) -> Day | None:
    """Return the month that a text names and nothing else: its last day, since its first."""
    bare = text.strip(" #*_()[]:：")
    found = next((hit for hit in (pattern.fullmatch(bare) for pattern in _MONTHS) if hit), None)
    if found is None:
        return None
    parts = found.groupdict()
    first = find_date(f"{parts['name']} 1, {parts['y']}") if parts.get("name") else None
    month = first.date.month if first else int(parts.get("m") or 0)
    if not 1 <= month <= 12:
        return None
    year = int(parts["y"])
    return Day(dt.date(year, month, calendar.monthrange(year, month)[1]), dt.date(year, month, 1), "")


def names_week(text: str) -> bool:
    """Tell whether a text names a day or a range of days, be its year there or not."""
    return bool(_WEEK.search(text) or _EAST_WEEK.search(text))


def week_day(text: str, year: int | None) -> Day | None:
    """Return the day or range whose year stands apart in the text, or above it as ``year``."""
    years = _YEAR.findall(text)
    if len(years) > 1 or not (years or year):
        return None
    known = int(years[0]) if years else year
    alone = _YEAR.sub(" ", text)
    west, east = _WEEK.search(alone), _EAST_WEEK.search(alone)
    if west:
        return find_date(f"{alone[: west.end()]}, {known} {alone[west.end() :]}")
    if east:
        sign = "년" if "월" in east[0] else "年"
        return find_date(f"{alone[: east.start()]}{known}{sign} {alone[east.start() :]}")
    return None


def only_year(text: str) -> int | None:
    """Return the year that a text is."""
    found = _ONLY_YEAR.fullmatch(text)
    return int(found[1]) if found else None


def path_year(name: str) -> int | None:
    """Return the year that a folder or the stem of a file name is: ``2023/06.md``, ``2023.md``."""
    stem = name.rsplit(".", 1)[0]
    return next((int(part) for part in reversed(stem.split("/")) if re.fullmatch("20[0-9]{2}", part)), None)


def slash_day(text: str) -> tuple[Day, bool] | None:
    """Return the day of DD/MM/YYYY or DD.MM.YYYY, and whether MM/DD/YYYY would be another day.

    MM/DD/YYYY is read only where no other reading is a date.
    """
    found = _NUMBERS.search(text[:400])
    if not found:
        return None
    one, two, year = int(found[1]), int(found[3]), int(found[4])
    rest = " ".join(part.strip(" \t,.:;|/·–—-#*_[](){}<>") for part in text.split(found[0], 1)).strip()
    for day, month in ((one, two), (two, one)):
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        return Day(date, None, rest), found[2] == "/" and one <= 12 and two <= 12 and one != two
    return None
