"""The pages of samples and of hostile entries: nothing active or foreign, no dead link."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from feed_lint import printable
from hostile import ENTRIES, SITE, between_plain_ones, digest_of
from lxml import html as lxml_html

from pipeline.archive import Archive, Listing
from pipeline.model import Digest, Entry
from pipeline.reading import read_all
from pipeline.render import day_listing, files_of, make_once, render, site_listing
from pipeline.run import run

PROJECT = Path(__file__).parents[2]
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
ELEMENTS = set(
    "html head meta title link body header main footer nav section article h1 h2 h3 p div span ol ul li a "
    "blockquote br code strong time".split()
)
FEED_TYPES = {
    "application/atom+xml": "atom.xml",
    "application/rss+xml": "rss.xml",
    "application/feed+json": "feed.json",
}


def publish(listing: Listing) -> dict[str, bytes]:
    """Return the files of a listing that need no other helper: pages, feeds and data."""
    return {artefact.path: artefact.content for artefact in render(listing, SITE, make_once(SITE))}


def _pages() -> dict[str, tuple[Listing, lxml_html.HtmlElement]]:
    samples, _ = read_all(PROJECT / "digests", SITE)
    # A lone surrogate cannot be read from a file, and no page could say it.
    hostile = {name: entry for name, entry in ENTRIES.items() if name != "forbidden-characters"}
    listings = {
        **{f"sample-{day.date}": day_listing(day, SITE) for day in samples},
        "sample-site": site_listing(Archive.of(samples), SITE),
        **{name: day_listing(between_plain_ones(entry), SITE) for name, entry in hostile.items()},
        "older-days": site_listing(Archive.of(_many_days()), SITE),
    }
    return {
        name: (listing, lxml_html.document_fromstring(publish(listing)[f"{listing.path}index.html"]))
        for name, listing in listings.items()
    }


def _many_days() -> tuple[Digest, ...]:
    start = dt.date(2024, 3, 1)
    return tuple(
        digest_of(*[ENTRIES["no-link"]] * 30, date=start + dt.timedelta(days=20 * day)) for day in range(9)
    )


PAGES = _pages()
EVERY = pytest.mark.parametrize(("listing", "page"), PAGES.values(), ids=PAGES)


@EVERY
def test_nothing_acts_and_nothing_comes_from_elsewhere(listing: Listing, page: lxml_html.HtmlElement) -> None:
    assert {str(element.tag) for element in page.iter()} <= ELEMENTS
    attributes = {str(name) for element in page.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in {"style", "src"}}
    assert page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [POLICY]
    assert page.xpath("//meta[@name='referrer']/@content") == ["no-referrer"]
    assert page.xpath("//link[@rel='stylesheet']/@href") == ["../" * listing.path.count("/") + "style.css"]


@EVERY
def test_says_its_address_and_its_language(listing: Listing, page: lxml_html.HtmlElement) -> None:
    assert page.xpath("//link[@rel='canonical']/@href") == [SITE.base_url + listing.path]
    assert page.get("lang") == (listing.language if listing.kind == "day" else SITE.language)
    assert page.findtext("head/title") == listing.title
    assert page.xpath("//h1/text()") == [listing.title]


@EVERY
def test_readers_find_the_feeds(listing: Listing, page: lxml_html.HtmlElement) -> None:
    found = [
        (link.get("type"), urljoin(SITE.base_url + listing.path, link.get("href", "")))
        for link in page.xpath("//link[@rel='alternate']")
    ]
    files = files_of(listing.kind)
    own = [
        (type_, SITE.base_url + listing.path + file) for type_, file in FEED_TYPES.items() if file in files
    ]
    assert found[: len(own)] == own
    assert ("application/atom+xml", f"{SITE.base_url}atom.xml") in found
    # Not every reader finds a feed by its page: the address stands there to be copied.
    assert f"{SITE.base_url}atom.xml" in page.xpath("//footer//code/text()")


@EVERY
def test_links_out_are_of_the_web_and_give_nothing_away(
    listing: Listing, page: lxml_html.HtmlElement
) -> None:
    for link in page.iter("a"):
        address = link.get("href", "")
        if re.match("[a-z]+:|//", address):
            assert re.match("https?://[^/]", address), address
            own = address.startswith(SITE.base_url)
            assert own or link.get("rel") == "noopener noreferrer", (listing.path, address)


@EVERY
def test_every_entry_is_there_under_its_anchor(listing: Listing, page: lxml_html.HtmlElement) -> None:
    if listing.kind == "day":
        anchors = [entry.anchor for entry in listing.entries]
        assert page.xpath("//article/@id") == anchors
        many = len(anchors) > 1
        assert page.xpath("//ol[@class='contents']//a/@href") == [f"#{a}" for a in anchors] * many
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@EVERY
def test_passages_are_marked_with_their_language(listing: Listing, page: lxml_html.HtmlElement) -> None:
    if listing.kind == "site":
        return
    for article, entry in zip(page.iter("article"), listing.entries, strict=True):
        assert article.xpath("div[@class='comment']/@lang") == [p.language for p in entry.commentary]
        abstract = [entry.abstract_language] if entry.abstract else []
        assert article.xpath("blockquote[@class='abstract']/@lang") == abstract


@EVERY
def test_can_be_heard_as_well_as_seen(listing: Listing, page: lxml_html.HtmlElement) -> None:
    levels = [int(str(heading.tag)[1]) for heading in page.iter("h1", "h2", "h3")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(below <= above + 1 for above, below in pairwise(levels))
    for link in page.iter("a"):
        assert link.text_content().strip() or link.get("aria-label"), (listing.path, link.get("href"))
    # These are in English on the page of any language.
    assert page.xpath("//*[self::footer or @class='key'][not(@lang='en')]") == []


@EVERY
def test_texts_arrive_as_written(listing: Listing, page: lxml_html.HtmlElement) -> None:
    if listing.kind == "site":
        return
    for article, entry in zip(page.iter("article"), listing.entries, strict=True):
        text = article.text_content()
        for written in texts(entry):
            assert written in text


def texts(entry: Entry) -> list[str]:
    """Return the texts of an entry that a page shows as they are, without lists and labelled links."""
    passages = [p.text for p in entry.commentary if not re.match("- |1[.] |#+ |\\[", p.text)]
    fields = [entry.title, entry.abstract, *(author.name for author in entry.authors), *passages]
    return [printable(text) for text in fields if text and "\n" not in text]


def test_site_lists_the_newest_days_whole_and_the_older_by_month() -> None:
    listing, page = PAGES["older-days"]
    days = [day.date.isoformat() for day in listing.digests]
    assert page.xpath("//section/h2/a/time/@datetime") == days[:4]
    assert page.xpath("//ul[@class='days']//time/text()") == ["2024-05", "2024-04", "2024-03"]
    assert page.xpath("//ul[@class='days']//a/@href") == ["2024/05/", "2024/04/", "2024/03/"]
    assert len(page.xpath("//ul[@class='titles']/li")) == 120


def test_tags_are_listed_by_their_names() -> None:
    page = lxml_html.document_fromstring(publish(PAGES["sample-site"][0])["tags/index.html"])
    links = [[(link.text, link.get("aria-label")) for link in item.iter("a")] for item in page.iter("li")]
    assert [[name for name, _ in pair] for pair in links[:2]] == [
        ["#alignment", "Atom"],
        ["#efficiency", "Atom"],
    ]
    assert links[0][1] == ("Atom", "Atom feed of #alignment")


def test_encoding_is_said_within_the_first_kilobyte() -> None:
    page = publish(PAGES["sample-site"][0])["index.html"]
    assert b'<meta charset="utf-8">' in page[:1024]
    assert page.decode("utf-8").startswith("<!DOCTYPE html>")


def test_stylesheet_asks_nothing_of_others() -> None:
    style = publish(PAGES["sample-site"][0])["style.css"].decode()
    assert not re.search(r"url\(|@import|@font-face", style)


def test_every_link_within_the_site_leads_to_a_file_and_an_anchor(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(PROJECT / "digests", out, SITE)
    pages = {
        path.relative_to(out).as_posix(): lxml_html.document_fromstring(path.read_bytes())
        for path in out.rglob("*.html")
    }
    checked = 0
    for name, page in pages.items():
        for address in (str(e.get("href")) for e in page.iter("a", "link")):
            target, fragment = urldefrag(urljoin(SITE.base_url + name, address))
            if not target.startswith(SITE.base_url):
                continue
            file = target.removeprefix(SITE.base_url)
            file += "index.html" if file.endswith("/") or not file else ""
            assert (out / file).is_file(), (name, address)
            assert not fragment or fragment in {e.get("id") for e in pages[file].iter()}, (name, address)
            checked += 1
    assert checked > 100
