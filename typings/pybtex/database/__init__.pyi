from collections.abc import Mapping, MutableMapping, Sequence

class Person:
    first_names: list[str]
    middle_names: list[str]
    prelast_names: list[str]
    last_names: list[str]
    lineage_names: list[str]
    def __init__(
        self,
        string: str = ...,
        first: str = ...,
        middle: str = ...,
        prelast: str = ...,
        last: str = ...,
        lineage: str = ...,
    ) -> None: ...

class Entry:
    type: str
    key: str
    fields: MutableMapping[str, str]
    persons: MutableMapping[str, Sequence[Person]]
    def __init__(
        self,
        type_: str,
        fields: Mapping[str, str] | Sequence[tuple[str, str]] | None = ...,
        persons: Mapping[str, Sequence[Person]] | None = ...,
    ) -> None: ...

class BibliographyData:
    entries: Mapping[str, Entry]
    def __init__(self, entries: Mapping[str, Entry] | Sequence[tuple[str, Entry]] | None = ...) -> None: ...

def parse_string(value: str, bib_format: str) -> BibliographyData: ...
