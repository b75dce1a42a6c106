"""What real readers keep of the feeds, fetched over loopback: nothing lost, nothing twice."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_clients import (
    Client,
    Seen,
    elfeed,
    feedparser,
    imported_by_newsboat,
    newsboat,
    reader,
    rss2email,
    sfeed,
)
from loopback import Served, served
from msgspec import structs

from pipeline.model import Site
from pipeline.paths import tag_folder
from pipeline.reading import read_all
from pipeline.render import day_listing, make_once, render_feeds
from pipeline.run import History, run

DIGEST = """\
2024년 3월 1일

https://arxiv.org/abs/2403.00001
Is <think> & "x" < y?
(Ada Lovelace, Grace Hopper, Alan Turing)
The first abstract is written in English, as most are.
첫 논문에 대한 한국어 논평. 태그와 작은 글씨까지 그대로 와야 한다.
#rlhf #c++ #상태-공간

A second paper without a link
(Kurt Gödel)
The second abstract is in English too.
둘째 논평.
#logic

https://arxiv.org/abs/2403.00003
A third paper
(Emmy Noether, Sofja Kowalewskaja)
The third abstract is in English as well.
셋째 논평.
#rings
"""
TITLES = ['Is <think> & "x" < y?', "A second paper without a link", "A third paper"]
AUTHORS = [
    ["Ada Lovelace", "Grace Hopper", "Alan Turing"],
    ["Kurt Gödel"],
    ["Emmy Noether", "Sofja Kowalewskaja"],
]
TAGS = [["rlhf", "c++", "상태-공간"], ["logic"], ["rings"]]
SITE = structs.replace(Site(), title="Notes & <papers>", author="Ada Lovelace")
NOW = dt.datetime(2024, 3, 9, 8, 7, 6, tzinfo=dt.UTC)

NEWSBOAT = pytest.mark.client("newsboat")
SFEED = pytest.mark.client("sfeed_update")
RSS2EMAIL = pytest.mark.client("r2e")
ELFEED = pytest.mark.client("emacs", "elfeed", "curl")
FEEDPARSER = pytest.mark.client("feedparser")
READER = pytest.mark.client("reader", "sgmllib")

# The others take from ten seconds to half a minute for thousands of entries.
QUICK = [(newsboat, NEWSBOAT), (sfeed, SFEED), (reader, READER)]
EVERY = [
    pytest.param(client, file, marks=mark, id=f"{client.__name__}-{file}")
    for client, mark in (*QUICK, (feedparser, FEEDPARSER), (rss2email, RSS2EMAIL), (elfeed, ELFEED))
    for file in ("atom.xml", "rss.xml")
]
EVERY.append(pytest.param(reader, "feed.json", marks=READER, id="reader-feed.json"))


class Subscription:
    """A published site, a feed of it, and a reader that fetches this feed."""

    def __init__(self, site: Served, digests: Path, state: Path, client: Client, file: str) -> None:
        self.site, self.digests, self.state, self.client, self.file = site, digests, state, client, file
        self.publish(DIGEST)

    def publish(self, text: str) -> None:
        """Build the site; what changes bears a later second, as on any server that is asked now and then."""
        (self.digests / "2024-03-01.txt").write_text(text, encoding="utf-8")
        before = {path: path.stat().st_mtime for path in self.site.folder.rglob("*.*")}
        history = History(ledger=self.digests / "ledger.toml", now=NOW)
        site = structs.replace(SITE, base_url=self.site.url)
        report = run(self.digests, self.site.folder, site, history=history)
        for name in report.stored.written:
            path = self.site.folder / name
            later = before.get(path, path.stat().st_mtime - 10) + 5
            os.utime(path, (later, later))

    def fetch(self) -> list[Seen]:
        """Fetch once, and return what the reader keeps, newest first."""
        seen = self.client(self.site.url + self.file, self.state)
        return sorted(seen, key=lambda item: -item.moment)


@pytest.fixture
def subscription(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Subscription]:
    client, file = request.param
    for folder in ("digests", "state"):
        (tmp_path / folder).mkdir()
    with served(tmp_path / "out") as site:
        yield Subscription(site, tmp_path / "digests", tmp_path / "state", client, file)


def params(*left_out: Client) -> list[object]:
    """Return all pairs of client and feed but those of some clients."""
    return [
        pytest.param(param.values, marks=param.marks, id=param.id)
        for param in EVERY
        if param.values[0] not in left_out
    ]


@pytest.mark.parametrize("subscription", params(), indirect=True)
def test_keeps_every_entry_in_order(subscription: Subscription) -> None:
    seen = subscription.fetch()
    assert [plain(item.title) for item in seen] == TITLES
    page = f"{subscription.site.url}2024/03/01/#"
    papers = ["https://arxiv.org/abs/2403.00001", page, "https://arxiv.org/abs/2403.00003"]
    if subscription.file == "feed.json":  # whose url is the page, beside the paper as external_url
        papers = [page] * 3
    assert all(item.link.startswith(paper) for item, paper in zip(seen, papers, strict=True))
    assert len({item.id for item in seen}) == 3


# Atom has an element for each author; three of six readers keep but one of them.
ONE_OF_ATOM = {"sfeed": 0, "rss2email": -1, "reader": -1}


@pytest.mark.parametrize("subscription", params(), indirect=True)
def test_keeps_the_authors(subscription: Subscription) -> None:
    one = ONE_OF_ATOM.get(subscription.client.__name__) if subscription.file == "atom.xml" else None
    expected = [", ".join(names) if one is None else names[one] for names in AUTHORS]
    assert [item.author for item in subscription.fetch()] == expected


@pytest.mark.parametrize("subscription", params(), indirect=True)
def test_content_names_all_authors_and_keeps_both_languages(subscription: Subscription) -> None:
    for item, names in zip(subscription.fetch(), AUTHORS, strict=True):
        assert ", ".join(names) in item.content
        assert 'lang="ko"' in item.content
        assert 'lang="en"' in item.content
        assert "논평" in item.content


@pytest.mark.parametrize("subscription", params(newsboat, reader), indirect=True)
def test_keeps_the_tags(subscription: Subscription) -> None:
    assert [list(item.categories) for item in subscription.fetch()] == TAGS


@pytest.mark.parametrize("subscription", params(sfeed), indirect=True)
def test_unchanged_feed_is_not_sent_again(subscription: Subscription) -> None:
    first = subscription.fetch()
    for _ in range(2):  # newsboat stores no validators before its second fetch
        subscription.publish(DIGEST)
        again = subscription.fetch()
    answers = [status for path, status in subscription.site.answers if path.endswith(subscription.file)]
    assert 304 in answers  # not always the last: rss2email forgets its validators with each 304
    assert again == first or subscription.client is feedparser  # which keeps nothing itself


@pytest.mark.parametrize("subscription", params(sfeed), indirect=True)
def test_corrected_entry_stays_one_entry(subscription: Subscription) -> None:
    ids = sorted(item.id for item in subscription.fetch())
    subscription.fetch()
    subscription.publish(DIGEST.replace("English as well", "English, corrected"))
    again = subscription.fetch()
    assert sorted(item.id for item in again) == ids
    if subscription.client is not rss2email:  # which trusts an id that it knows
        assert any("corrected" in item.content for item in again)


@pytest.mark.parametrize("subscription", params(sfeed), indirect=True)
def test_corrected_title_stays_one_entry_in_its_place(subscription: Subscription) -> None:
    before = subscription.fetch()
    subscription.fetch()
    subscription.publish(DIGEST.replace("A third paper", "The third paper"))
    again = subscription.fetch()
    assert [(item.id, item.moment) for item in again] == [(item.id, item.moment) for item in before]
    if subscription.client is not rss2email:
        assert plain(again[2].title) == "The third paper"


@pytest.fixture(scope="module")
def long_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the feed of a day of 3,500 papers, which no bound makes shorter."""
    folder = tmp_path_factory.mktemp("long")
    papers = (
        f"Paper number {number}\n(Ada Lovelace, Grace Hopper)\nAn abstract of it.\n논평 하나.\n#long\n"
        for number in range(3500)
    )
    (folder / "2024-03-01.txt").write_text("2024-03-01\n" + "\n".join(papers), encoding="utf-8")
    (digest,), _ = read_all(folder, SITE)
    made, entries = next(render_feeds(day_listing(digest, SITE), SITE, make_once(SITE)))
    assert (made.path, entries) == ("2024/03/01/atom.xml", 3500)
    (folder / "atom.xml").write_bytes(made.content)
    return folder


@pytest.mark.parametrize("client", [pytest.param(c, marks=m, id=c.__name__) for c, m in QUICK])
def test_long_feed_is_read_whole(client: Client, long_feed: Path, tmp_path: Path) -> None:
    with served(long_feed) as site:
        seen = client(site.url + "atom.xml", tmp_path)
    assert len({item.id for item in seen}) == 3500
    assert len({item.moment for item in seen}) == 3500
    assert {item.title for item in seen} == {f"Paper number {number}" for number in range(3500)}


@NEWSBOAT
def test_newsboat_imports_the_list_of_feeds(tmp_path: Path) -> None:
    (tmp_path / "digests").mkdir()
    with served(tmp_path / "out") as site:
        subscription = Subscription(site, tmp_path / "digests", tmp_path, newsboat, "atom.xml")
        subscription.publish(DIGEST.replace("#logic", "#logic #c++"))
        listed = imported_by_newsboat(site.folder / "feeds.opml", tmp_path)
    c_plus_plus = tag_folder("c++")
    assert listed == [
        site.url + file
        for file in ("atom.xml", "days/atom.xml", "lang/ko/atom.xml", f"{c_plus_plus}atom.xml")
    ]


def plain(title: str) -> str:
    """Take away the joiner that keeps RSS titles from being taken for HTML."""
    return title.replace("\u2060", "")
