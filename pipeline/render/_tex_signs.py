"""Tables of TeX's signs: what macros and accents stand for, and how letters beyond ASCII are written."""

from __future__ import annotations

import functools


def _pairs(text: str) -> dict[str, str]:
    """Return a table written as words in turn: name, sign, name, sign."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


ACCENTS = {
    **dict(zip("`'^~=u.\"rHvdckb", map(chr, (0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308,
        0x30A, 0x30B, 0x30C, 0x323, 0x327, 0x328, 0x331)), strict=True)),
}  # fmt: skip
"""Accents of text by the sign or letter behind the backslash, as combining marks."""
MATHS_ACCENTS = {
    name: ACCENTS[sign]
    for name, sign in _pairs(
        """hat ^ widehat ^ tilde ~ widetilde ~ bar = overline = dot . ddot " check v breve u acute ' grave `
        mathring r"""
    ).items()
} | {"vec": "\u20d7"}
"""Accents of maths, as combining marks."""

SILENT = frozenset(
    """textbf textit textrm textsf texttt textsc textsl textup textmd textnormal text emph underline uline
    sout mbox hbox fbox mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm
    pmb operatorname ensuremath url left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr middle
    limits nolimits displaystyle textstyle scriptstyle bf it rm sf tt sc em large Large small tiny
    normalsize centering noindent item xspace protect relax mathbin mathrel mathop nonumber
    mathstrut""".split()
)
"""Macros that only dress what follows or set space: their arguments are text, they themselves nothing."""
FRACTIONS = frozenset("frac dfrac tfrac nicefrac sfrac cfrac".split())
"""Macros of two arguments set over each other."""
DROPPED = frozenset("begin end label vspace hspace href textcolor color".split())
"""Macros whose first argument is no text."""
CITED = frozenset(
    "cite citep citet citealp citeyear ref eqref autoref cref Cref footnote footnotemark".split()
)
"""Macros whose argument is an aside."""
FUNCTIONS = frozenset(
    """log ln exp max min sup inf lim sin cos tan cot sinh cosh tanh arcsin arccos arctan det dim ker deg gcd
    arg argmax argmin Pr softmax limsup liminf bmod""".split()
)
"""Macros that are set as their name, apart from letters beside it."""
SPACES = {"\\": " ", ",": " ", ";": " ", ":": " ", " ": " ", "\n": " ", "!": "", "-": "", "/": "", "@": ""}
"""What a backslash before a sign that is no letter sets."""
_OWN = _pairs(
    """textbackslash \\ backslash \\ textasciicircum ^ textasciitilde ~ prime ′ lbrace { rbrace } textless <
    textgreater > textbar | lt < gt > textquotesingle ' textunderscore _ textdollar $ lfloor ⌊ rfloor ⌋
    lceil ⌈ rceil ⌉ colon : rightarrow → Rightarrow ⇒ Leftarrow ⇐ mapsto ↦ gets ← star ⋆ top ⊤ bot ⊥ perp ⊥
    lvert | rvert | mid | degree °"""
) | dict.fromkeys(("quad", "qquad", "newline", "par"), " ")

SUPERSCRIPT = dict(zip("0123456789+-=()niT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ", strict=True))
"""Signs that Unicode can raise."""
SUBSCRIPT = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
"""Signs that Unicode can lower."""

SET_BY_LATEX = frozenset(
    """ƒǍǎǏǐǑǒǓǔǢǣǦǧǨǩǪǫǰǴǵȘșȚțȲȳȷˆˇ˘˙˛˜˝฿ḂḃḍḞḟḠḡḥḰḱḷṃṅṇṛṣṭẎẏẐẑẞỲỳ‐‑‒–—―‖‘’‚“”„†‡•…‰‱‹›※‽⁄₡₤₦₩₫€₱℃№℗℞℠™Ω℧℮
    ←↑→↓⟨⟩◦◯♪ﬀﬁﬂﬃﬄ"""
)
"""Beyond U+017F, what LaTeX sets without any package (t1enc.dfu, ts1enc.dfu, omsenc.dfu)."""
NOT_SET_BY_LATEX = frozenset("¸ĦħĸĿŀŉŦŧſ")
"""Up to U+017F, what it does not."""
# The signs of LaTeX's own maths, no package needed.
_MATHS = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    varpi rho varrho sigma varsigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma
    Upsilon Phi Psi Omega leq geq neq ll gg equiv approx sim simeq cong propto infty partial nabla in
    notin ni subset subseteq supset supseteq cup cap wedge vee oplus otimes odot circ bullet star
    leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow uparrow downarrow mapsto
    longrightarrow longleftarrow nearrow searrow forall exists emptyset ell hbar sum prod int oint
    surd angle parallel mid perp top bot langle rangle lfloor rfloor lceil rceil cdots vdots ddots
    aleph triangle prec succ preceq succeq models vdash dashv asymp doteq wp sharp flat natural""".split()
_MATHS_OWN = _pairs(
    r"""′ ' ∗ * − - φ \varphi ℝ \mathbf{R} × \times ± \pm · \cdot ÷ \div ° ^{\circ}
    ¬ \neg µ \mu"""
)
LETTERS = _pairs(
    r"""ß \ss ø \o Ø \O ł \l Ł \L æ \ae Æ \AE œ \oe Œ \OE ı \i ȷ \j
    † \dag © \copyright § \S £ \pounds"""
)
"""Letters that TeX writes as macros of text."""
PUNCTUATION = {
    **_pairs(r"– -- — --- “ `` ” '' ‘ ` ’ ' … ... ‐ - ‑ - ˜ \textasciitilde{} ˆ \textasciicircum{} • *"),
    "\u00a0": " ",
}
"""Signs that TeX writes in ASCII."""


@functools.cache
def symbols() -> dict[str, str]:
    """Return what macros without arguments stand for, from pylatexenc's table and a few of our own."""
    from pylatexenc.latex2text import get_default_latex_context_db

    specs = get_default_latex_context_db().iter_macro_specs()
    plain = {spec.macroname: spec.simplify_repl for spec in specs}
    # "today" is the clock's, what has a "%" takes arguments.
    signs = {
        name: sign
        for name, sign in plain.items()
        if isinstance(sign, str) and name.isalpha() and name != "today" and "%" not in sign
    }
    return {**signs, **_OWN}


@functools.cache
def maths() -> dict[str, str]:
    r"""Return signs as LaTeX's maths: ``{$\lambda$}``, in braces so that BibTeX lowers nothing inside.

    A backslash alone is text: more importers know it so than as maths.
    """
    named = symbols()
    spelled = {named[name]: f"\\{name}" for name in reversed(_MATHS) if len(named.get(name, "")) == 1}
    raised = {sign: f"^{{{plain}}}" for plain, sign in SUPERSCRIPT.items()}
    lowered = {sign: f"_{{{plain}}}" for plain, sign in SUBSCRIPT.items()}
    known = spelled | raised | lowered | _MATHS_OWN
    return {sign: f"{{${tex}$}}" for sign, tex in known.items()} | {"∖": r"{\textbackslash}"}
