"""Print what is found in the corpus of real notes, and each line that no rule took."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus import notes_folder, sources

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import front_end, recognise
from pipeline.parse._draft import Draft
from pipeline.parse._lines import read_lines


def main() -> int:
    """Print counts to standard output; 1 where the shared folder is absent."""
    folder = notes_folder()
    if folder is None:
        print("the shared folder is absent")
        return 1
    for line in report(folder):
        print(line)
    return 0


def report(folder: Path) -> Iterator[str]:
    """Give the lines of the report."""
    counts: Counter[str] = Counter()
    unclaimed: list[str] = []
    skipped: list[str] = []
    started = time.perf_counter()
    for source in sources(folder):
        counts["files"] += 1
        lines = dict(_lines(source))
        counts["non-blank lines"] += len(lines)
        untaken = _read(source, counts)
        for number in sorted(lines.keys() & untaken.keys()):
            where = f"{source.name}:{number}: {untaken[number]}: {lines[number][:80]}"
            (unclaimed if untaken[number] == "unclaimed-line" else skipped).append(where)
    seconds = time.perf_counter() - started
    yield from (*skipped, *unclaimed)
    yield from (f"{count:6} {name}" for name, count in counts.items())
    yield f"{len(skipped):6} lines of notes that are skipped whole and named ({_share(skipped, counts)})"
    yield f"{len(unclaimed):6} other lines no rule took ({_share(unclaimed, counts)})"
    yield f"{seconds:6.2f} seconds"


def _share(lines: list[str], counts: Counter[str]) -> str:
    return f"{len(lines) / counts['non-blank lines']:.2%}"


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    for line in read_lines(source.text, source.name)[0]:
        if line.text:
            yield line.number, line.text


def _read(source: Source, counts: Counter[str]) -> dict[int, str]:
    """Count what one note holds and return the lines that no rule took, with the code that says why."""
    (page,) = front_end(source.name).read(source)
    numbers = [number for number, _ in _lines(source)]
    try:
        profile = recognise(page)
    except SourceError as error:
        counts[f"files refused ({error.code})"] += 1
        return dict.fromkeys(numbers, error.code)
    reading = profile.read(page)
    counts[f"files read as {profile.name}"] += 1
    for draft in reading.drafts:
        _count(draft, counts)
    counts.update(f"problems ({problem.code})" for problem in reading.problems)
    spans = [*reading.spans, *(span for draft in reading.drafts for span in draft.spans)]
    taken = {
        line for span in spans if span.rule != "not-an-entry" for line in range(span.first, span.last + 1)
    }
    code = "nothing-to-publish" if not reading.drafts else "unclaimed-line"
    return {number: code for number in numbers if number not in taken}


def _count(draft: Draft, counts: Counter[str]) -> None:
    counts["entries"] += 1
    counts["titles"] += draft.title is not None
    counts["alternative titles"] += len(draft.alternative_titles)
    counts["author lists"] += bool(draft.authors)
    counts["links"] += len(draft.links)
    counts["abstracts"] += bool(draft.abstract)
    counts["entries with tags"] += bool(draft.tags)
    counts["commentaries"] += bool(draft.commentary)


if __name__ == "__main__":
    sys.exit(main())
