"""Print what reading costs per byte at 100 kB, 1 MB and 10 MB: the last two as ratios to the first.

    python tests/bench_reading.py [--sizes 100000 1000000 10000000]

Reading is linear if no ratio is far above 1. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable

from archive import day_text

from pipeline.errors import SourceError
from pipeline.model import Source
from pipeline.parse import parse

HEAD = "https://arxiv.org/abs/2402.04229\n\n"


def flat_day(size: int) -> str:
    """Return one day of invented papers."""
    papers = day_text(1, max(size // 1_400, 2))[1]
    return papers[:size].rpartition("\n")[0] + "\n"


def one_line(size: int) -> str:
    """Return a note whose abstract is one line."""
    return f"{HEAD}*Title* (Ada Lovelace)\n\n> {'words of an abstract. ' * (size // 22)}\n\n논평.\n"


def brackets(size: int) -> str:
    """Return a note whose comment is opening brackets."""
    return f"{HEAD}*Title* (Ada Lovelace)\n\n{'([' * (size // 2)}\n"


def authors(size: int) -> str:
    """Return a note with as many authors as fit."""
    return f"{HEAD}*Title* ({', '.join(['Ada B. Lovelace'] * (size // 17))})\n\n논평.\n"


def linked_headings(size: int) -> str:
    """Return a day of linked headings."""
    return "# 2024-02-07\n" + "\n## [Title](https://arxiv.org/abs/2402.04229)\n(Ada Lovelace)\n\n논평.\n" * (
        size // 90
    )


def rows(size: int) -> str:
    """Return a table of papers."""
    row = "| Title | Ada Lovelace | [arXiv](https://arxiv.org/abs/2402.04229) |\n"
    return "# 2024-02-07\n\n| Title | Authors | Link |\n|---|---|---|\n" + row * (size // len(row))


def items(size: int) -> str:
    """Return a list of papers."""
    item = "- [Title](https://arxiv.org/abs/2402.04229) words\n"
    return "# 2024-02-07\n\n" + item * (size // len(item))


def labels(size: int) -> str:
    """Return blocks of labelled lines."""
    block = "Title: A Title\nURL: https://arxiv.org/abs/2402.04229\nAbstract: Words.\n\n"
    return "2024-02-07\n\n" + block * (size // len(block))


def page(size: int) -> str:
    """Return a saved page of linked headings."""
    paper = '<h2><a href="https://arxiv.org/abs/2402.04229">T</a></h2><p>(Ada Lovelace)</p><p>논평.</p>'
    return f"<h1>2024-02-07</h1>{paper * (size // len(paper))}"


SHAPES: dict[str, tuple[str, Callable[[int], str]]] = {
    "flat day": ("2024-02-07.txt", flat_day),
    "one line": ("240207 a.md", one_line),
    "brackets": ("240207 a.md", brackets),
    "authors": ("240207 a.md", authors),
    "linked headings": ("a.md", linked_headings),
    "table": ("a.md", rows),
    "items": ("a.md", items),
    "labels": ("a.md", labels),
    "page": ("a.html", page),
}


def nanoseconds_a_byte(name: str, text: str) -> float:
    """Return the CPU time of the better of two readings for each byte of UTF-8."""
    size = len(text.encode())
    return min(_once(name, text) for _ in range(2)) / size


def _once(name: str, text: str) -> float:
    started = time.process_time_ns()
    try:
        parse(Source(name=name, text=text))
    except SourceError as error:
        print(f"{name}: {error}")
    return time.process_time_ns() - started


def main() -> None:
    """Print a row for each shape."""
    gc.set_threshold(100_000, 20, 20)  # as the command does
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    sizes = parser.parse_args().sizes
    print(f"{'':<18}{'ns a byte':>10}" + "".join(f"{f'x at {size:,}':>18}" for size in sizes[1:]))
    for shape, (name, make) in SHAPES.items():
        first, *rest = (nanoseconds_a_byte(name, make(size)) for size in sizes)
        print(f"{shape:<18}{first:>10.0f}" + "".join(f"{cost / first:>18.2f}" for cost in rest))


if __name__ == "__main__":
    main()
