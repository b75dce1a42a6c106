"""Lists of authors, whoever is first in a name and whatever parts the names."""

from __future__ import annotations

import pytest

from pipeline.parse._authors import looks_like_authors, read_authors

LISTS = [
    pytest.param("Ada Lovelace; Alan Turing", ["Ada Lovelace", "Alan Turing"], id="semicolons"),
    pytest.param("Smith, John; van den Oord, Aäron", ["Smith, John", "van den Oord, Aäron"], id="turned"),
    pytest.param("King, Martin, Jr.; Doe, Jane", ["King, Martin, Jr.", "Doe, Jane"], id="turned, a suffix"),
    pytest.param(
        "García Márquez, Gabriel; Doe, Jane", ["García Márquez, Gabriel", "Doe, Jane"], id="two family names"
    ),
    pytest.param("Smith, John and Doe, Jane", ["Smith, John", "Doe, Jane"], id="turned, as BibTeX has it"),
    pytest.param(
        "Smith, J., Müller, K.-R., & Doe, A. B.",
        ["Smith, J.", "Müller, K.-R.", "Doe, A. B."],
        id="turned initials",
    ),
    pytest.param(
        "Ada Lovelace, Alan Turing; Grace Hopper, Edsger Dijkstra",
        ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Edsger Dijkstra"],
        id="groups of full names",
    ),
    pytest.param(
        "Ada Lovelace, Alan Turing and Grace Hopper",
        ["Ada Lovelace", "Alan Turing", "Grace Hopper"],
        id="and at the end",
    ),
    pytest.param(
        "Smith, J., Roe, R. and Doe, A.", ["Smith, J.", "Roe, R.", "Doe, A."], id="turned initials, and"
    ),
    pytest.param("Plato, Aristotle", ["Plato", "Aristotle"], id="names of one word"),
    pytest.param(
        "Ada Lovelace, MIT; Alan Turing, NPL",
        ["Ada Lovelace", "MIT", "Alan Turing", "NPL"],
        id="where they work",
    ),
    pytest.param("A. B. Smith, J Doe", ["A. B. Smith", "J Doe"], id="initials in front"),
    pytest.param("김철수·이영희 · 박민수", ["김철수", "이영희", "박민수"], id="Korean, middle dots"),
    pytest.param("ジョン・スミス, 山田太郎", ["ジョン・スミス", "山田太郎"], id="Japanese, a dot in a name"),
    pytest.param("D’Arcy Thompson, Renée d’Ascoli", ["D’Arcy Thompson", "Renée d’Ascoli"], id="a small d"),
    pytest.param("Daniel D'souza, Sara Hooker", ["Daniel D'souza", "Sara Hooker"], id="a large D"),
]


@pytest.mark.parametrize(("text", "names"), LISTS)
def test_reads_the_names_of_a_list(text: str, names: list[str]) -> None:
    assert looks_like_authors(text)
    assert [author.name for author in read_authors(text).authors] == names


KINDS = [
    pytest.param("Llama Team, AI @ Meta; Ada Lovelace", ["organisation", "person"], id="a comma of a group"),
    pytest.param(
        "Ada Lovelace (University of London), Alan Turing", ["person", "person"], id="where one works"
    ),
    pytest.param("Gemma Team (Google), Ada Lovelace", ["organisation", "person"], id="whose a group is"),
]


@pytest.mark.parametrize(("text", "kinds"), KINDS)
def test_tells_people_from_organisations(text: str, kinds: list[str]) -> None:
    assert [author.kind for author in read_authors(text).authors] == kinds
