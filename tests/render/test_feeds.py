"""The feeds of the samples, of hostile entries, of many and of long ones, judged property by property."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from costs import BOUND, Work, growth, slowdown
from feed_lint import HISTORY, RULES, Published, Rule
from hostile import ENTRIES, SITE, between_plain_ones, day_of, digest_of, said
from lxml import etree
from msgspec import structs

from pipeline.archive import Archive, Listing
from pipeline.errors import RenderError
from pipeline.model import Digest, Entry, Site, Withdrawn
from pipeline.reading import read_all
from pipeline.refine import tags
from pipeline.render import FEEDS, day_listing, listings, make_once, render, site_listing
from pipeline.render._addresses import as_uri
from pipeline.render._content import summary
from pipeline.render._items import items_of, make_item, media_type, weight
from pipeline.render._window import make_feed
from pipeline.run import run

PROJECT = Path(__file__).parents[2]


def publish(listing: Listing, site: Site = SITE) -> Published:
    feed = make_feed(site, listing, items_of(site))
    return Published(site=site, listing=listing, files={form.file: form.render(feed) for form in FEEDS})


def _folders(digests: tuple[Digest, ...], site: Site, withdrawn: tuple[Withdrawn, ...] = ()) -> list[Listing]:
    """Return the listings of every folder that has feeds."""
    days = (day_listing(day, site, withdrawn) for day in digests)
    return [*days, *listings(Archive.of(digests, withdrawn), site)]


def _hostile_days() -> tuple[Digest, ...]:
    dates = (dt.date(2024, 3, 1) + dt.timedelta(days=number) for number in range(len(ENTRIES)))
    return tuple(
        structs.replace(day, entries=digest_of(*day.entries, date=date).entries, date=date)
        for entry, date in zip(ENTRIES.values(), dates, strict=True)
        for day in [between_plain_ones(tagged(entry))]
    )


def _months() -> tuple[Digest, ...]:
    """Return days of three months: of the second more papers than a feed holds."""
    dates = [dt.date(2024, month, day) for month in (1, 2, 3) for day in (1, 2)]
    return tuple(digest_of(*[tagged(e) for e in day_of(50).entries], date=date) for date in dates)


def _cases() -> dict[str, Published]:
    samples, _ = read_all(PROJECT / "digests", SITE)
    few = structs.replace(SITE, feed_entries=3)

    return {
        **{f"sample-{part.path or 'site'}": publish(part) for part in _folders(samples, SITE)},
        **{
            f"hostile-{part.path or 'site'}": publish(part)
            for part in listings(Archive.of(_hostile_days()), SITE)
        },
        **{f"withdrawn-{p.path or 'site'}": publish(p) for p in _folders(samples, SITE, WITHDRAWN)},
        **{f"few-{p.path or 'site'}": publish(p, few) for p in _folders(samples, few, WITHDRAWN)},
        **{f"months-{part.path or 'site'}": publish(part) for part in listings(Archive.of(_months()), SITE)},
        "hub": publish(site_listing(Archive.of(samples), HUB_SITE), HUB_SITE),
        **{name: publish(day_listing(between_plain_ones(e), SITE)) for name, e in ENTRIES.items()},
        "many": publish(site_listing(Archive.of((day_of(101),)), SITE)),
        **{
            f"{name}-{part.kind}": publish(part)
            for name, days in LARGE.items()
            for part in listings(Archive.of(days), SITE)
            if part.kind != "month"
        },
    }


def _gone(day: dt.date, anchor: str, *feeds: str, second: int = 0) -> Withdrawn:
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return Withdrawn(
        day=day,
        anchor=anchor,
        slug=f"{anchor}-12345678",
        key=anchor,
        published=noon - dt.timedelta(seconds=second),
        when=dt.datetime(2024, 5, 1, abs(second), tzinfo=dt.UTC),
        feeds=feeds,
    )


# Of days that have other papers, one the first of its day; of a day that is gone, of one before all others.
WITHDRAWN = (
    _gone(dt.date(2024, 2, 13), "first", second=-1),
    _gone(dt.date(2024, 2, 8), "one", "lang/ko/", "tags/rlhf/", second=9),
    _gone(dt.date(2024, 2, 10), "two", "lang/ko/"),
    _gone(dt.date(2024, 2, 10), "three", second=1),
    _gone(dt.date(2023, 12, 31), "four", "lang/en/", "tags/rlhf/"),
)
HUB_SITE = structs.replace(SITE, hub="https://hub.example.org/")


def tagged(entry: Entry) -> Entry:
    """Return an entry with its tags folded, as one that comes from a digest, and with one that all have."""
    entry = structs.replace(entry, tags=(*entry.tags, "plain"))
    return tags.refine(Digest(date=entry.date, entries=(entry,)), SITE).entries[0]


def _days_of(count: int, abstract: str) -> tuple[Digest, ...]:
    """Return as many days, one large paper each."""
    dates = (dt.date(2024, 3, 1) + dt.timedelta(days=number) for number in range(count))
    large = tagged(day_of(1, abstract=abstract).entries[0])
    return tuple(digest_of(large, date=date) for date in dates)


LARGE = {
    "long": _days_of(40, "A long abstract. " * 2_000),
    "long-escapes": _days_of(3, "\"\\&<>'" * 30_000),
    "one-too-long": _days_of(2, "글" * 400_000),
}
CASES = _cases()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("feeds", CASES.values(), ids=CASES)
def test_property(feeds: Published, rule: Rule) -> None:
    assert list(rule(feeds)) == []


# Each line breaks one property of a good feed; the rule of that number must notice.
BROKEN: dict[str, tuple[str, str, str]] = {
    "3 no summary": ("atom.xml", "summary>", "rights>"),
    "3 a type": ("atom.xml", 'content type="html"', 'content type="CDATA"'),
    "3 no name": ("atom.xml", "<name>Grace Hopper</name>", "<name></name>"),
    "3 two links": ("rss.xml", "<pubDate>", "<link>https://example.org/</link><pubDate>"),
    "4 another id": ("rss.xml", "2024-03-01/entry-1", "2024-03-01/entry-7"),
    "4 another author": ("feed.json", "Alan Turing", "Kurt Gödel"),
    "4 another date": ("feed.json", "11:59:59Z", "11:59:58Z"),
    "5 version": ("feed.json", "version/1.1", "version/1"),
    "5 empty field": ("feed.json", '"title": "A plain paper"', '"title": ""'),
    "5 unknown field": ("feed.json", '"items":', '"entries": [], "items":'),
    "8 the clock": ("atom.xml", "<updated>2024-03-01T12:00:00Z", "<updated>2026-03-01T12:00:00Z"),
    "9 no tag URI": ("atom.xml", "tag:papers.example.org,2024:2024", "https://papers.example.org/2024"),
    "9 twice": ("atom.xml", "2024-03-01/entry-1", "2024-03-01/entry-0"),
    "10 a permalink": ("rss.xml", 'isPermaLink="false"', 'isPermaLink="true"'),
    "11 another address": ("rss.xml", "2024/03/01/rss.xml", "rss.xml"),
    "12 the feed itself": ("rss.xml", "2024/03/01/</link>", "2024/03/01/rss.xml</link>"),
    "13 one for all": ("atom.xml", "<name>Grace Hopper</name>", "<name>Grace Hopper, Alan Turing</name>"),
    "14 an author": ("rss.xml", "<guid", "<author>Grace Hopper</author><guid"),
    "15 not in the text": ("atom.xml", "Alan Turing&lt;/p", "&lt;/p"),
    "16 with a mark": ("rss.xml", "<category>plain", "<category>#plain"),
    "17 no abstract": ("atom.xml", "What was done", "What was left"),
    "17 other content": ("rss.xml", "What was done", "What was left"),
    "17 markup": ("atom.xml", "<summary>평범한", "<summary>&lt;b&gt;평범한"),
    "18 no update": ("feed.json", "date_modified", "date_changed"),
    "19 an offset": ("atom.xml", "T11:59:59Z", "T11:59:59+00:00"),
    "20 the same": ("atom.xml", "<published>2024-03-01T11:59:59Z", "<published>2024-03-01T12:00:00Z"),
    "21 no language": ("atom.xml", "lang=&quot;ko&quot;".replace("&quot;", '"') + "&gt;", "&gt;"),
    "21 another": ("rss.xml", "<language>ko", "<language>en"),
    "22 a control character": ("feed.json", "A plain paper", "A plain\\u000b paper"),
    "23 escaped twice": ("atom.xml", "<title>A plain paper", "<title>A &amp;lt; plain paper"),
    "23 a tag in RSS": ("rss.xml", "<title>A plain paper", "<title>A &lt;b&gt; plain paper"),
    "24 a script": ("atom.xml", "&lt;ul", "&lt;script&gt;x&lt;/script&gt;&lt;ul"),
    "24 a handler": ("atom.xml", "&lt;ul", '&lt;ul onclick="x"'),
    "24 relative": ("atom.xml", 'href="https://arxiv.org/', 'href="/'),
    "25 two alternates": ("atom.xml", 'rel="via"', 'rel="alternate"'),
    "25 another paper": (
        "rss.xml",
        "<link>https://arxiv.org/abs/2403.00001",
        "<link>https://arxiv.org/abs/1",
    ),
    "28 fewer of a day": ("rss.xml", "item>", "thing>"),
    "31 a stylesheet": ("atom.xml", "<feed", '<?xml-stylesheet type="text/xsl" href="x"?><feed'),
    "31 transforming": ("rss.xml", 'type="text/css"', 'type="text/xsl"'),
}


FH = HISTORY.strip("{}")
# The same of feeds of other folders: which, the file, what is broken.
BROKEN_ELSEWHERE: dict[str, tuple[str, str, str, str]] = {
    "26 of another tag": ("sample-tags/rlhf/", "atom.xml", 'category term="rlhf"', 'category term="rl"'),
    "27 no archive": ("months-2024/02/", "rss.xml", "<fh:archive/>", ""),
    "27 not current": ("months-2024/02/", "atom.xml", 'rel="current"', 'rel="related"'),
    "27 complete": ("sample-site", "atom.xml", "<fh:complete/>", ""),
    "27 before nothing": ("months-2024/01/", "rss.xml", 'rel="current"', 'rel="prev-archive"'),
    "27 an archive of all": (
        "sample-2024/02/",
        "atom.xml",
        "<generator>",
        f"<archive xmlns='{FH}'/><generator>",
    ),
    "11 not itself": ("sample-lang/ko/", "rss.xml", 'rss.xml" rel="self"', 'atom.xml" rel="self"'),
    "11 another hub": ("hub", "atom.xml", "https://hub.example.org/", "https://example.org/"),
    "11 no hub in RSS": ("hub", "rss.xml", 'rel="hub"', 'rel="related"'),
    "11 no hub in JSON": ("hub", "feed.json", '"WebSub"', '"other"'),
    "9 gone and not told": ("withdrawn-site", "atom.xml", "at:deleted-entry ref", "at:deleted-entry by"),
    "9 told too early": ("withdrawn-days/", "atom.xml", 'when="2024', 'when="2023'),
    "9 another is gone": ("withdrawn-tags/rlhf/", "atom.xml", "2024-02-08/one", "2024-02-08/two"),
    "9 gone and shown": ("withdrawn-2024/02/08/", "atom.xml", "<entry", '<at:deleted-entry ref="@"/><entry'),
    "8 older than a deletion": ("withdrawn-site", "atom.xml", "<updated>2024-05-01", "<updated>2024-04-01"),
    "3 a deletion that says more": ("withdrawn-site", "atom.xml", "entry ref=", 'entry by="x" ref='),
    "17 a paper is missing": ("sample-days/", "atom.xml", "&lt;h3", "&lt;h4"),
    "25 days open the day": ("sample-days/", "rss.xml", "/2024/02/14/</link>", "/</link>"),
    "28 too many": ("many", "rss.xml", "<item>", "<item/><item>"),
}
BROKEN_ELSEWHERE |= {
    f"28 too large a feed of a {kind}": (f"long-{kind}", "atom.xml", "</feed>", " " * 20_000 + "</feed>")
    for kind in ("site", "days", "language", "tag")
}
BREACHES = {name: ("plain", *change) for name, change in BROKEN.items()} | BROKEN_ELSEWHERE


def _broken(name: str) -> Published:
    folder, file, old, new = BREACHES[name]
    good = publish(day_listing(digest_of(*day_of(2).entries), SITE)) if folder == "plain" else CASES[folder]
    text = good.files[file].decode()
    assert old in text
    return structs.replace(good, files={**good.files, file: text.replace(old, new).encode()})


@pytest.mark.parametrize("name", BREACHES)
def test_rules_notice_what_is_broken(name: str) -> None:
    broken = _broken(name)
    rules = [rule for rule in RULES if rule.__name__.startswith(f"row_{name.split(maxsplit=1)[0]}_")]
    assert any(_complains(rule, broken) for rule in rules)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_notices_a_breach(rule: Rule) -> None:
    row = rule.__name__.split("_")[1]
    assert any(_complains(rule, _broken(name)) for name in BREACHES if name.startswith(f"{row} "))


def _complains(rule: Rule, feeds: Published) -> bool:
    try:
        return bool(list(rule(feeds)))
    except (AssertionError, KeyError, ValueError, IndexError):
        return True


LASTING = ("site", "days", "language", "tag")
SIZES: dict[str, int | tuple[int, int]] = {  # name: entries shown by a feed that goes on
    "many": 100,
    "hostile-site": 3 * len(ENTRIES),
    "few-site": 3,
    **{f"long-{kind}": (20, 30) for kind in LASTING},
    **{f"long-escapes-{kind}": (1, 2) for kind in LASTING},
    **{f"one-too-long-{kind}": 1 for kind in LASTING},
}


@pytest.mark.parametrize("name", SIZES)
def test_feeds_that_go_on_hold_what_their_bounds_allow(name: str) -> None:
    expected = SIZES[name]
    least, most = expected if isinstance(expected, tuple) else (expected, expected)
    assert least <= len(CASES[name].items) <= most


def test_bound_is_used_to_four_fifths() -> None:
    samples, _ = read_all(PROJECT / "digests", SITE)
    entries = tuple(entry for day in samples for entry in day.entries) * 40
    listing = site_listing(Archive.of((digest_of(*entries),)), SITE)
    feeds = publish(listing, structs.replace(SITE, feed_entries=1_000))
    assert 800_000 < max(map(len, feeds.files.values())) <= 1_000_000


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_no_item_takes_more_bytes_than_it_is_counted_for(entry: Entry) -> None:
    one, two = (publish(day_listing(digest_of(*[entry] * count), SITE)).files for count in (1, 2))
    counted = weight(make_item(SITE, digest_of(entry).entries[0]))
    assert max(len(two[name]) - len(one[name]) for name in one) <= counted


def test_feeds_of_a_listing_without_entries_name_the_file() -> None:
    empty = Digest(date=dt.date(2024, 3, 1))
    with pytest.raises(RenderError, match=r"2024/03/01/atom\.xml"):
        tuple(render(day_listing(empty, SITE), SITE, make_once(SITE)))


def test_entry_without_dates_is_refused_rather_than_dated_by_the_clock() -> None:
    day = structs.replace(
        day_of(1), entries=(Entry(file="a.txt", date=dt.date(2024, 3, 1), title="A title"),)
    )
    with pytest.raises(ValueError, match="'A title' has no date"):
        publish(day_listing(day, SITE))


def test_entry_without_authors_leaves_the_feed_author_standing() -> None:
    feeds = CASES["no-authors"]
    assert feeds.atom.findtext("{*}author/{*}name") == "Ada Lovelace"
    assert feeds.entries[1].find("{*}author") is None
    assert feeds.items[1].find("{*}creator") is None
    assert feeds.channel.findtext("{*}creator") == "Ada Lovelace"
    assert "authors" not in feeds.json["items"][1]


@pytest.mark.parametrize(
    ("title", "author", "shown"),
    [
        ("\x00\ud800", None, "https://papers.example.org/digest/"),
        ("A \x0btitle", "\x1f", "A title"),
        ("A & <b>", "Ada \x00L.", "A & <b>"),
    ],
    ids=["nothing-left", "one-character", "markup"],
)
def test_values_of_the_configuration_never_cost_a_feed(title: str, author: str | None, shown: str) -> None:
    site = structs.replace(SITE, title=title, author=author, description="x \x00 \ud800 y")
    feeds = publish(site_listing(Archive.of((day_of(1),)), site), site)
    assert feeds.atom.findtext("{*}title") == shown
    assert feeds.channel.findtext("title", "").replace("\u2060", "") == shown
    assert feeds.json["title"] == shown
    assert feeds.atom.findtext("{*}author/{*}name")


def test_paper_link_is_typed_and_further_ones_keep_their_rel() -> None:
    links = CASES["pdf-links"].entries[1].findall("{*}link")
    assert [(link.get("rel"), link.get("type"), link.get("title"), link.get("href")) for link in links] == [
        ("alternate", "application/pdf", None, "https://example.org/paper.PDF?download=1"),
        ("related", "application/pdf", "paper", "https://arxiv.org/pdf/2403.00001v2"),
        ("related", None, "code", "https://github.com/example/code"),
        ("via", "text/html", "digest", "https://papers.example.org/digest/2024/03/01/#entry-1"),
    ]


def test_entry_without_a_safe_link_opens_its_page() -> None:
    link = CASES["unsafe-links"].entries[1].find("{*}link")
    assert link is not None
    assert [link.get(name) for name in ("rel", "type", "href")] == [
        "alternate",
        "text/html",
        "https://papers.example.org/digest/2024/03/01/#entry-1",
    ]


def test_earlier_days_are_related() -> None:
    links = CASES["discussed-before"].entries[1].findall("{*}link")
    assert [link.get("title") for link in links] == [None, "digest", "discussed on 2024-02-07"]
    assert links[2].get("rel") == "related"
    assert links[2].get("href") == "https://papers.example.org/digest/2024/02/07/#a-plain-paper"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=1&c=%20#d", "https://example.org/a?b=1&c=%20#d"),
        ("https://example.org/é b", "https://example.org/%C3%A9%20b"),
        ("https://例え.jp/パス", "https://xn--r8jz45g.jp/%E3%83%91%E3%82%B9"),
        ("https://example.org/?x=%zz&y=[1]", "https://example.org/?x=%25zz&y=%5B1%5D"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("https://" + "é" * 64 + ".fr/", "https://" + "%C3%A9" * 64 + ".fr/"),
        ("https://example.org/\ud800", "https://example.org/?"),
    ],
    ids=["as-it-is", "path", "host", "brackets", "number", "no-host-of-dns", "surrogate"],
)
def test_addresses_are_ascii(url: str, expected: str) -> None:
    assert as_uri(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a.pdf", "application/pdf"),
        ("https://arxiv.org/pdf/2402.04229", "application/pdf"),
        ("https://arxiv.org/abs/2402.04229", None),
        ("https://example.pdf/", None),
        ("https://example.org/?file=a.pdf", None),
    ],
)
def test_type_is_that_which_the_address_tells(url: str, expected: str | None) -> None:
    assert media_type(url) == expected


@pytest.mark.parametrize(
    ("commentary", "expected"),
    [
        ("한 줄.", "한 줄."),
        ("두\n줄  과   빈칸", "두 줄 과 빈칸"),
        ("[라벨](https://example.org/x)을 보라", "라벨을 보라"),
        ("단어 " * 150, "단어 " * 99 + "…"),
        ("B 是" + "字" * 400, "B 是" + "字" * 295 + " …"),
    ],
    ids=["short", "blanks", "label", "at-a-word", "without-blanks"],
)
def test_summary_is_the_beginning(commentary: str, expected: str) -> None:
    entry = Entry(file="a.txt", date=dt.date(2024, 3, 1), commentary=(said(commentary),))
    assert summary(entry) == expected


def many_entries(count: int) -> Listing:
    samples, _ = read_all(PROJECT / "digests", SITE)
    entries = tuple(entry for day in samples for entry in day.entries)
    return day_listing(digest_of(*(entries * count)[:count]), SITE)


def many_authors(count: int) -> Listing:
    crowd = ENTRIES["194-authors"]
    return day_listing(digest_of(structs.replace(crowd, authors=(crowd.authors * count)[:count])), SITE)


@pytest.mark.parametrize(
    ("listing_of", "many"),
    [pytest.param(many_entries, 1_000, id="entries"), pytest.param(many_authors, 10_000, id="authors")],
)
def test_cost_grows_with_entries_and_authors(listing_of: Callable[[int], Listing], many: int) -> None:
    def publishing(count: int) -> Work:
        listing = listing_of(count)
        return lambda: publish(listing)

    assert growth(publishing, many // 8) < 1.1
    assert slowdown(publishing, many) < BOUND


@pytest.mark.parametrize(
    "surroundings",
    [{"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}, {"TZ": "Asia/Seoul"}, {"LC_ALL": "ko_KR.UTF-8"}],
    ids=lambda pair: "-".join(*pair.items()),
)
def test_bytes_do_not_depend_on_the_surroundings(surroundings: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "pipeline", "run", str(PROJECT / "digests"), str(out), "--quiet"]
    environment = {**os.environ, **surroundings, "PYTHONPATH": str(PROJECT)}
    command += ["--base-url", SITE.base_url]
    subprocess.run(command, check=True, env=environment, cwd=tmp_path)
    here = structs.replace(Site(), base_url=SITE.base_url)
    samples, _ = read_all(PROJECT / "digests", here)
    expected = publish(site_listing(Archive.of(samples), here), here)
    assert {name: (out / name).read_bytes() for name in expected.files} == expected.files


def test_only_the_feeds_that_changed_are_written(tmp_path: Path) -> None:
    digests, out = tmp_path / "digests", tmp_path / "out"
    digests.mkdir()
    for day in ("2024-02-07.txt", "2024-02-08.txt"):
        (digests / day).write_bytes((PROJECT / "digests" / day).read_bytes())
    run(digests, out, SITE)
    assert run(digests, out, SITE).stored.written == ()
    before = {path: path.stat().st_mtime_ns for path in out.rglob("atom.xml")}
    text = (digests / "2024-02-08.txt").read_text(encoding="utf-8")
    (digests / "2024-02-08.txt").write_text(text.replace("never goes stale", "stays fresh"), encoding="utf-8")
    run(digests, out, SITE)
    after = {path: path.stat().st_mtime_ns for path in out.rglob("atom.xml")}
    changed = {str(path.relative_to(out)) for path in before if after[path] != before[path]}
    days = {"2024/02/08/atom.xml", "2024/02/atom.xml", "atom.xml", "days/atom.xml"}
    languages = {"lang/en/atom.xml", "lang/ko/atom.xml"}
    assert days <= changed <= days | languages | {name for name in changed if name.startswith("tags/")}
    assert "2024/02/07/atom.xml" not in changed
    assert all(after[path] >= before[path] for path in before)


def test_feeds_are_utf_8_and_say_so() -> None:
    files = CASES["sample-site"].files
    assert files["atom.xml"].startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert files["rss.xml"].startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert "한국어".encode() not in etree.tostring(CASES["sample-site"].atom)  # lxml's default is ASCII
    assert json.loads(files["feed.json"].decode("utf-8"))


def test_every_test_that_the_documentation_names_is_there() -> None:
    documentation = (PROJECT / "docs" / "feeds.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:row|test)_\w+)`", documentation))
    source = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("*.py"))
    assert len(named) > 40
    assert {name for name in named if f"def {name}(" not in source} == set()
    assert {rule.__name__ for rule in RULES} <= named
    assert re.findall(r"(?m)^\| ([0-9]+) \|", documentation) == [str(row) for row in range(1, 35)]
