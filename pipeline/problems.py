"""Every problem an author can meet: its permanent code, its weight, and how to mend it.

``docs/problems.md`` shows the same table; a test holds the two together.
"""

from __future__ import annotations

from msgspec import Struct

from pipeline.model import Problem, Severity


class Kind(Struct, frozen=True, kw_only=True):
    """One kind of problem; ``message`` is a format string over the facts of the case."""

    code: str
    severity: Severity
    message: str
    hint: str


KINDS: tuple[Kind, ...] = (
    Kind(
        code="unreadable-file",
        severity="error",
        message="{reason}; nothing of it is read",
        hint="make it a regular text file in UTF-8 that the user who runs this may read",
    ),
    Kind(
        code="no-date",
        severity="error",
        message="no date in heading, front matter or file name; nothing of this file is read",
        hint="write the day on the first line (2024-02-07, February 7, 2024, 2024년 2월 7일) or as file name",
    ),
    Kind(
        code="other-date",
        severity="warning",
        message="{heading} in the heading but {name} in the file name; {kept} is taken",
        hint="make the two agree",
    ),
    Kind(
        code="no-entries",
        severity="error",
        message="no paper found in this file",
        hint="a paper is a title line followed by its authors in brackets; docs/formats.md shows every shape",
    ),
    Kind(
        code="empty-file",
        severity="error",
        message="this file holds no text",
        hint="write the digest, or delete the file",
    ),
    Kind(
        code="no-authors-line",
        severity="error",
        message="no title with authors in brackets below it; these lines are not published: {text!r}",
        hint="write the authors in brackets on the line right below the title: (Ada Lovelace, Alan Turing)",
    ),
    Kind(
        code="unclosed-authors",
        severity="warning",
        message="the bracket of the authors is not closed; the line is taken to its end",
        hint="close the bracket after the last author",
    ),
    Kind(
        code="stray-mark",
        severity="note",
        message="a stray word or letter on this line was left out",
        hint="delete it: the word before the quote mark, or the letter behind the tags",
    ),
    Kind(
        code="no-title",
        severity="warning",
        message="this paper has a link but no title",
        hint="write its title, with the authors in brackets behind it, below the link",
    ),
    Kind(
        code="nothing-to-publish",
        severity="warning",
        message="neither link nor title nor tags: not an entry, not published",
        hint="put the paper's link on the first line, or move the file away",
    ),
    Kind(
        code="unfilled-template",
        severity="warning",
        message="this is still what 'digest-pipeline new' wrote; it is not published",
        hint="write title and authors in place of Title and Author, Author",
    ),
    Kind(
        code="unclaimed-line",
        severity="warning",
        message="no rule takes this line; it is not published: {text!r}",
        hint="move it below a title, or delete it",
    ),
    Kind(
        code="control-character",
        severity="warning",
        message="the invisible character U+{point:04X} was dropped",
        hint="delete it; XML and readers refuse it",
    ),
    Kind(
        code="unsafe-link",
        severity="warning",
        message="{url!r} is no address that a reader may open; it is not published",
        hint="write a full http:// or https:// address without user name or blanks",
    ),
    Kind(
        code="repeated-paper",
        severity="warning",
        message="{title!r} stands twice on this day; the richer text is kept",
        hint="delete one of the two",
    ),
    Kind(
        code="kept-day",
        severity="error",
        message="what this file said when it was whole stays published: {days}",
        hint="mend what else is said of this file; deleting the file takes its day off the site",
    ),
    Kind(
        code="no-year",
        severity="error",
        message="this date has no year, here or above it; the papers below it are not published: {text!r}",
        hint="write the year into the heading: June 23 - June 29, 2025",
    ),
    Kind(
        code="day-before-month",
        severity="note",
        message="the numbers of the date may be swapped; {date} is taken, the day before the month",
        hint="write the date as 2024-02-07 to leave no doubt",
    ),
    Kind(
        code="undated-row",
        severity="error",
        message="the other rows have a date, this one has none; it is not published: {text!r}",
        hint="write the day into the column of dates",
    ),
    Kind(
        code="split-row",
        severity="error",
        message="this row has {found} cells and its header {wanted}; it is not published: {text!r}",
        hint="write \\| for a bar inside a cell, and one cell for each column",
    ),
    Kind(
        code="unsplit-cell",
        severity="error",
        message="title and comment cannot be told apart; this row is not published: {text!r}",
        hint="put the title in ** or write ' - ' between title and comment",
    ),
    Kind(
        code="unsure-title",
        severity="error",
        message="several links and words before them: the paper is not clear; not published: {text!r}",
        hint="begin the item with the paper's link: [Title](address)",
    ),
    Kind(
        code="no-link",
        severity="warning",
        message="this item names no paper by a link; it is not published: {text!r}",
        hint="write it as [Title](address), or delete it",
    ),
    Kind(
        code="standing-section",
        severity="note",
        message="this section holds no papers and is not published: {text!r}",
        hint="nothing to do, if that is meant; the heading of a paper is wholly one link",
    ),
    Kind(
        code="unsure-heading",
        severity="warning",
        message="this heading is not wholly one link; what stands below it is not published: {text!r}",
        hint="write it as [Title](address), with no blank between the two and no words around",
    ),
    Kind(
        code="misspelt-label",
        severity="note",
        message="the label {label!r} is read as {meant!r}",
        hint="correct the spelling of the label",
    ),
    Kind(
        code="challenge-page",
        severity="error",
        message="{reason}; nothing of it is read",
        hint="open the address in a browser, log in if it asks, and save the post or the feed itself",
    ),
    Kind(
        code="broken-feed",
        severity="error",
        message="{reason}; nothing of it is read",
        hint="save the feed again, unchanged: from <?xml or <rss to the closing tag",
    ),
    Kind(
        code="broken-export",
        severity="error",
        message="{reason}; nothing of this export is published",
        hint="ask for a new export and use its zip as it comes, or unpacked without changes",
    ),
    Kind(
        code="no-posts",
        severity="error",
        message="no post here can be published",
        hint="see the other problems of this file; a feed that a site cut to nothing can be saved again",
    ),
    Kind(
        code="post-without-papers",
        severity="warning",
        message="no paper found in the post {title!r}; it is not published",
        hint="nothing to do, if it is no digest; docs/formats.md shows every shape",
    ),
    Kind(
        code="unpublished-post",
        severity="note",
        message="{title!r} {reason}; it is not published",
        hint="nothing to do, if that is meant",
    ),
    Kind(
        code="missing-post",
        severity="warning",
        message="the export lists {title!r} but holds no file {stem}.html; it is not published",
        hint="ask for a new export: the newest posts are at times missing",
    ),
    Kind(
        code="unlisted-post",
        severity="warning",
        message="{table} does not list this file, so it may be a draft; it is not published",
        hint="ask for a new export, or move the file out of it to publish it on its own",
    ),
    Kind(
        code="paywalled",
        severity="warning",
        message="the post is cut here for readers who do not pay; what follows is not published",
        hint="save the page while logged in, if the rest is meant to be public",
    ),
    Kind(
        code="day-of-sending",
        severity="warning",
        message="no day in title, address or heading; {date} is taken, the day of sending in UTC",
        hint="write the day into the title or the first heading: 2024-02-07",
    ),
    Kind(
        code="left-out",
        severity="note",
        message="not carried over: {what}",
        hint="nothing to do; words, links and formulas are kept",
    ),
    Kind(
        code="loose-footnote",
        severity="warning",
        message="nothing calls footnote {number}; it is not published",
        hint="call it from the text of a paper, or write it there",
    ),
    Kind(
        code="late-text",
        severity="note",
        message="text after the tags is taken as commentary: {text!r}",
        hint="the tags line usually ends an entry; move it below the text",
    ),
)
_BY_CODE = {kind.code: kind for kind in KINDS}
SEVERITIES: dict[str, Severity] = {kind.code: kind.severity for kind in KINDS}
"""The weight of each code."""


def problem(code: str, file: str, line: int, column: int = 1, **facts: object) -> Problem:
    """Return the problem ``code`` at a place of a source, its message filled from ``facts``.

    Raise KeyError for a code that `KINDS` does not name.
    """
    kind = _BY_CODE[code]
    return Problem(
        file=file,
        line=line,
        column=column,
        code=code,
        severity=kind.severity,
        message=kind.message.format(**facts),
        hint=kind.hint,
    )
