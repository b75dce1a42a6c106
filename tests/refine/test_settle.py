"""What was published keeps its identity, whatever becomes of the digests; and the ledger is enough."""

from __future__ import annotations

import datetime as dt

import pytest
from examples import tries
from hypothesis import given
from hypothesis import strategies as st
from made import DAY, digest, entry, link
from msgspec import Struct, structs

from pipeline.archive import Archive
from pipeline.errors import LedgerError
from pipeline.ledger import load, written
from pipeline.model import Digest, Entry, Ledger, LedgerEntry, Site, Withdrawn
from pipeline.refine import _withdrawal, identity, merge, rename
from pipeline.refine._recognition import recognised, visible
from pipeline.refine._settle import settle
from pipeline.render import site_listing
from pipeline.render._growing import grown
from pipeline.render.json_dump import ARCHIVE, read_archive

SITE = Site(authority="example.org,2024")
NOW = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
MUSIC = "MusicRL: Aligning Music Generation to Human Preferences"


def published(digests: tuple[Digest, ...]) -> tuple[Digest, ...]:
    """Return what the dump of the site tells of digests, as a run reads it."""
    return (
        read_archive(grown(ARCHIVE, SITE, site_listing(Archive.of(digests), SITE)).content) if digests else ()
    )


def built(
    days: tuple[Digest, ...],
    before: tuple[Digest, ...] = (),
    ledger: Ledger = Ledger(),  # noqa: B008 - a frozen value
    now: dt.datetime = NOW,
) -> tuple[tuple[Digest, ...], Ledger]:
    """Return what a run makes of days whose forerunners are published."""
    refined = identity.refine(merge.refine(days, SITE), SITE, ledger)
    return settle(refined, published(before), ledger, SITE, now)


def two_runs(before: list[Entry], after: list[Entry]) -> tuple[list[Entry], Ledger]:
    """Return the entries of one day after its correction, and the ledger."""
    first, _ = built((digest(*before),))
    second, ledger = built((digest(*after),), first)
    return list(second[0].entries), ledger


CORRECTIONS = [
    pytest.param(
        entry(MUSIC, "Geoffrey Cideron"),
        entry(MUSIC + "s", "Geoffrey Cideron"),
        "musicrl-aligning-music-generation-to-human-preferences",
        id="a letter of the title",
    ),
    pytest.param(
        entry("Grok", "A", arxiv="2402.04229"), entry("Mamba", "A", arxiv="2402.04229"), "grok", id="arXiv"
    ),
    pytest.param(entry("Grok", "A", doi="10.1145/1"), entry("Mamba", "B", doi="10.1145/1"), "grok", id="DOI"),
    pytest.param(
        entry("Grok", "A", links=[link("https://a.org/1")]),
        entry("Mamba", "A", links=[link("https://a.org/1")]),
        "grok",
        id="link",
    ),
    pytest.param(
        entry("Grok", "A", says=["s" * 90]), entry("Mamba", "B", says=["s" * 90]), "grok", id="words"
    ),
    pytest.param(entry("Grok", "A"), entry("Grok", "Ada"), "grok", id="authors"),
    pytest.param(entry("Grok!", "A"), entry("Grok?", "B"), "grok", id="marks"),
]


@pytest.mark.parametrize(("before", "after", "anchor"), CORRECTIONS)
def test_a_corrected_entry_keeps_its_identity(before: Entry, after: Entry, anchor: str) -> None:
    (one,), _ = two_runs([before], [after])
    was = identity.refine((digest(before),), SITE)[0].entries[0]
    assert one.anchor == anchor
    assert (one.id, one.key, one.published, one.updated) == (was.id, was.key, was.published, NOW)


OTHERS = [
    pytest.param(
        entry("Qwen2 Technical Report", "A Yang"), entry("Qwen2.5 Technical Report", "A Yang"), id="figures"
    ),
    pytest.param(
        entry("On Reward Models: Part I", "A"), entry("On Reward Models: Part II", "A"), id="roman figures"
    ),
    pytest.param(entry(MUSIC, "Geoffrey Cideron"), entry(MUSIC + "s", "Ada Kim"), id="first author"),
    pytest.param(entry(MUSIC), entry(MUSIC + "s"), id="no authors"),
    pytest.param(entry("Grok", "A", arxiv="2402.04229"), entry("grok", "A", arxiv="2402.03170"), id="arXiv"),
    pytest.param(entry("Grok", "A"), entry("Mamba", "A"), id="another title"),
    pytest.param(entry("Grok", "A", says=["Nice."]), entry("Mamba", "A", says=["Nice."]), id="few words"),
]


@pytest.mark.parametrize(("before", "after"), OTHERS)
def test_another_entry_is_never_given_the_identity_of_one_that_is_gone(before: Entry, after: Entry) -> None:
    (one,), _ = two_runs([before], [after])
    was = identity.refine((digest(before),), SITE)[0].entries[0]
    assert one.id != was.id
    assert one.updated == one.published


def test_of_two_equally_alike_neither_is_taken() -> None:
    before = (entry(MUSIC, "A"),)
    assert recognised((entry(MUSIC + "s", "A"), entry(MUSIC + "x", "A")), before) == {}


def test_a_day_written_anew_is_not_compared_title_by_title() -> None:
    before = tuple(entry(f"{'x' * n} of models", "A") for n in range(2, 300))
    assert recognised(tuple(entry(f"{'y' * n} of models", "A") for n in range(2, 300)), before) == {}


LEDGERS = [
    pytest.param([entry("T", "A")], [entry("T", "A")], [], id="nothing"),
    pytest.param([entry("T", "A")], [entry("T", "A"), entry("U", "B")], [], id="an entry at the end"),
    pytest.param(
        [entry("T", "A", arxiv="2402.04229")],
        [entry("U", "A", arxiv="2402.04229")],
        [LedgerEntry(day=DAY, slug="u", anchor="t", key="a2024t", updated=NOW)],
        id="a title",
    ),
    pytest.param(
        [entry("T", "A", says=["Teh."])],
        [entry("T", "A", says=["The."])],
        [LedgerEntry(day=DAY, slug="t", updated=NOW)],
        id="a typo",
    ),
    pytest.param(
        [entry("T", "A")],
        [entry("U", "B"), entry("T", "A")],
        [LedgerEntry(day=DAY, slug="t", published=dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC))],
        id="an entry before",
    ),
    pytest.param(
        [entry("Mamba One", "Gu")],
        [entry("Mamba Two", "Gu"), entry("Mamba One", "Gu")],
        [
            LedgerEntry(
                day=DAY,
                slug="mamba-one",
                key="gu2024mamba",
                published=dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC),
            )
        ],
        id="a key wanted before",
    ),
    pytest.param(
        [entry("T", "A")],
        [entry("T", "B"), entry("T", "A")],
        [
            LedgerEntry(
                day=DAY,
                slug="t-f9c55b3d",
                anchor="t",
                published=dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC),
            )
        ],
        id="an anchor wanted before",
    ),
    pytest.param([entry("T", "A"), entry("U", "B")], [entry("T", "A")], [], id="the last is gone"),
]


@pytest.mark.parametrize(("before", "after", "records"), LEDGERS)
def test_the_ledger_holds_exceptions_only(
    before: list[Entry], after: list[Entry], records: list[LedgerEntry]
) -> None:
    _, ledger = two_runs(before, after)
    assert list(ledger.entries) == records


def test_a_back_dated_paper_takes_the_key_that_its_later_day_has() -> None:
    later = dt.date(2024, 2, 9)
    known = entry("T", "A", arxiv="2402.04229", date=later)
    first, _ = built((digest(known),))
    new = entry("The Final Title", "Ada Kim", arxiv="2402.04229")
    second, ledger = built((digest(new), digest(known)), first)
    assert [day.entries[0].key for day in second] == ["a2024t", "a2024t"]
    assert identity.refine(second, SITE, ledger) == second


def test_a_future_day_is_never_updated_before_it_is_published() -> None:
    far = dt.date(2030, 1, 1)
    first, _ = built((digest(entry("T", "A", date=far)),))
    second, ledger = built((digest(entry("T", "A", date=far, says=["More."])),), first)
    one = second[0].entries[0]
    assert one.updated == one.published
    assert ledger == Ledger()


OTHER = digest(entry("V", "C", date=dt.date(2024, 2, 9)))
NOON = dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)


def test_what_is_gone_comes_back_with_its_names_and_as_updated() -> None:
    first, _ = built((digest(entry("T", "A", arxiv="2402.04229")),))
    day = digest(entry("U", "A", arxiv="2402.04229"))
    second, ledger = built((day, OTHER), first)
    third, ledger = built((OTHER,), second, ledger, LATER)
    assert (len(ledger.withdrawn), ledger.entries) == (1, ())
    fourth, ledger = built((day, OTHER), third, ledger, LATER)
    was, now = second[0].entries[0], fourth[0].entries[0]
    # Later than what readers were told: RFC 6721 lets a tombstone count for all that is not.
    assert now == structs.replace(was, updated=LATER + dt.timedelta(seconds=1))
    assert ledger.withdrawn == ()
    assert built((day, OTHER), (), ledger, LATER) == (fourth, ledger)


def test_what_is_gone_is_recorded_once() -> None:
    gone = entry("T", "Ada", arxiv="2402.04229", tags=["RLHF", "c++"])
    first, _ = built((digest(gone, entry("U", "B")), OTHER))
    second, ledger = built((digest(entry("U", "B")), OTHER), first, now=NOW)
    expected = Withdrawn(
        day=DAY,
        anchor="t",
        slug="t-42dac582",
        key="ada2024t",
        published=NOON,
        when=NOW,
        feeds=("tags/c-cedb1bac/", "tags/rlhf/"),
    )
    assert ledger.withdrawn == (expected,)
    # Its moment stays its own: the others need no exception.
    assert ledger.entries == ()
    assert built((digest(entry("U", "B")), OTHER), second, ledger, LATER) == (second, ledger)
    # A page that was kept shows it again and again: it was told once.
    assert built((digest(entry("U", "B")), OTHER), first, ledger, LATER) == (second, ledger)


@pytest.mark.parametrize(("before", "after", "anchor"), CORRECTIONS)
def test_a_corrected_entry_is_never_withdrawn(before: Entry, after: Entry, anchor: str) -> None:
    _, ledger = two_runs([before], [after])
    assert ledger.withdrawn == ()
    assert {record.worn for record in ledger.entries} == {anchor}


RETURNS = [
    pytest.param(entry("T", "A"), "t", "a2024t", id="the same paper"),
    pytest.param(entry("T", "A", says=["More."]), "t", "a2024t", id="with more to say"),
    pytest.param(entry("T", "B"), "t-ba5221d3", "b2024t", id="other authors"),
    pytest.param(entry("U", "A"), "u", "a2024u", id="another title"),
]


@pytest.mark.parametrize(("new", "anchor", "key"), RETURNS)
def test_names_of_the_withdrawn_are_kept_for_their_paper(new: Entry, anchor: str, key: str) -> None:
    first, _ = built((digest(entry("T", "A")), OTHER))
    second, ledger = built((OTHER,), first)
    third, ledger = built((digest(new), OTHER), second, ledger, LATER)
    one = third[0].entries[0]
    assert (one.anchor, one.key) == (anchor, key)
    assert len(ledger.withdrawn) == (anchor != "t")
    assert built((digest(new), OTHER), (), ledger, LATER) == (third, ledger)


def test_who_comes_as_another_goes_does_not_take_its_moment() -> None:
    first, _ = built((digest(entry("T", "A")),))
    second, ledger = built((digest(entry("U", "B")),), first)
    third, ledger = built((digest(entry("T", "A"), entry("U", "B")),), second, ledger, LATER)
    assert [one.published for one in third[0].entries] == [NOON, NOON - dt.timedelta(seconds=1)]


def test_a_withdrawn_paper_keeps_its_key_on_another_day() -> None:
    first, _ = built((digest(entry("T", "A")), OTHER))
    second, ledger = built((OTHER,), first)
    moved = digest(entry("T", "A", date=dt.date(2024, 2, 8)))
    third, ledger = built((moved, OTHER), second, ledger, LATER)
    assert third[0].entries[0].key == "a2024t"
    assert [past.day for past in ledger.withdrawn] == [DAY]


def identified(title: str, number: str, date: dt.date = DAY) -> Entry:
    return entry(title, "A", date=date, arxiv=number, links=[link(f"https://arxiv.org/abs/{number}")])


TWINS = (identified("T", "2402.00001"), identified("T", "2402.00002"))
# That day gives the second its key, so that it has nothing that the ledger must say.
EARLIER = digest(identified("Before", "2402.00002", dt.date(2024, 2, 5)))


@pytest.mark.parametrize("stays", [0, 1])
@pytest.mark.parametrize("others", [(), (EARLIER,)], ids=["alone", "with an earlier day"])
def test_the_one_of_two_alike_that_stays_is_not_taken_for_the_other(
    others: tuple[Digest, ...], stays: int
) -> None:
    first, _ = built((*others, digest(*TWINS)))
    left = (*others, digest(TWINS[stays]))
    second, ledger = built(left, first)
    assert second[-1].entries[0].id == first[-1].entries[stays].id
    assert built(left, (), ledger, LATER) == (second, ledger)
    third, ledger = built((*others, digest(*TWINS)), second, ledger, LATER)
    assert [one.id for one in third[-1].entries] == [one.id for one in first[-1].entries]
    assert ledger.withdrawn == ()


@pytest.mark.parametrize(("old", "new"), [("Alpha", "Zulu"), ("Zulu", "Alpha")])
def test_what_became_another_never_comes_back(old: str, new: str) -> None:
    was, now = digest(entry(old, "A")), digest(entry(new, "B"))
    first, _ = built((was, OTHER))
    second, ledger = built((now, OTHER), first)
    digests = identity.refine(merge.refine((now, OTHER), SITE), SITE, ledger)
    ledger = rename(
        old.lower(), new, digests=digests, before=published(second), ledger=ledger, site=SITE, now=LATER
    )
    before = second
    for days in ((now, OTHER), (OTHER,), (now, OTHER)):
        before, ledger = built(days, before, ledger, LATER)
        assert built(days, (), ledger, LATER) == (before, ledger)
    assert before[0].entries[0].anchor == old.lower()
    assert before[0].entries[0].key == first[0].entries[0].key
    assert [(past.anchor, past.became) for past in ledger.withdrawn] == [(new.lower(), old.lower())]


WORDS = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa "
    "quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
).split()


class Paper(Struct, frozen=True, kw_only=True):
    """One paper of the pool, and what has become of it on a day."""

    number: int
    edits: int = 0
    says: int = 0
    identified: bool = False


def as_entry(paper: Paper, date: dt.date) -> Entry:
    """Return a paper as an entry: first words, authors and years clash, whole titles do not."""
    words = [WORDS[(paper.number // 2 * 7 + step * (paper.number // 2 + 1)) % 26] for step in range(9)]
    title = f"{['Mamba', 'Grok'][paper.number % 4 // 2]} {' '.join(words)}{'s' * paper.edits}"
    return entry(
        title,
        # Every other paper has the title of the one before, and other authors.
        *([f"{'Ada' if paper.number % 2 else 'Bo'} Gu"] if paper.number < 10 or paper.number % 2 else []),
        date=date,
        file=f"{paper.number}",
        arxiv=f"2402.{paper.number:05}" if paper.identified else None,
        says=[f"Version {paper.says}."] if paper.says else [],
    )


Days = dict[dt.date, list[Paper]]
CHANGES = ("add", "add", "add", "remove", "retitle", "retitle", "say", "identify", "reorder")


@st.composite
def histories_of_runs(draw: st.DrawFn) -> list[Days]:
    """Give the states of a folder at its runs: one to three changes apart."""
    states: list[Days] = [{DAY: [Paper(number=draw(st.integers(0, 11)))]}]
    for _ in range(draw(st.integers(1, 6))):
        days = {date: list(papers) for date, papers in states[-1].items()}
        touched: set[tuple[dt.date, int]] = set()
        for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
            date = DAY + dt.timedelta(days=draw(st.integers(-2, 2)))
            _change(draw, change, days.setdefault(date, []), date, touched)
        # A run that finds no paper publishes nothing.
        if any(days.values()):
            states.append({date: papers for date, papers in sorted(days.items()) if papers})
    return states


def _change(
    draw: st.DrawFn, change: str, papers: list[Paper], date: dt.date, touched: set[tuple[dt.date, int]]
) -> None:
    """Change one day; of two papers with one title only one a run, or nobody could tell which is which."""
    place = draw(st.integers(0, 20)) % (len(papers) + (change == "add")) if papers or change == "add" else 0
    if change == "add":
        number = draw(st.integers(0, 11))
        if number not in {paper.number for paper in papers} and (date, number // 2) not in touched:
            papers.insert(place, Paper(number=number, identified=draw(st.booleans())))
            touched.add((date, number // 2))
    elif papers and change == "reorder":
        papers.reverse()
    elif papers and (date, papers[place].number // 2) not in touched:
        touched.add((date, papers[place].number // 2))
        paper = papers.pop(place)
        if change == "retitle" and paper.number < 10:
            papers.insert(place, structs.replace(paper, edits=1 - paper.edits))
        elif change == "say":
            papers.insert(place, structs.replace(paper, says=paper.says + 1))
        elif change == "identify":
            papers.insert(place, structs.replace(paper, identified=True))


def digests_of(state: Days) -> tuple[Digest, ...]:
    return tuple(digest(*(as_entry(paper, date) for paper in papers)) for date, papers in state.items())


def entries_of(days: tuple[Digest, ...]) -> dict[tuple[dt.date, str], Entry]:
    return {(one.date, one.file): one for day in days for one in day.entries}


@tries(200)
@given(histories_of_runs(), st.data())
def test_any_history(
    tmp_path_factory: pytest.TempPathFactory, states: list[Days], data: st.DataObject
) -> None:
    before: tuple[Digest, ...] = ()
    ledger = Ledger()
    owners: dict[str, tuple[dt.date, str]] = {}
    papers: dict[str, set[str]] = {}
    path = tmp_path_factory.getbasetemp() / "ledger.toml"
    for number, state in enumerate(states):
        now = NOW + dt.timedelta(days=number)
        days = digests_of(state)
        told, renames = set(ledger.withdrawn), dict[tuple[dt.date, str], Withdrawn]()
        for _ in range(data.draw(st.integers(0, 2))):
            ledger, renamed = _renamed(data, days, before, ledger, now)
            renames |= renamed
        owners |= {_id(was): place for place, was in renames.items()}
        for (_, file), was in renames.items():
            papers[was.key].add(file)
        done, ledger = built(days, before, ledger, now)
        _holds({p: e for p, e in entries_of(before).items() if p not in renames}, entries_of(done), now)
        for place, was in renames.items():
            one = entries_of(done)[place]
            assert (one.id, one.key, one.published) == (_id(was), was.key, was.published)
            assert one.updated
            assert one.updated > was.when or was not in told
        for place, one in entries_of(done).items():
            assert owners.setdefault(one.id, place) == place
            assert one.file in papers.setdefault(one.key, {one.file})
        gone = {_id(past) for past in ledger.withdrawn}
        assert gone == owners.keys() - {one.id for one in entries_of(done).values()}
        path.write_bytes(written(ledger))
        assert load(path) == ledger
        assert built(days, (), ledger, LATER) == (done, ledger)
        assert built(days, done, ledger, LATER) == (done, ledger)
        before = done


def _renamed(
    data: st.DataObject,
    days: tuple[Digest, ...],
    before: tuple[Digest, ...],
    ledger: Ledger,
    now: dt.datetime,
) -> tuple[Ledger, dict[tuple[dt.date, str], Withdrawn]]:
    """Say of some entry that it is one that was published; nothing where a run would know better."""
    were = (*ledger.withdrawn, *(_withdrawal.withdrawn(e, SITE, NOW) for day in before for e in day.entries))
    pairs = [(past, one) for past in were for one in entries_of(days).values() if past.day == one.date]
    if not pairs:
        return ledger, {}
    past, one = data.draw(st.sampled_from(pairs))
    digests = identity.refine(merge.refine(days, SITE), SITE, ledger)
    names = (_id(past), f"{one.file}:1")
    try:
        done = rename(*names, digests=digests, before=published(before), ledger=ledger, site=SITE, now=now)
    except LedgerError:
        return ledger, {}
    return done, {(one.date, one.file): past}


def _id(past: Withdrawn) -> str:
    return f"tag:{SITE.authority}:{past.day}/{past.anchor}"


def _holds(
    before: dict[tuple[dt.date, str], Entry], after: dict[tuple[dt.date, str], Entry], now: dt.datetime
) -> None:
    """Assert that what was published keeps its identity, and that no other gets it."""
    assert len({one.id for one in after.values()}) == len(after)
    assert len({one.published for one in after.values()}) == len(after)
    assert len({(one.key, one.file) for one in after.values()}) == len(
        {(o.key, o.file) for o in after.values()}
    )
    for place, one in after.items():
        assert one.published
        assert one.updated
        assert one.updated >= one.published
        was = before.get(place)
        if was:
            assert (one.id, one.key, one.published) == (was.id, was.key, was.published)
            changed = visible(one) != visible(was)
            if changed:
                assert max(now, one.published) - one.updated < dt.timedelta(minutes=1)
            else:
                assert one.updated == was.updated
