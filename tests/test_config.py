"""The configuration file, read strictly."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline import config
from pipeline.errors import ConfigError
from pipeline.model import DeclaredProfile, Rules, Site


def loaded(folder: Path, text: str) -> config.Config:
    path = folder / config.FILE
    path.write_text(text, encoding="utf-8")
    return config.load(path, folder)


def test_nothing_is_needed(tmp_path: Path) -> None:
    assert config.load(None, tmp_path) == config.Config(
        site=Site(), digests=tmp_path / "digests", out=tmp_path / "out"
    )


def test_values_are_taken_and_folders_are_relative_to_the_file(tmp_path: Path) -> None:
    text = '[site]\ntitle = "Notes"\nbase_url = "https://example.org/x"\nhour = 9\n[paths]\nout = "www"\n'
    found = loaded(tmp_path, text)
    assert (found.site.title, found.site.base_url, found.site.hour) == ("Notes", "https://example.org/x/", 9)
    assert (found.digests, found.out) == (tmp_path / "digests", tmp_path / "www")


def test_health_check_is_taken(tmp_path: Path) -> None:
    assert (
        loaded(tmp_path, '[health]\nping = "https://hc.example.org/x"\n').ping == "https://hc.example.org/x"
    )


def test_aliases_and_hub_are_taken(tmp_path: Path) -> None:
    text = '[tags.aliases]\nllms = "llm"\n"c plus plus" = "c++"\n[websub]\nhub = "https://hub.example.org/"\n'
    site = loaded(tmp_path, text).site
    assert site.tag_aliases == (("llms", "llm"), ("c plus plus", "c++"))
    assert site.hub == "https://hub.example.org/"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('[site]\ntitel = "x"', "did you mean 'title'", id="misspelt-key"),
        pytest.param("[sight]\n", "did you mean 'site'", id="misspelt-table"),
        pytest.param('[site]\nhour = "nine"', "hour", id="wrong-type"),
        pytest.param("[site]\nhour = 24", "between 0 and 23", id="hour-out-of-day"),
        pytest.param('[site]\nbase_url = "example.org"', "no http or https address", id="no-scheme"),
        pytest.param('[site]\nbase_url = "https://me@example.org/"', "no http", id="user-name"),
        pytest.param('[site]\nauthority = "example.org"', "RFC 4151", id="authority-without-year"),
        pytest.param('[site]\ntimezone = "Mars/Base"', "not known", id="unknown-zone"),
        pytest.param('[site]\ntimezone = ""', "not known", id="no-zone"),
        pytest.param('[site]\ntitle = " "', "is empty", id="no-title"),
        pytest.param('[site]\ntitle = "a\\nb"', "control characters", id="title-of-two-lines"),
        pytest.param('[site]\ntitle = "a\\u0085b"', "control characters", id="title-with-c1"),
        pytest.param("[site]\nfeed_entries = 0", "less than 1", id="no-entries"),
        pytest.param("[site]\ntag_feed_entries = 0", "less than 1", id="no-entries-of-a-tag"),
        pytest.param('[websub]\nhub = "file:///etc/passwd"', "hub", id="hub-of-another-scheme"),
        pytest.param('[health]\nping = "ftp://hc.example.org/x"', "ping", id="ping-of-another-scheme"),
        pytest.param('[health]\npign = "x"', "did you mean 'ping'", id="misspelt-ping"),
        pytest.param('[websub]\nhubs = "x"', "did you mean 'hub'", id="misspelt-hub"),
        pytest.param("[tags]\nalias = {}", "did you mean 'aliases'", id="misspelt-aliases"),
        pytest.param("[site\n", "", id="no-toml"),
        pytest.param("\ud800", "", id="no-text"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / config.FILE).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / config.FILE, tmp_path)
    assert message in str(caught.value)
    assert config.FILE in str(caught.value)
    assert caught.value.exit_code == 78


def test_the_template_reads_back(tmp_path: Path) -> None:
    title = 'Papers "of" \\ the day'
    found = loaded(tmp_path, config.template("https://example.org/d/", title, "example.org,2026"))
    assert found.site == Site(title=title, base_url="https://example.org/d/", authority="example.org,2026")


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Example.org/digests/", "example.org,2026"),
        ("http://localhost:8000/", "localhost,2026"),
    ],
)
def test_authority_is_host_and_year(url: str, authority: str) -> None:
    assert config.authority_of(url, 2026) == authority


def test_reading_is_told_by_folder_day_and_profile(tmp_path: Path) -> None:
    text = """
[reading.folders]
"weekly" = "zine"
[reading.dates]
"issue-12" = 2024-02-07
[reading.profiles.zine]
like = "labelled"
labels = { "Was" = "title" }
skip = ["Jobs"]
"""
    assert loaded(tmp_path, text).rules == Rules(
        folders=(("weekly", "zine"),),
        dates=(("issue-12", dt.date(2024, 2, 7)),),
        profiles=(DeclaredProfile(name="zine", like="labelled", labels=(("Was", "title"),), skip=("Jobs",)),),
    )


def test_a_label_stands_for_a_known_field(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tittle"):
        loaded(tmp_path, '[reading.profiles.zine]\nlike = "labelled"\nlabels = { "Was" = "tittle" }\n')
