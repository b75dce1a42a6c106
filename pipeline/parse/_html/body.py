"""The body of a post becomes the pieces from which blocks are made.

An editor may put a whole post on one source line, so the lines of blocks are counted as a text file
would have them, and ``Page.lines`` says on which source line each begins.
"""

from __future__ import annotations

from lxml import etree

from pipeline.parse._html.markup import classes, parse_html
from pipeline.parse._html.walker import Body, Walker


def read_body(html: str, file: str, line: int = 1, base: str | None = None) -> Body:
    """Return the pieces of the body of a page or of a fragment that begins on ``line`` of a file.

    ``base`` is the address that relative links start from. Raise SourceError where the HTML is
    nested beyond what libxml2 reads.
    """
    root = parse_html(html, file)
    walker = Walker(file, line, base)
    if root is not None:
        walker.walk(body_element(root))
    return walker.body()


def body_element(root: etree._Element) -> etree._Element:
    """Return the element that holds the post: Substack's, else the only article, main or the body."""
    articles: list[etree._Element] = []
    others: dict[str, etree._Element] = {}
    for element in root.iter("div", "article", "main", "body"):
        names = classes(element)
        if "available-content" in names or ("body" in names and "markup" in names):
            return element
        if element.tag == "article":
            articles.append(element)
        else:
            others.setdefault(str(element.tag), element)
    if len(articles) == 1:
        return articles[0]
    return others.get("main", others.get("body", root))
