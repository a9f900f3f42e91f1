"""A formula in LaTeX, cut into commands, words, numbers and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from grader.answers.look_alikes import ESCAPED, VULGAR
from grader.formula.names import GREEK
from grader.formula.tokens import SPELLINGS, SUPERSCRIPTS, error_at

# A formula takes more characters in LaTeX than in text.
TIMES_AS_LONG = 2
LETTERS = frozenset(GREEK.values()) | {
    "zeta",
    "iota",
    "pi",
    "chi",
    "Gamma",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
}
LETTERS |= {"Phi", "Psi", "Omega", "Upsilon", "upsilon", "ell"}
VARIANTS = {
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varphi": "phi",
    "varrho": "rho",
    "varsigma": "sigma",
}
FRACTIONS = ("frac", "tfrac", "dfrac", "cfrac")
FONTS = frozenset(
    {
        *("mathrm", "mathit", "mathbf", "mathsf", "mathtt", "mathnormal", "boldsymbol", "bm", "operatorname"),
        *("text", "textrm", "textit", "textbf", "textnormal", "mbox"),
    }
)
# These go on to the end of the braces that they stand in.
OLD_FONTS = frozenset({"rm", "it", "bf", "sf", "tt"})
ACCENTS = frozenset({"hat", "bar", "tilde", "dot", "widehat", "overline", "widetilde"})
SIZES = (
    "big",
    "bigl",
    "bigr",
    "bigm",
    "Big",
    "Bigl",
    "Bigr",
    "bigg",
    "biggl",
    "biggr",
    "Bigg",
    "Biggl",
    "Biggr",
)
SPACES = frozenset(
    {
        *(",", ";", ":", "!", " ", ">", "quad", "qquad", "thinspace", "enspace", "limits", "nolimits"),
        *("displaystyle", "textstyle", "scriptstyle"),
    }
)
SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "slash": "/", "lt": "<", "gt": ">", "le": "<=",
    "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=",
    "in": "in", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not", "neg": "not",
    "{": "(", "}": ")", "lbrack": "[", "rbrack": "]", "lbrace": "(", "rbrace": ")", "lparen": "(",
    "rparen": ")", "lvert": "|(", "rvert": "|)", "vert": "|", "mid": "|", "prime": "'",
}  # fmt: skip
FUNCTIONS = ("tanh", "exp", "log", "ln", "cosh", "sinh", "sech", "sin", "cos", "tan", "sqrt")
COMMANDS = (
    LETTERS | VARIANTS.keys() | SIGNS.keys() | SPACES | FONTS | ACCENTS | {*FRACTIONS, *FUNCTIONS, *SIZES}
) | {"left", "right"}

# Python puts one character for a backslash and one of these letters, where the text has no r before it.
SWALLOWED = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}
NEVER_MEANT = re.compile("[\a\b\v\f]|\\\\x0[78bc]")
# A line may well start with e or u.
LINE_STARTS = ("ne", "nu")
SPACE_THAT_MAY_BE = re.compile("([\t\n\r])([A-Za-z]+)")
AROUND = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))

_D = r"(?:\\partial(?![A-Za-z])|\\mathrm(?:\s{0,9}\{\s{0,9}d\s{0,9}\}|\s{1,9}d))"
_OF = r"[^=<>/+*]{0,40}?"
_LIMIT = r"[A-Za-z]\s{0,9}[\^_]\s{0,9}(?:\{\s{0,9}(?:\*|\\ast|\\infty)\s{0,9}\}|\*|\\ast|\\infty)"
# What a formula is of, in front of it, where no reader of names can read it: a derivative with an upright d
# or a \partial, or the s^* and s_\infty of a limit.
LABEL = re.compile(
    rf"\s*(?:\\[dt]?frac\s*\{{\s*{_D}{_OF}\}}\s*\{{\s*{_D}{_OF}\}}|{_D}{_OF}/\s*{_D}{_OF}|{_LIMIT})\s*=(?=[^=]*$)"
)

PIECE = re.compile(
    rf"""(?P<command>\\(?:[A-Za-z]+|.))
    | (?P<number>\d{{0,6}}[{VULGAR}] | \d+(?:\.\d*)? | \.\d+)
    | (?P<word>[A-Za-zͰ-Ͽ∂][A-Za-z0-9Ͱ-Ͽ∂₀-₉]*)
    | (?P<raised>[{"".join(SUPERSCRIPTS)}]+)
    | (?P<sign>\*\*|<=|>=|==|!=|&&|[-+*/^_()\[\]{{}}|<>=,;'≤≥≠∧∨∈¬])""",
    re.ASCII | re.VERBOSE,
)
TRANSLATED = {"**": "^", "==": "=", "≤": "<=", "≥": ">=", "≠": "!=", "&&": "and", "∧": "and", "∨": "or"}
TRANSLATED |= {"¬": "not", "∈": "in"}
# Everything of `SPELLINGS` but the braces, which mean something here.
PLAIN = {code: letter for code, letter in SPELLINGS.items() if chr(code) not in "{}"}


class Piece(msgspec.Struct, frozen=True):
    r"""One piece.

    Args:
        kind: "command", "number", "word", "raised", "end", or the sign itself; "|(" and "|)" are bars of
            which LaTeX says whether they open.
        text: As written; of a command the name.
        start: Column of its first character, from 0.
        end: Column after its last.
    """

    kind: str
    text: str
    start: int
    end: int


def is_latex(text: str) -> bool:
    """Whether a text is LaTeX and cannot be anything else."""
    if "\\" not in text and "$" not in text and not NEVER_MEANT.search(text):
        return False
    plain = ESCAPED.sub("", NEVER_MEANT.sub("$", text))
    return "\\" in plain or "$" in plain


def may_be_latex(text: str) -> bool:
    """Whether a text that is no formula may be LaTeX: it has braces, or a backslash that Python took away."""
    return "{" in text or (not is_latex(text) and restored(text) != text)


def restored(text: str) -> str:
    r"""The text with the backslashes that Python took away: a tab and "anh" are \tanh."""
    text = NEVER_MEANT.sub(
        lambda found: "\\" + SWALLOWED[chr(int(found[0][2:], 16)) if found[0][0] == "\\" else found[0]], text
    )

    def command(found: re.Match[str]) -> str:
        name = SWALLOWED[found[1]] + found[2]
        return f"\\{name}" if name in COMMANDS and name not in LINE_STARTS else found[0]

    return SPACE_THAT_MAY_BE.sub(command, text)


def pieces_of(text: str) -> tuple[Piece, ...]:
    """All pieces of a formula, the last of kind "end"; spaces and the dollars around it are left out.

    Raises:
        Unreadable: If something in it is no piece of LaTeX that is read.
    """
    line = _without_surroundings(text).translate(PLAIN)
    if label := LABEL.match(line):
        line = " " * label.end() + line[label.end() :]
    found = tuple(_joined(text, line))
    return (*found, Piece("end", "", len(line), len(line)))


def _without_surroundings(text: str) -> str:
    r"""Blanks for the $ and \( around a formula and for the full stop behind it; columns stay."""
    line = text.rstrip()
    line = _without_stop(line)
    start = len(line) - len(line.lstrip())
    for opening, closing in AROUND:
        if (
            line.startswith(opening, start)
            and line.endswith(closing)
            and len(line) - start >= 2 * len(opening)
        ):
            inner = line[start + len(opening) : -len(closing)].rstrip()
            line = " " * (start + len(opening)) + _without_stop(inner)
            break
    # Words between parts that are each in dollar signs: $a > -1$ and $a < 1$.
    return line.replace("$", " ") if line.count("$") % 2 == 0 else line


def _without_stop(line: str) -> str:
    r"""The line without a full stop or comma at its end; the comma of the space `\,` stays."""
    is_stop = line.endswith((".", ",", ";")) and not line[:-1].endswith("\\")
    return line[:-1].rstrip() if is_stop else line


def _joined(text: str, line: str) -> Iterator[Piece]:
    r"""The pieces, where \left( and \bigl( are one, and spaces none."""
    at = 0
    while at < len(line):
        if line[at].isspace() or line[at] == "~":
            at += 1
            continue
        piece = _next(text, line, at)
        at = piece.end
        if piece.text in ("left", "right", *SIZES) and piece.kind == "command":
            piece = _delimiter(text, line, piece)
            at = piece.end
        if not (piece.kind == "command" and piece.text in SPACES):
            yield piece


def _next(text: str, line: str, at: int) -> Piece:
    found = PIECE.match(line, at)
    if found is None or ESCAPED.match(line, at):
        raise error_at(text, at, "this is not part of a formula in LaTeX", "latex")
    kind, written = found.lastgroup or "", found[0]
    if kind == "command":
        name = written[1:]
        if name in SIGNS:
            return Piece(SIGNS[name], written, at, found.end())
        return Piece(kind, VARIANTS.get(name, name), at, found.end())
    if kind == "sign":
        return Piece(TRANSLATED.get(written, written), written, at, found.end())
    return Piece(kind, written, at, found.end())


def _delimiter(text: str, line: str, size: Piece) -> Piece:
    r"""A bracket or bar with its size: \left( or \bigr|."""
    at = size.end
    while at < len(line) and line[at].isspace():
        at += 1
    if at < len(line) and line[at] == "." and size.text in ("left", "right"):
        raise error_at(text, at, "a bracket that is not seen: write both brackets", "latex")
    piece = _next(text, line, at) if at < len(line) else Piece("end", "", at, at)
    if piece.kind not in ("(", ")", "[", "]", "|", "|(", "|)"):
        raise error_at(text, size.start, f"\\{size.text} stands before a bracket: \\{size.text}(", "latex")
    if piece.kind != "|":
        return Piece(piece.kind, piece.kind, size.start, piece.end)
    side = "|(" if size.text.endswith(("left", "l")) else "|)" if size.text.endswith(("right", "r")) else "|"
    return Piece(side, "|", size.start, piece.end)
