r"""Writing text into the fields of a BibTeX file: each kind of field in the spelling that its readers undo.

Which spelling survives which importer was tried: Zotero, Better BibTeX, citation.js, pandoc and
pdfLaTeX agree on what is written here. No common spelling exists for ``~`` and ``\``: look-alikes stand
in, but for ``\`` in print, which has none. A lone brace cannot be written at all (BibTeX counts
escaped ones).
"""

from __future__ import annotations

import functools
import re
import unicodedata

from pipeline.render._capitals import protected
from pipeline.render._characters import INVISIBLE
from pipeline.render._tex import balanced
from pipeline.render._tex_signs import (
    ACCENTS,
    LETTERS,
    MATHS_ACCENTS,
    NOT_SET_BY_LATEX,
    PUNCTUATION,
    SET_BY_LATEX,
    maths,
)

# In the order in which they are replaced: what one spelling holds no later one replaces.
_SPECIAL = (
    ("\\", "∖"),
    *((sign, f"\\{sign}") for sign in "{}%&#_$"),
    # A plain "<" is an inverted "!" in the encoding that TeX had first, and so for Better BibTeX.
    ("<", "$<$"),
    (">", "$>$"),
    ("\t", " "),
    ("\r", " "),
)
_PROSE = (*_SPECIAL, ("~", "∼"))
# Importers that know this macro show "^", Zotero shows what "ˆ" would be everywhere.
_PRINTED = (*_SPECIAL, ("~", "˜"), ("^", "\\textasciicircum{}"), ("\n", " "))
_KEYWORDS = (*(pair for pair in _PROSE if pair[0] not in "&_<>"), ("\n", " "), ("^^", "ˆˆ"))
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")
# A line that begins with "@" is a new entry to bibutils and bibclean, wherever it stands; one that begins
# with a name and "=" makes biber warn of a runaway string.
_BEFORE_MARKUP = re.compile(r"(?<!\s)\s++(?=@|[\w.:]{1,80}\s{0,9}=)")
# What TeX joins to one sign: dashes, quotes, inverted marks, and "^^5c", which is a backslash to it even in
# a field that is never printed; and what Zotero joins: marks of doubt, "TEL".
_LIGATURE = re.compile(r"([-`',^])(?=\1)|\?(?=[!`])|!(?=[!?`])|T(?=EL)")
_JOINING = ("--", "''", "`", ",,", "!", "TEL", "^^")
# Zotero takes what stands between two dollars for maths, escaped or not, unless it is nothing: so two more
# follow a dollar that is not the last one, around its first figure, else around nothing that is set or shown.
_DOLLAR = re.compile(r"\\\$([0-9])?")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s{}\\\"^`|\x00-\x1f\x7f-\U0010ffff]")
_MARKS = {mark: sign for sign, mark in ACCENTS.items()}
_MATHS_MARKS = {mark: name for name, mark in reversed(MATHS_ACCENTS.items())}
# Those under a letter are set round the whole of it, so they come last.
_BELOW = frozenset("cdkb")
_MARKED = re.compile(r"[^\W\d_][\u0300-\u036f\u20d7]+")
_INITIAL = re.compile(r"(?<![^\s.-])[\u00c0-\u024f\u1e00-\u1eff]")
_UNKNOWN = "[?]"
_UNKNOWN_RUN = re.compile(r"\[\?\](?:\s*\[\?\])+")


def prose(text: str) -> str:
    """Return text for a field that is imported but never printed: Unicode, the seven specials escaped."""
    escaped = _apart(_spelled(balanced(text), _PROSE))
    if "\n" not in escaped:
        return escaped
    return _BEFORE_MARKUP.sub(lambda found: " " if "\n" in found[0] else found[0], escaped)


def keywords(text: str) -> str:
    """Return keywords: nearly verbatim, as Better BibTeX reads them; biblatex alone carries them into TeX."""
    return _spelled(balanced(text), _KEYWORDS)


def printed(text: str) -> str:
    """Return text for a field that TeX prints: what LaTeX cannot set without packages as maths."""
    return _apart(_set(balanced(text)))


def printed_title(title: str) -> str:
    """Return a title printed, with braces around what must keep its capitals."""
    text = balanced(title)
    # Most titles hold no sign to be spelled, and then none of their parts does.
    return _apart(protected(text, str if _set(text) == text else _set))


def ascii_only(text: str) -> str:
    """Return escaped text in ASCII: TeX's accents and maths, and ``[?]`` for what has no such spelling."""
    if text.isascii():
        return text
    return _UNKNOWN_RUN.sub(_UNKNOWN, "".join(map(_accented, unicodedata.normalize("NFC", text))))


def initials(text: str) -> str:
    """Return printed text with the accents of initials as TeX's: BibTeX would cut the letter into bytes."""
    return _INITIAL.sub(lambda found: _initial(found[0]), text)


def verbatim(text: str) -> str:
    """Return an address or identifier unescaped, with what would end its field percent-encoded."""
    return _UNSAFE_IN_ADDRESS.sub(_percent, text)


def _spelled(text: str, spellings: tuple[tuple[str, str], ...]) -> str:
    """Replace signs by their spellings and drop controls; one search a sign is faster than one for all."""
    for sign, spelling in spellings:
        if sign in text:
            text = text.replace(sign, spelling)
    return text if text.isprintable() else _CONTROL.sub("", text)


def _set(text: str) -> str:
    spelled = _spelled(text, _PRINTED)
    if spelled.isascii():
        return spelled
    marked = _MARKED.sub(lambda found: _marked(found[0]) or found[0], unicodedata.normalize("NFC", spelled))
    return "".join(map(_settable, marked))


def _apart(text: str) -> str:
    """Keep neighbouring signs from becoming one, and two dollars from enclosing maths."""
    if any(map(text.__contains__, _JOINING)):
        text = _LIGATURE.sub("\\g<0>{}", text)
    if "\\$" in text and text.count("$") > 1:
        end = text.rindex("$")
        text = _DOLLAR.sub(lambda found: f"\\$${found[1] or '{}'}$", text[:end]) + text[end:]
    return text


@functools.lru_cache(maxsize=4096)
def _settable(sign: str) -> str:
    """Return a sign as LaTeX can set it; scripts of their own (Hangul, Han) need a font and stay."""
    if sign in SET_BY_LATEX or (sign < "ƀ" and sign not in NOT_SET_BY_LATEX):
        return sign
    if INVISIBLE.fullmatch(sign):
        return ""
    # Two accents of TeX on one letter Zotero garbles without a word; LaTeX says what it has no letter for.
    single = len(unicodedata.normalize("NFD", sign)) == 2
    return maths().get(sign) or (_marked(sign) if single else None) or sign


def _marked(letter: str) -> str | None:
    """Return a letter with its accents as LaTeX sets them, where all of them are TeX's."""
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[0], parts[1:]
    if base.isascii() and marks and all(mark in _MARKS for mark in marks):
        for sign in sorted((_MARKS[mark] for mark in marks), key=_BELOW.__contains__):
            base = f"\\{sign}{{{base}}}"
        return f"{{{base}}}"
    inner = base if base.isascii() else maths().get(base, "")[2:-2]
    return f"{{$\\{_MATHS_MARKS[marks]}{{{inner}}}$}}" if inner and marks in _MATHS_MARKS else None


def _initial(letter: str) -> str:
    accented = _accented(unicodedata.normalize("NFC", letter))
    return accented if accented.startswith("{\\") else letter


@functools.lru_cache(maxsize=4096)
def _accented(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in LETTERS:
        return f"{{{LETTERS[sign]}}}"
    if sign in PUNCTUATION:
        return PUNCTUATION[sign]
    # Of what TeX has no accent for (a horn, a hook) the plain letter is left, as people write it in ASCII.
    known = "".join(
        c for c in unicodedata.normalize("NFD", sign) if c in _MARKS or not unicodedata.combining(c)
    )
    simple = unicodedata.normalize("NFKD", known)
    plain = simple if simple.isalnum() and simple.isascii() else _UNKNOWN
    return maths().get(sign) or (_marked(known) if len(known) > 1 else None) or plain


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))
