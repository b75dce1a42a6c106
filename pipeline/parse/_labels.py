"""Labels of lines, columns and links: ``Authors:``, ``**Code**：``, ``[[arXiv](U)]``, in a few languages.

Authors misspell them (``Abstarct``, ``ariXiv``), so a longer label may differ in a letter or two; a
line whose label is unknown, or whose value does not fit its label, is commentary as typed.
"""

from __future__ import annotations

import difflib
import re
from typing import Literal

from msgspec import Struct

from pipeline.model import LabelField

Field = LabelField

_LABELS: dict[Field, str] = {
    "title": "title|paper title|description|标题|题目|论文标题|제목|타이틀|タイトル",
    "authors": "author|authors|author list|作者|저자|著者",
    "abstract": "abstract|summary|摘要|概要|초록|요약|要旨",
    "paper": "paper|paper link|paper url|arxiv|pdf|url|link|links|abs|doi|html|openreview|preprint|"
    "论文|论文地址|论文链接|链接|논문|링크|論文",
    "link": "code|official code|github|repo|repository|project|project page|project website|page|homepage|"
    "website|demo|video|slides|blog|blog post|post|poster|talk|data|dataset|datasets|model|models|weights|"
    "tweet|twitter|thread|huggingface|hugging face|hf|kaggle|colab|notebook|pytorch|tensorflow|supplementary|"
    "review|discussion|news|media|source|代码|项目|主页|코드|프로젝트|コード",
    "tags": "tag|tags|keyword|keywords|topic|topics|category|categories|subject|subjects|"
    "标签|关键词|关键字|태그|키워드|분류|タグ",
    "comment": "comment|comments|tl;dr|tldr|tl dr|注|备注|点评|评论|코멘트|메모|コメント",
    "votes": "vote|votes|upvote|upvotes",
}
FIELDS: dict[str, Field] = {name: field for field, names in _LABELS.items() for name in names.split("|")}
_LINE = re.compile(
    r"(?P<open>[*_]{0,3})(?P<label>[^\W\d_][^:：*_\[\]()（）<>]{0,30}?)(?P<close>[*_]{0,3})\s?"
    r"(?P<colon>[:：])(?P<after>[*_]{0,3})\s*(?P<value>.*)",
    re.DOTALL,
)
# An abstract at times follows its label with no colon at all.
_BARE_ABSTRACT = re.compile(
    r"[*_]{0,3}(abstract|摘要)[*_]{0,3}(?:\s+(?=[A-Z\u3400-\u9fff])(.*))?", re.IGNORECASE | re.DOTALL
)
_PAPER_ID = re.compile(
    r"(?:arxiv:\s?)?(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?", re.IGNORECASE
)
_SHORTEST_TYPO = 5


class Label(Struct, frozen=True, kw_only=True):
    """A line that begins with a known label."""

    field: Field
    """What the label stands for."""
    name: str
    """The known label."""
    written: str
    """The label as typed."""
    value: str
    """What follows the colon, without marks of emphasis; may be empty."""


def read_label(text: str) -> Label | None:
    """Return the label of a line and its value, or None where it begins with no known label."""
    found = _LINE.fullmatch(text)
    if not found:
        return None
    name = known_label(found["label"])
    if name is None:
        return None
    value = found["value"].strip()
    # "**Code: U**" closes behind the value what "**Code**: U" closes before it.
    if found["open"] and not (found["close"] or found["after"]):
        value = value.removesuffix(found["open"]).rstrip()
    return Label(field=FIELDS[name], name=name, written=found["label"].strip(), value=value)


def read_bare_abstract(text: str) -> Label | None:
    """Return the abstract of a line that begins with the word and no colon."""
    found = _BARE_ABSTRACT.fullmatch(text)
    if not found:
        return None
    return Label(field="abstract", name="abstract", written="abstract", value=(found[2] or "").strip())


def known_label(text: str) -> str | None:
    """Return the known label that a text is, up to case, marks and small slips."""
    word = _fold(text)
    if word in FIELDS:
        return word
    if len(word) < _SHORTEST_TYPO or not word.isascii():
        return None
    close = difflib.get_close_matches(word, FIELDS, n=1, cutoff=0.8)
    near = bool(close) and close[0][0] == word[0] and abs(len(close[0]) - len(word)) <= 1
    return close[0] if near else None


def link_role(label: str) -> Literal["paper", "link"] | None:
    """Tell whether the text of a link names its role (``PDF``, ``Code``) rather than a paper."""
    word = _fold(label)
    field = FIELDS.get(word)
    if field == "paper" or _PAPER_ID.fullmatch(label.strip()) or word.startswith("http"):
        return "paper"
    return "link" if field == "link" else None


def column_field(header: str) -> Field | None:
    """Return what the cells below a header hold."""
    name = known_label(header)
    return FIELDS[name] if name else None


def is_slip(label: Label) -> bool:
    """Tell whether the label was not typed as it should be."""
    return _fold(label.written) != label.name


def _fold(text: str) -> str:
    return " ".join(text.strip(" *_`[]()（）【】.!#").casefold().split())
