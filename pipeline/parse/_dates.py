r"""Dates as digest authors write them, read strictly: a part that is missing is never filled in.

dateutil fills gaps from today's clock ("7" is a date to it), so headings have patterns of their own,
one a dialect. Only ASCII digits count: ``\d`` would take Arabic and full-width ones.
"""

from __future__ import annotations

import datetime as dt
import re

from msgspec import Struct

_MONTH_NAMES = (
    # English, German, French, Spanish; the first three letters are not enough to tell months apart.
    "january jan januar jänner janvier enero ene",
    "february feb februar février fevrier févr febrero",
    "march mar märz maerz mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto ago",
    "september sep sept septembre septiembre set",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre diciembre dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
MONTH_WORD = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAME = rf"(?P<name>{MONTH_WORD})\.?"
_Y, _M, _D = r"(?P<y>[12][0-9]{3})", r"(?P<m>[01]?[0-9])", r"(?P<d>[0-3]?[0-9])"
_YEAR = re.compile("[12][0-9]{3}")
_PATTERNS = tuple(
    re.compile(r"(?<![0-9A-Za-z])" + pattern + r"(?![0-9])", re.IGNORECASE)
    for pattern in (
        rf"{_Y}\s*년\s*{_M}\s*월\s*{_D}\s*일",  # Korean
        rf"{_Y}\s*年\s*{_M}\s*月\s*{_D}\s*[日号號]",  # Japanese, Chinese
        rf"{_Y}-{_M}-{_D}",  # ISO 8601
        rf"{_Y}/{_M}/{_D}",
        rf"{_Y}_{_M}_{_D}",
        rf"{_Y}\.\s?{_M}\.\s?{_D}\.?",  # Korean, German tables
        rf"{_NAME}\s+{_D}(?:st|nd|rd|th)?\s*,?\s+{_Y}",  # February 7, 2024
        rf"{_D}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+|of\s+)?{_NAME},?\s+(?:de\s+|del\s+)?{_Y}",  # 7 February 2024
        r"(?P<y>20[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])",  # 20240207
    )
)
_SHORT = re.compile(r"(?P<y>[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?![0-9])")
DASH = r"(?:-|–|—|~|〜|～|to|until|bis|au|al|부터|から|至|到)"
_BETWEEN = re.compile(rf"\s*(?:\([^()]{{1,3}}\))?\s*{DASH}\s*", re.IGNORECASE)
# One end of a range may leave out what the other says: "June 23 - 29, 2024", "2024년 2월 5일 ~ 11일".
_PARTIAL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_M}\s*월\s*{_D}\s*일",
        rf"{_M}\s*月\s*{_D}\s*[日号號]",
        rf"{_NAME}\s+{_D}(?:st|nd|rd|th)?(?![0-9])",
        rf"{_D}\.?\s+(?:de\s+)?{_NAME}",
        rf"{_M}[/.-]{_D}(?![0-9])",
        rf"{_D}\s*[일日号號]",
    )
)
# "June 23 - 29, 2024": the month stands with the first day only, so the whole is one pattern.
_MONTH_FIRST = re.compile(
    rf"{_NAME}\s+(?P<first>[0-3]?[0-9])(?:st|nd|rd|th)?\s*{DASH}\s*{_D}(?:st|nd|rd|th)?\s*,?\s+{_Y}",
    re.IGNORECASE,
)
# Words in brackets or alone that belong to a date and say nothing more.
_WEEKDAY = re.compile(
    r"[(（\[]?\s*(?:[월화수목금토일](?:요일)?|[月火水木金土日](?:曜日?)?|(?:星期|周|週)[一二三四五六日天]|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo)\s*[)）\]]?",
    re.IGNORECASE,
)
_MARKS = " \t,.:;|/·–—-#*_[](){}<>「」『』【】（）"


class Day(Struct, frozen=True):
    """A date that was read."""

    date: dt.date
    """The day; of a range, the last."""
    since: dt.date | None
    """The first day of a range."""
    rest: str
    """What the text says beside the date, the weekday and the marks between them."""


def find_date(text: str) -> Day | None:
    """Return the one whole date, or range of dates, that a heading or a line names.

    Every part of the last day must be written; of a range, one end may borrow month and year from
    the other. Anything less gives None.
    """
    if not _YEAR.search(text, 0, 400):
        return None
    whole = _MONTH_FIRST.search(text[:400])
    if whole:
        last, first = _date(whole), _checked_day(_date(whole), int(whole["first"]))
        if last and first and first < last:
            return Day(last, first, _rest(text[: whole.start()], text[whole.end() :]))
    found = [hit for hit in (_first_date(text, pattern) for pattern in _PATTERNS) if hit]
    if not found:
        return None
    date, start, end = min(found, key=lambda hit: (hit[1], -hit[2]))
    return (
        _range_before(text, date, start, end)
        or _range_after(text, date, start, end)
        or Day(date, None, _rest(text[:start], text[end:]))
    )


def file_date(name: str) -> dt.date | None:
    """Return the date of a source's path: of its file name, else of the folders it lies in.

    ``240207 Title.md``, ``20240207.txt``, ``2024-02-07.md``, ``2024/02/07.md``, ``2024-02-07/a.md``.
    """
    parts = name.split("/")
    for part in (parts[-1], *reversed(parts[:-1])):
        day = _SHORT.match(part)
        date = _date(day, century=2000) if day else None
        found = date or getattr(find_date(part), "date", None)
        if found:
            return found
    stem = parts[-1].partition(".")[0]
    joined = "/".join((*parts[:-1], stem))
    numbers = re.search(r"(?:^|/)([12][0-9]{3})/([01]?[0-9])/([0-3]?[0-9])(?=$|[/ ._-])", joined)
    return _checked(*(int(number) for number in numbers.groups())) if numbers else None


def short_date(text: str) -> Day | None:
    """Return the date of a heading that starts with YYMMDD, the habit of note writers."""
    found = _SHORT.match(text)
    date = _date(found, century=2000) if found else None
    return Day(date, None, _rest("", text[found.end() :])) if found and date else None


def _first_date(text: str, pattern: re.Pattern[str]) -> tuple[dt.date, int, int] | None:
    for found in pattern.finditer(text[:400]):
        date = _date(found)
        if date:
            return date, found.start(), found.end()
    return None


def _range_before(text: str, last: dt.date, start: int, end: int) -> Day | None:
    for pattern in _PARTIAL:
        for found in pattern.finditer(text[:start][-40:]):
            offset = max(start - 40, 0)
            between = _BETWEEN.fullmatch(text, offset + found.end(), start)
            first = _near(found, last, -1) if between else None
            if first:
                return Day(last, first, _rest(text[: offset + found.start()], text[end:]))
    return None


def _range_after(text: str, first: dt.date, start: int, end: int) -> Day | None:
    between = _BETWEEN.match(text, end)
    if not between:
        return None
    for pattern in (*_PATTERNS, *_PARTIAL):
        found = pattern.match(text, between.end())
        whole = found is not None and "y" in found.groupdict()
        last = (_date(found) if whole else _near(found, first, 1)) if found else None
        if found and last and last > first:
            return Day(last, first, _rest(text[:start], text[found.end() :]))
    return None


def _near(found: re.Match[str], other: dt.date, step: int) -> dt.date | None:
    """Return the day of a pattern without year, at most a month before or after ``other``."""
    if not {"m", "name"} & found.groupdict().keys():
        day = _checked_day(other, int(found["d"]))
        return day if day and (day - other).days * step > 0 else None
    for year in (other.year, other.year + step):
        date = _date(found, year=year)
        if date and 0 < (date - other).days * step <= 31:
            return date
    return None


def _date(found: re.Match[str], *, century: int = 0, year: int | None = None) -> dt.date | None:
    parts = found.groupdict()
    month = int(parts["m"]) if parts.get("m") else _MONTHS[parts["name"].lower().rstrip(".")]
    return _checked(int(parts["y"]) + century if year is None else year, month, int(parts["d"]))


def _checked_day(date: dt.date | None, day: int) -> dt.date | None:
    return _checked(date.year, date.month, day) if date else None


def _checked(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _rest(before: str, after: str) -> str:
    parts = (_strip_weekday(part, end=end) for part, end in ((before, True), (after, False)))
    return " ".join(part for part in parts if part)


def _strip_weekday(text: str, *, end: bool) -> str:
    text = text.strip(_MARKS)
    for found in _WEEKDAY.finditer(text):
        at_edge = found.end() == len(text) if end else found.start() == 0
        cut = text[: found.start()] if end else text[found.end() :]
        if at_edge and (not cut or not (cut[-1] if end else cut[0]).isalnum()):
            return cut.strip(_MARKS)
    return text
