"""Names as printed become family, given, particle and suffix; what is one name stays one."""

from __future__ import annotations

import pytest

from pipeline.model import Author
from pipeline.render._names import Name, read_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Geoffrey Cideron", Name("Cideron", "Geoffrey")),
        ("Peter J. Liu", Name("Liu", "Peter J.")),
        ("Nghi D.Q. Bui", Name("Bui", "Nghi D.Q.")),
        ("Aäron van den Oord", Name("Oord", "Aäron", "van den")),
        ("Ona de Gibert", Name("Gibert", "Ona", "de")),
        ("Diego de Las Casas", Name("Las Casas", "Diego", "de")),
        ("Félix de Chaumont Quitry", Name("Chaumont Quitry", "Félix", "de")),
        ("Guy Van den Broeck", Name("Van den Broeck", "Guy")),
        ("Luc Van Gool", Name("Van Gool", "Luc")),
        ("Luca Del Pero", Name("Del Pero", "Luca")),
        ("Minh Van Nguyen", Name("Nguyen", "Minh Van")),
        ("Quoc V. Le", Name("Le", "Quoc V.")),
        ("Da Chen", Name("Chen", "Da")),
        ("Sung min Kim", Name("Kim", "Sung min")),
        ("Stéphane d'Ascoli", Name("d'Ascoli", "Stéphane")),
        ("Robert Downey Jr.", Name("Downey", "Robert", None, "Jr.")),
        ("William H. Guss III", Name("Guss", "William H.", None, "III")),
        ("Guss, III, William", Name("Guss", "William", None, "III")),
        ("van den Oord, Aäron", Name("Oord", "Aäron", "van den")),
        ("King, Martin Luther, Jr.", Name("King", "Martin Luther", None, "Jr.")),
        ("García Márquez, Gabriel", Name("García Márquez", "Gabriel")),
        ("Smith J.", Name("Smith", "J.")),
        ("van den Oord A.-B.", Name("Oord", "A.-B.", "van den")),
        ("Malcolm X", Name("X", "Malcolm")),
        ("Dr. Ada Lovelace", Name("Lovelace", "Ada")),
        ("Ada Lovelace Ph.D.", Name("Lovelace", "Ada")),
        ("Ada Lovelace (MIT)", Name("Lovelace", "Ada")),
        ("Alan Turing (King's College, Cambridge)", Name("Turing", "Alan")),
        ("Ming Li (李明)", Name("Li", "Ming")),
        ("李明 (Ming Li)", Name(literal="李明")),
        ("Ramanovich", Name("Ramanovich")),
        ("lucidrains", Name("lucidrains")),
        ("van Gogh", Name("Gogh", None, "van")),
        ("Nanyun (Violet)Peng", Name("Peng", "Nanyun (Violet)")),
        ("김철수", Name(literal="김철수")),
        ("김 철수", Name(literal="김 철수")),
        ("李飛飛", Name(literal="李飛飛")),
        (r"J\"urgen Schmidhuber", Name("Schmidhuber", "Jürgen")),
        ("A}{ B", Name("B", "A")),
        ("\u202eAda Lovelace\u202c", Name("Lovelace", "Ada")),
        ("A\x00da Love\ud800lace", Name("Lovelace", "Ada")),
        ("Johnson and Johnson", Name(literal="Johnson and Johnson")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reads_persons(name: str, expected: Name) -> None:
    assert read_name(Author(name=name)) == expected


@pytest.mark.parametrize("name", ["Gemma Team", "DeepSeek-AI", "Llama Team, AI @ Meta", "R and D Group"])
def test_never_splits_organisations(name: str) -> None:
    assert read_name(Author(name=name, kind="organisation")) == Name(literal=name)


@pytest.mark.parametrize("name", ["", "*", "{}", " , "])
def test_leaves_out_what_names_nobody(name: str) -> None:
    assert read_name(Author(name=name)) is None


def test_joins_particle_and_family() -> None:
    assert Name("Oord", "Aäron", "van den").full_family == "van den Oord"
