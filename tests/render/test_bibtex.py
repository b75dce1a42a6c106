"""BibTeX as its readers get it: entries whole, fields in place, nothing that a text says becomes markup."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from pathlib import Path

import bibtexparser.entrypoint
import msgspec
import pytest
from costs import BOUND, Work, growth, slowdown
from examples import tries
from hypothesis import given
from hypothesis import strategies as st
from papers import KOREAN, MUSICRL, SAMPLE, SITE, UNTITLED, listing, paper, people, read_back, said, squeezed
from pybtex.database import BibliographyData, Entry, parse_string

from pipeline import model
from pipeline.archive import Days
from pipeline.model import Digest, Identifiers, Link
from pipeline.render import bibtex
from pipeline.render._bibliography import Bibliography, render
from pipeline.render._escape import prose
from pipeline.render._record import record_maker, records

FLAVOURS = [bibtex.PLAIN, bibtex.BIBLATEX, bibtex.ASCII]


def read(content: bytes) -> BibliographyData:
    return parse_string(content.decode("utf-8"), "bibtex")


def fields_of(**facts: object) -> dict[str, str]:
    """Return the fields that a reader finds for one paper."""
    entry: Entry = next(iter(read(render(bibtex.PLAIN, SITE, listing(paper(**facts)))).entries.values()))
    return dict(entry.fields.items())


def test_writes_one_paper_so() -> None:
    assert render(bibtex.PLAIN, SITE, listing(MUSICRL)).decode("utf-8") == (
        r"""@misc{cideron2024musicrl,
  author = {Cideron, Geoffrey and van den Oord, Aäron and {Gemma Team} and others},
  title = {{MusicRL}: Aligning Music Generation to Human Preferences},
  year = {2024},
  month = feb,
  date = {2024-02},
  eprint = {2402.04229},
  eprinttype = {arxiv},
  archiveprefix = {arXiv},
  doi = {10.48550/arXiv.2402.04229},
  url = {https://arxiv.org/abs/2402.04229},
  urldate = {2024-02-07},
  keywords = {rlhf, audio_generation},
  abstract = {Raters prefer it in 80.7\% of pairs; LiPO-λ costs \$5.},
  annote = {사람의 선호를 배웁니다. 100\%!

두 번째 문단.}
}
"""
    )


def test_writes_for_biblatex_under_the_same_keys() -> None:
    plain, biblatex = (read(render(form, SITE, SAMPLE)) for form in (bibtex.PLAIN, bibtex.BIBLATEX))
    assert list(plain.entries) == list(biblatex.entries)
    entry = biblatex.entries["cideron2024musicrl"]
    assert entry.type == "online"
    assert {"year", "month", "archiveprefix"}.isdisjoint(entry.fields)
    assert (entry.fields["date"], entry.fields["eprinttype"]) == ("2024-02", "arxiv")


def test_writes_ascii_alone_where_asked() -> None:
    content = render(bibtex.ASCII, SITE, SAMPLE).decode("ascii")
    assert r"van den Oord, A{\"{a}}ron" in content
    assert r"LiPO-{$\lambda$}" in content
    assert "[?]" in content


@pytest.mark.parametrize(
    ("arxiv", "expected"),
    [
        ("2402.04229", ("2024", "February", "2024-02")),
        ("0704.0001", ("2007", "April", "2007-04")),
        ("hep-th/9901001", ("1999", "January", "1999-01")),
        ("math.GT/0309136", ("2003", "September", "2003-09")),
        (None, ("2025", "March", "2025-03")),
    ],
)
def test_dates_from_the_identifier_else_the_day(arxiv: str | None, expected: tuple[str, ...]) -> None:
    fields = fields_of(identifiers=Identifiers(arxiv=arxiv), date=dt.date(2025, 3, 1))
    assert (fields["year"], fields["month"], fields["date"]) == expected
    assert fields["urldate"] == "2025-03-01"


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        (Identifiers(arxiv="2402.04229"), "10.48550/arXiv.2402.04229"),
        (Identifiers(arxiv="2402.04229", doi="10.48550/arxiv.2402.04229"), "10.48550/arXiv.2402.04229"),
        (Identifiers(arxiv="2402.04229", doi="10.1145/a_b"), "10.1145/a_b"),
        (Identifiers(), None),
    ],
    ids=["arxiv", "arxiv-spelled", "own", "none"],
)
def test_gives_the_doi_raw(identifiers: Identifiers, expected: str | None) -> None:
    assert fields_of(identifiers=identifiers).get("doi") == expected


PAPER = "https://arxiv.org/abs/2402.04229"


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([("project", "header", "https://x.org/a_b?c=%7Ed#e")], "https://x.org/a_b?c=%7Ed#e"),
        ([("paper", "line", PAPER)], PAPER),
        ([("paper", "text", PAPER)], "https://digests.example/2024/02/07/#a-paper"),
        ([("paper", "header", "javascript:alert(1)")], "https://digests.example/2024/02/07/#a-paper"),
        ([], "https://digests.example/2024/02/07/#a-paper"),
    ],
    ids=["header", "line-of-a-paper", "never-from-running-text", "never-a-script", "page"],
)
def test_links_to_the_paper_else_to_its_page(links: list[tuple[str, str, str]], expected: str) -> None:
    made = tuple(Link(kind=kind, slot=slot, url=url, line=1) for kind, slot, url in links)  # type: ignore[arg-type]
    assert fields_of(links=made)["url"] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"identifiers": Identifiers(arxiv="2402.04229")}, "arXiv:2402.04229"),
        ({"links": (Link(url="https://x.org/post", slot="header", line=1),)}, "x.org/post"),
    ],
    ids=["identifier", "link"],
)
def test_names_an_untitled_paper(facts: dict[str, object], expected: str) -> None:
    assert read_back(fields_of(title=None, **facts)["title"]) == expected
    assert read_back(fields_of(title="{}", **facts)["title"]) == expected


def test_tells_the_language_only_where_the_script_does() -> None:
    assert fields_of(title="한국어 모델")["langid"] == "korean"
    assert "langid" not in fields_of(title="A Model")


def test_keeps_one_record_of_a_paper_met_again() -> None:
    again = paper(
        **{
            **{name: getattr(MUSICRL, name) for name in ("title", "key", "identifiers")},
            "date": dt.date(2024, 3, 1),
            "commentary": said("다시 읽었습니다."),
            "tags": ("RLHF", "music"),
        }
    )
    newer = paper(key="newer", date=dt.date(2024, 2, 20))
    data = read(render(bibtex.PLAIN, SITE, listing(MUSICRL, newer, again)))
    assert list(data.entries) == ["newer", "cideron2024musicrl"]
    fields = data.entries["cideron2024musicrl"].fields
    assert fields["urldate"] == "2024-02-07"
    assert fields["keywords"] == "rlhf, audio_generation, music"
    assert squeezed(fields["annote"]) == (
        r"2024-02-07: 사람의 선호를 배웁니다. 100∖%! 두 번째 문단. 2024-03-01: 다시 읽었습니다."
    )


def test_keeps_two_hundred_authors_in_order() -> None:
    names = [f"Ada B. Name{number}" for number in range(200)]
    entry = read(render(bibtex.PLAIN, SITE, listing(paper(authors=people(*names))))).entries[
        "cideron2024paper"
    ]
    assert [person.last_names for person in entry.persons["author"]] == [[name.split()[-1]] for name in names]


@pytest.mark.parametrize(
    "name", ["Llama Team, AI @ Meta", "Johnson and Johnson", "others", "R&D {Lab}", "DeepSeek-AI"]
)
def test_keeps_an_organisation_one_author(name: str) -> None:
    entry = read(render(bibtex.PLAIN, SITE, listing(paper(authors=people(f"[{name}]"))))).entries[
        "cideron2024paper"
    ]
    assert len(entry.persons["author"]) == 1
    assert read_back(" ".join(entry.persons["author"][0].last_names)) == re.sub("[{}]", "", name)


ATTACKS = [
    'a"}, url = {javascript:alert(1)}, x = {y}',
    'a"}} @misc{evil, title={pwn}}',
    "a}\n\n@misc{evil,\n title = {pwn}}",
    "end}",
    "{start",
    "\\",
    "a\\",
    "\\}",
    "\\\\}",
    "$",
    "$$ }$",
    "\\input{/etc/passwd} \\openout1=x \\loop\\iftrue\\repeat",
    "a # b # jan",
    "^^7d ^^5cinput",
    "@string{x = {y}} @preamble{{\\evil}} @comment{",
    "%",
    "{" * 200,
    "}" * 200,
]


@pytest.mark.parametrize("form", FLAVOURS, ids=lambda form: form.file)
@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_leaves_its_field(text: str, form: Bibliography) -> None:
    hostile = paper(
        title=text,
        abstract=text,
        authors=people(text, f"[{text}]", "Ada Lovelace"),
        tags=(text,),
        commentary=said(text),
    )
    content = render(form, SITE, listing(hostile, KOREAN))
    data = read(content)
    assert list(data.entries) == ["cideron2024paper", "kim2024llm"]
    assert data.entries["cideron2024paper"].fields["url"] == "https://digests.example/2024/02/07/#a-paper"
    for command in re.findall(r"\\[A-Za-z]+", content.decode("utf-8")):
        assert command in {"\\textbackslash", "\\textasciitilde", "\\textasciicircum"}


TEXT = st.text(
    st.one_of(
        st.sampled_from("{}$\\^_~%&#@\"'`=,-<>!?\n"),
        st.characters(min_codepoint=32, max_codepoint=126),
        st.sampled_from("한국어가나éüß"),
    ),
    max_size=40,
)
NAMES = st.text(st.sampled_from("AnBe {}$\\,.-&%김vdo"), min_size=1, max_size=20)


@tries(300)
@given(
    title=TEXT,
    abstract=TEXT,
    note=TEXT,
    names=st.lists(st.tuples(NAMES, st.booleans()), max_size=4),
)
def test_what_goes_in_comes_out(title: str, abstract: str, note: str, names: list[tuple[str, bool]]) -> None:
    authors = people(*(f"[{name}]" if whole else name for name, whole in names))
    entry = paper(title=title or None, abstract=abstract or None, commentary=said(note), authors=authors)
    papers = listing(entry, KOREAN)
    content = render(bibtex.PLAIN, SITE, papers)
    record = next(
        record for record in records(papers, papers.digests[0], record_maker(SITE)) if record.key == entry.key
    )
    expected = {"title": record.title, "abstract": record.abstract, "annote": record.commentary}

    by_pybtex = read(content)
    assert list(by_pybtex.entries) == [entry.key, KOREAN.key]
    seen = by_pybtex.entries[entry.key]
    assert len(seen.persons.get("author", ())) == len(record.authors)

    library = bibtexparser.entrypoint.parse_string(content.decode("utf-8"))
    assert not library.failed_blocks
    assert [each.key for each in library.entries] == [entry.key, KOREAN.key]
    by_bibtexparser = {field.key: field.value for field in library.entries[0].fields}
    for field, text in expected.items():
        if text and text.strip():
            assert read_back(seen.fields[field]) == squeezed(text)
            assert read_back(by_bibtexparser[field]) == squeezed(text)


@pytest.mark.parametrize("form", FLAVOURS, ids=lambda form: form.file)
def test_same_papers_give_same_bytes(form: Bibliography) -> None:
    days = msgspec.json.decode(msgspec.json.encode(tuple(SAMPLE.digests)), type=tuple[Digest, ...])
    copied = msgspec.structs.replace(SAMPLE, digests=Days.of(days))
    assert render(form, SITE, SAMPLE) == render(form, SITE, copied)


@pytest.mark.parametrize("value", ["end}", "{start", "}{", "a{b}}"])
def test_refuses_a_value_whose_braces_are_not_balanced(value: str) -> None:
    writer = bibtex._FieldWriter(bibtex.Flavour())  # noqa: SLF001 - no text can bring it about from outside
    with pytest.raises(ValueError, match="unbalanced"):
        writer.quote(value)


def test_no_papers_give_an_empty_file() -> None:
    assert render(bibtex.PLAIN, SITE, listing()) == b""


class Looked(model.Entry, frozen=True, eq=False):
    """An entry that takes a step to compare."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def test_cost_grows_with_the_papers() -> None:
    facts = msgspec.structs.asdict(MUSICRL)

    def writing(count: int) -> Work:
        papers = listing(*(Looked(**facts | {"key": f"k{number}"}) for number in range(count)))
        return lambda: render(bibtex.PLAIN, SITE, papers)

    assert growth(writing, 50) < 1.1
    assert slowdown(writing, 2_000) < BOUND


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=240, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


HARD = paper(
    title=r"LiPO-$\lambda$ & H$_2$O: 100% of R^2~_#<x>? A Σ-Study for \$5 \variant C:\x",
    key="hard",
    authors=people("Léonard Žižek", "Émile Ångström", "Łukasz Øre", "[R&D_Lab #1, 50%]"),
    abstract="}{ $ \\ & # _ % ^ ~ 한국어",
    commentary=said("한국어 메모 } { $ \\"),
    tags=("a_b", "c&d", "e#f", "50%"),
    links=(Link(url="https://x.org/a_b%20c#d&e=~f", kind="paper", slot="header", line=1),),
)
ATTACKED = [paper(title=text, abstract=text, key=f"attack{at}") for at, text in enumerate(ATTACKS)]


def compile_with(folder: Path, content: bytes, *, style: str) -> str:
    """Typeset all entries with BibTeX and pdfLaTeX, and return both logs."""
    (folder / "in.bib").write_bytes(content)
    natbib = "authoryear" if style in {"plainnat", "ACM-Reference-Format"} else "numbers"
    (folder / "m.tex").write_text(
        rf"\documentclass{{article}}\usepackage[T1]{{fontenc}}\usepackage[{natbib}]{{natbib}}\usepackage{{url}}"
        r"\begin{document}\nocite{*}"
        rf"\bibliographystyle{{{style}}}\bibliography{{in}}\end{{document}}",
        encoding="utf-8",
    )
    latex = ("pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "-draftmode", "m.tex")
    run(folder, *latex)
    said_by_bibtex = run(folder, "bibtex", "m")
    run(folder, *latex)
    log = (folder / "m.log").read_text(encoding="utf-8", errors="replace")
    return said_by_bibtex + log


@pytest.mark.client("bibtex", "pdflatex")
@pytest.mark.parametrize("style", ["plain", "plainnat", "abbrv", "IEEEtran", "ACM-Reference-Format"])
def test_bibtex_and_latex_set_it_without_errors(tmp_path: Path, style: str) -> None:
    if not run(tmp_path, "kpsewhich", f"{style}.bst"):
        pytest.skip(f"TeX has no style {style} here")
    papers = listing(MUSICRL, HARD, UNTITLED, *ATTACKED)
    logs = compile_with(tmp_path, render(bibtex.PLAIN, SITE, papers), style=style)
    assert not re.findall(r"^(?:!.*|I (?:found|was|couldn).*|.*error message.*)$", logs, re.MULTILINE)
    assert "한국어" not in (tmp_path / "m.bbl").read_text(encoding="utf-8")
    assert (tmp_path / "m.bbl").read_text(encoding="utf-8").count("\\bibitem") == 3 + len(ATTACKED)


@pytest.mark.client("bibtex", "pdflatex")
def test_the_ascii_flavour_sets_every_script(tmp_path: Path) -> None:
    logs = compile_with(
        tmp_path, render(bibtex.ASCII, SITE, listing(MUSICRL, HARD, KOREAN)), style="plainnat"
    )
    assert not re.findall(r"^!.*$", logs, re.MULTILINE)


@pytest.mark.client("bibtex", "pdflatex")
def test_styles_lower_words_but_no_names(tmp_path: Path) -> None:
    title = "Can GPT-4 Learn How to Learn? A Study: The Mamba Case"
    compile_with(tmp_path, render(bibtex.PLAIN, SITE, listing(paper(title=title))), style="plain")
    bbl = (tmp_path / "m.bbl").read_text(encoding="utf-8")
    assert re.sub(r"[{}\s]+", " ", bbl).count("Can GPT-4 learn how to learn? A study: The mamba case") == 1


@pytest.mark.client("biber")
@pytest.mark.parametrize(
    ("form", "known"),
    [(bibtex.PLAIN, "Field 'archiveprefix' invalid in data model"), (bibtex.BIBLATEX, None)],
    ids=["bibtex", "biblatex"],
)
def test_biber_finds_nothing_else_to_say(tmp_path: Path, form: Bibliography, known: str | None) -> None:
    (tmp_path / "in.bib").write_bytes(render(form, SITE, listing(MUSICRL, HARD, KOREAN, UNTITLED, *ATTACKED)))
    log = run(tmp_path, "biber", "--tool", "--validate-datamodel", "--output-file", "out.bib", "in.bib")
    warnings = re.findall(r"^(?:WARN|ERROR) - .*$", log, re.MULTILINE)
    assert "INFO - " in log
    assert [line for line in warnings if known is None or known not in line] == []


@pytest.mark.client("biber", "pdflatex")
def test_biblatex_sets_it_without_errors(tmp_path: Path) -> None:
    (tmp_path / "in.bib").write_bytes(
        render(bibtex.BIBLATEX, SITE, listing(MUSICRL, HARD, UNTITLED, *ATTACKED))
    )
    (tmp_path / "m.tex").write_text(
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage[backend=biber]{biblatex}"
        r"\addbibresource{in.bib}\begin{document}\nocite{*}\printbibliography\end{document}",
        encoding="utf-8",
    )
    latex = ("pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "-draftmode", "m.tex")
    run(tmp_path, *latex)
    run(tmp_path, "biber", "m")
    run(tmp_path, *latex)
    log = (tmp_path / "m.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall(r"^!.*$", log, re.MULTILINE)
    assert (tmp_path / "m.bbl").read_text(encoding="utf-8").count("\\entry{") == 3 + len(ATTACKED)


def test_blanks_cost_what_they_are() -> None:
    def writing(size: int) -> Work:
        blank = " " * size
        return lambda: prose(f"a\n{blank}b{blank}x = 1\n \n @c")

    assert writing(3)() == "a\n   b   x = 1 @c"
    assert slowdown(writing, 50_000) < BOUND
