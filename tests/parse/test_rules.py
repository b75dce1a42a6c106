"""Reading as the configuration says: profiles by folder, days of issue numbers, profiles of one's own."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import DeclaredProfile, Rules, Source
from pipeline.parse import parse

ZINE = """Was: MusicRL
Wer: Geoffrey Cideron, Sertan Girgin
Wo: https://arxiv.org/abs/2402.04229

Was: KTO
Wo: https://arxiv.org/abs/2402.01306
"""
TABLE = """# 2024-02-07

| Werk | Leute | Ort |
| --- | --- | --- |
| MusicRL | Geoffrey Cideron | [arXiv](https://arxiv.org/abs/2402.04229) |

## Stellen

- [Hiring](https://example.org/jobs)
"""
OWN = DeclaredProfile(
    name="zine", like="labelled", labels=(("Was", "title"), ("Wer", "authors"), ("Wo", "paper"))
)
WERKE = DeclaredProfile(
    name="werke",
    like="table",
    labels=(("Werk", "title"), ("Leute", "authors"), ("Ort", "paper")),
    skip=("stellen",),
)


@pytest.mark.parametrize("name", ["zine/issue-12.txt", "zine/old/issue-12.txt"])
def test_a_declared_profile_reads_its_own_labels(name: str) -> None:
    rules = Rules(folders=(("zine", "zine"),), dates=(("issue-12", dt.date(2024, 2, 7)),), profiles=(OWN,))
    (digest,) = parse(Source(name=name, text=ZINE), rules)
    assert digest.date == dt.date(2024, 2, 7)
    assert [entry.title for entry in digest.entries] == ["MusicRL", "KTO"]
    assert [author.name for author in digest.entries[0].authors] == ["Geoffrey Cideron", "Sertan Girgin"]
    assert [link.url for link in digest.entries[1].links] == ["https://arxiv.org/abs/2402.01306"]


def test_a_declared_profile_knows_columns_and_skips_sections() -> None:
    rules = Rules(folders=(("", "werke"),), profiles=(WERKE,))
    (digest,) = parse(Source(name="a.md", text=TABLE), rules)
    (entry,) = digest.entries
    assert (entry.title, entry.authors[0].name) == ("MusicRL", "Geoffrey Cideron")
    assert digest.problems == ()


@pytest.mark.parametrize(
    ("key", "name", "front"),
    [
        pytest.param("issue-12.md", "weekly/issue-12.md", "", id="file-name"),
        pytest.param("issue-12", "issue-12.md", "", id="stem"),
        pytest.param("weekly/issue-12.md", "weekly/issue-12.md", "", id="path"),
        pytest.param("12", "latest.md", "---\nissue: 12\n---\n", id="front-matter"),
    ],
)
def test_days_of_issue_numbers(key: str, name: str, front: str) -> None:
    text = front + "## [MusicRL](https://arxiv.org/abs/2402.04229)\n\nWords.\n"
    with pytest.raises(SourceError):
        parse(Source(name=name, text=text))
    (digest,) = parse(Source(name=name, text=text), Rules(dates=((key, dt.date(2024, 2, 7)),)))
    assert digest.date == dt.date(2024, 2, 7)


def test_the_longest_folder_counts() -> None:
    text = "2024-02-07\n\nA Title\n(Ada Lovelace)\nWords.\n#tag\n"
    rules = Rules(folders=(("a", "labelled"), ("a/b", "flat")))
    (digest,) = parse(Source(name="a/b/c.txt", text=text), rules)
    assert [entry.title for entry in digest.entries] == ["A Title"]


def test_an_unknown_profile_is_a_mistake_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match="no profile 'sonnet'; there are flat"):
        parse(Source(name="a.txt", text=ZINE), Rules(folders=(("", "sonnet"),)))
