r"""What TeX in a digest's text means: ``LiPO-{\lambda}`` is LiPO-λ, ``80\%`` is 80%, ``$O(n^2)$`` is O(n²).

One pass from left to right, linear in the text; the parser of pylatexenc would cost more than all
the rest of a bibliography, so only its table of symbols is used. What is not known is kept as words,
never run.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.render._tex_signs import (
    ACCENTS,
    CITED,
    DROPPED,
    FRACTIONS,
    FUNCTIONS,
    MATHS_ACCENTS,
    SILENT,
    SPACES,
    SUBSCRIPT,
    SUPERSCRIPT,
    symbols,
)

_TEX = ("\\", "$", "{", "}", "``", "--")
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|([{}$^_~])|[^\\{}$^_~]+", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
# Pandoc's rule for dollars: none of the two has a blank inside, and the second no digit behind it.
_MATHS = re.compile(r"(\${1,2})(?=\S)((?:[^$\\]|\\.){1,300}?)(?<=\S)\1(?!\d)", re.DOTALL)
_PROSE = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}|^[0-9][0-9.,]*[A-Za-z]* [^=+<>^_*/-]*$")
_QUOTES = re.compile(r"(?<!`)``(?!`)(.{1,500}?)''", re.DOTALL)
_DASH = re.compile(r"(?<=[^\W_])--(-?)(?=[^\W_])|(?<=\s)--(-?)(?=\s)")
_TIE = re.compile(r"(?<=[A-Za-z.])~(?=[A-Za-z0-9\\$(])")
_LETTER = re.compile(r"\{?\s*(\\?[^\W\d_])\s*\}?")
_DRESSED = re.compile("[\U0001d400-\U0001d7ff]+")  # letters as bold or italic: no font of LaTeX has them
_DEPTH = 20  # of arguments within arguments; deeper ones are shown as they stand


def readable(text: str) -> str:
    """Return text with its TeX understood: symbols, accents, maths, quotes and dashes in Unicode.

    Braces around plain words stay, braces and dollars that have no partner or no meaning go; the
    braces of the result are balanced.
    """
    return _understood(text, bare=True) if _has_tex(text) else text


def readable_title(text: str) -> str:
    """Return a title like `readable` on one line; braces, which bibliographies use to keep capitals, go."""
    read = _understood(text, bare=False) if _has_tex(text) else text
    if not read.isascii():
        read = _DRESSED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), read)
    return on_one_line(read)


def on_one_line(text: str) -> str:
    """Return text with its blanks and line ends squeezed to single blanks, none at either end."""
    # No blank but the plain one is printable: most texts need not be taken apart.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(text.split())


def _has_tex(text: str) -> bool:
    return any(map(text.__contains__, _TEX))  # several times as fast as one pattern


def balanced(text: str) -> str:
    """Return text without the braces that have no partner."""
    if "{" not in text and "}" not in text:
        return text
    opened: list[int] = []
    lone: set[int] = set()
    for found in re.finditer(r"[{}]", text):
        if found[0] == "{":
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            lone.add(found.start())
    lone.update(opened)
    return "".join(sign for place, sign in enumerate(text) if place not in lone) if lone else text


def _understood(text: str, *, bare: bool) -> str:
    if "``" in text:
        text = _QUOTES.sub("“\\1”", text)
    if "--" in text:
        text = _DASH.sub(lambda found: "—" if found[1] or found[2] else "–", text)
    if "\\" in text or "$" in text:
        text = _TIE.sub(" ", text)
    return unicodedata.normalize("NFC", balanced(_Reading(text, bare=bare).result()))


class _Reading:
    """One text being read; braces are paired beforehand, so that no text is scanned twice."""

    def __init__(self, text: str, *, bare: bool, maths: bool = False, depth: int = 0) -> None:
        self._text = text
        self._bare = bare and not maths
        self._maths = maths
        self._depth = depth
        self._at = 0
        self._out: list[str] = []
        self._partner = _partners(text)
        self._shown: set[int] = set()

    def result(self) -> str:
        """Return the text as a reader should see it."""
        while self._at < len(self._text):
            found = _TOKEN.match(self._text, self._at)
            if found is None:  # a backslash at the very end
                self._out.append("\\")
                break
            self._at = found.end()
            if found[1]:
                self._macro(found[1])
            elif found[2]:
                self._sign(found[2])
            elif found[3]:
                self._special(found[3])
            else:
                self._out.append(found[0])
        return "".join(self._out)

    def _special(self, sign: str) -> None:
        start = self._at - 1
        if sign == "{":
            inside = self._text[self._at : self._at + 1]
            if start in self._partner and self._bare and inside != "\\":
                self._shown.add(self._partner[start])
                self._out.append("{")
        elif sign == "}":
            self._out.append("}" if start in self._shown else "")
        elif sign == "$":
            self._dollar(start)
        elif self._maths and sign in "^_":
            self._out.append(_script(sign, self._argument()))
        else:
            self._out.append(" " if self._maths and sign == "~" else sign)

    def _dollar(self, start: int) -> None:
        found = _MATHS.match(self._text, start)
        if self._maths or not found or ("\\" not in found[2] and _PROSE.search(found[2])):
            self._out.append("" if self._maths else "$")
            return
        self._at = found.end()
        self._out.append(self._inner(found[2], maths=True))

    def _sign(self, sign: str) -> None:
        """Take a backslash and one sign that is no letter."""
        if sign in ACCENTS:
            self._accent(sign)
        elif sign in "()[]":
            pass  # they open and close maths
        elif sign in "{}%&#_$":
            self._out.append(sign)
        else:
            self._out.append(SPACES.get(sign, f"\\{sign}"))

    def _accent(self, sign: str) -> None:
        match = _LETTER.match(self._text, self._at)
        base = match[1].lstrip("\\") if match else ""
        if match is None or (match[1][0] == "\\" and base not in "ij"):
            self._out.append(sign)  # \^{} and \' alone are the sign itself
            self._at += 2 if self._text.startswith("{}", self._at) else 0
            return
        self._at = match.end()
        self._out.append(unicodedata.normalize("NFC", base + ACCENTS[sign]))

    def _macro(self, name: str) -> None:
        grouped = self._text.startswith("{", self._at) and self._at in self._partner
        if name in MATHS_ACCENTS or (grouped and name in ACCENTS):
            mark = MATHS_ACCENTS.get(name) or ACCENTS[name]
            argument = self._argument()
            self._out.append(argument[:1] + mark + argument[1:] if argument else "")
        elif name in FRACTIONS:
            self._out.append(f"{_joined(self._argument())}/{_joined(self._argument())}")
        elif name == "sqrt":
            self._out.append(f"√{_joined(self._argument())}")
        elif name == "mathbb":
            self._out.append("".join(_double_struck(letter) for letter in self._argument()))
        elif name in DROPPED:
            self._argument()
            self._open()
        elif name in CITED:
            self._out.append(f"[{self._argument()}]" if grouped else "")
        else:
            self._word(name, grouped=grouped)

    def _word(self, name: str, *, grouped: bool) -> None:
        """Take a macro that is dress, a symbol or unknown; a group behind it loses its braces."""
        before = self._out[-1][-1:] if self._out else ""
        if name in SILENT:
            self._blanks()
        elif name in FUNCTIONS:
            after = self._text[self._at : self._at + 1]
            self._out.append((" " if before.isalnum() else "") + name + (" " if after.isalnum() else ""))
        elif name in symbols():
            sign = symbols()[name]
            self._out.append(sign)
            if sign.isalpha() and sign < "ʰ":
                self._blanks()  # "Stra\ss e" is one word
        elif before.isalnum() or before in {":", "\\", "/"}:
            self._out.append(f"\\{name}")  # a path, not TeX
        else:
            self._out.append(name)
            self._out.append(" " if grouped and self._partner[self._at] > self._at + 1 else "")
        self._open()

    def _open(self) -> None:
        """Pass an opening brace that belongs to a macro; its closing one then shows nothing."""
        if self._text.startswith("{", self._at):
            self._at += 1

    def _argument(self) -> str:
        """Take the next group, macro or sign, as TeX does."""
        self._blanks()
        start = self._at
        end = self._partner.get(start)
        if end is not None:
            self._at = end + 1
            return self._inner(self._text[start + 1 : end], maths=self._maths)
        found = _TOKEN.match(self._text, start)
        if found is None or found[3]:
            return ""
        self._at = found.end() if found[1] or found[2] else start + 1
        return self._inner(self._text[start : self._at], maths=self._maths)

    def _inner(self, text: str, *, maths: bool) -> str:
        if self._depth >= _DEPTH:
            return text.replace("{", "").replace("}", "")
        return _Reading(text, bare=False, maths=maths, depth=self._depth + 1).result()

    def _blanks(self) -> None:
        while self._text.startswith((" ", "\n"), self._at):
            self._at += 1


def _partners(text: str) -> dict[int, int]:
    """Return where each opening brace is closed; braces behind a backslash are text."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for found in _BRACE.finditer(text) if "{" in text else ():
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            pairs[opened.pop()] = found.start()
    return pairs


def _script(sign: str, text: str) -> str:
    """Return an index or exponent: raised or lowered where Unicode can, else with its sign."""
    table = SUPERSCRIPT if sign == "^" else SUBSCRIPT
    if text in {"∘", "′", "'"}:
        return "°" if text == "∘" else "′"
    numeric = not any(letter.isalpha() for letter in text)
    if text and (numeric or len(text) == 1) and all(letter in table or letter == "." for letter in text):
        return "".join(table.get(letter, letter) for letter in text)
    return sign + _joined(text) if text else ""


def _joined(text: str) -> str:
    """Return text, in brackets where it is more than one word or number."""
    return text if re.fullmatch(r"[\w.]*|\W", text) else f"({text})"


def _double_struck(letter: str) -> str:
    try:
        found = unicodedata.lookup(f"DOUBLE-STRUCK CAPITAL {letter}")
    except KeyError:
        return letter
    return found if found < "\U00010000" else letter
