r"""Numbers and tables of numbers in LaTeX: `\frac{1}{3}`, `\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}`.

They become the text that says the same, 1/3 and [1, 2; 3, 4], for the readers that there are. What is no such
number stays as it is.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 10_000
AROUND = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))
SPACE = re.compile(r"(?<!\\)\\(?:[,;:! ]|q?quad(?![A-Za-z]))|~")
# Python makes one character of \f and of \b; neither stands in a text that is meant.
SWALLOWED = {"\f": r"\f", "\b": r"\b", r"\x0c": r"\f", r"\x08": r"\b"}
PART = r"(?:\{\s{0,9}([+-]?[\d.]{1,40})\s{0,9}\}|(\d))"
FRACTION = re.compile(rf"\\[tdc]?frac\s{{0,9}}{PART}\s{{0,9}}{PART}")
POWER_OF_TEN = re.compile(
    r"([\d.]{1,40})\s{0,9}\\(?:cdot|times)\s{0,9}10\s{0,9}\^\s{0,9}(?:\{([+-]?\d{1,3})\}|(\d))"
)
TABLE = re.compile(
    r"(?:\\left\s*[(\[.])?\s*\\begin\{([pbBv]?(?:small)?matrix|array)\}(?:\{[lcr| ]{0,64}\})?(.*)\\end\{\1\}"
    r"\s*(?:\\right\s*[)\].])?(?:\^(?:T|\{T\}|\\top|\{\\top\}|\\intercal))?",
    re.DOTALL,
)
REAL_SPACE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9\\_^{}]{0,60}\s{0,9}(?=\\in))?(?:\\in\s{0,9})?"
    r"\\(?:mathbb|mathbf)\s{0,9}\{?R\}?\s{0,9}\^\s{0,9}(?:\{(.*)\}|(\w))",
    re.DOTALL,
)
# The same without LaTeX: R^{4x3}, W in R^(4 x 3), ℝ⁴ˣ³, whose ℝ has been made an R before.
WRITTEN_SPACE = re.compile(
    r"(?:[A-Za-z]\w{0,30}\s{0,9}(?:∈|\bin\b)\s{0,9})?R\s{0,9}"
    r"(?:\^\s{0,9}(?:\{([^{}]{1,200})\}|\(([^()]{1,200})\)|(\w{1,60}))|([⁰¹²³⁴-⁹ˣ]{1,20}))"
)
SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ˣ", "0123456789x")
TIMES = re.compile(r"\s{0,9}(?:\{\\times\}|\\times(?![A-Za-z]))\s{0,9}")
BRACKET_SIZE = re.compile(r"\\(?:left|right)\s{0,9}(?=[()\[\]])")
SIZES_ALONE = re.compile(r"\(.*,.*\)|\[.*,.*\]|\d{1,9}", re.DOTALL)
ROW = re.compile(
    r"[(\[]([^()\[\];\n]{1,5000})[)\]]\s{0,9}(\^\s{0,9}\{?\s{0,9}(?:T|\\top|\\intercal|\\(?:mathsf|mathrm)\s{0,9}\{?T\}?)\s{0,9}\}?)?"
)
TRANSPOSED = re.compile(r"\^(?:T|\{T\}|\\top|\{\\top\}|\\intercal)$")
LABEL = re.compile(r"[A-Za-z\\][A-Za-z0-9\\_^{}]{0,60}\s{0,9}=\s{0,9}(?=\\begin|\\left|[(\[])")


def number_from_latex(text: str) -> str:
    r"""A number as text: 1/3 for \frac{1}{3}; anything else is given back.

    Args:
        text: What was handed in.
    """
    if not _may_be(text):
        return text
    plain = _plain(text)
    sign = "-" if plain.startswith("-") else ""
    body = plain[1:].strip() if plain[:1] in ("+", "-") else plain
    if found := FRACTION.fullmatch(body):
        above, below = found[1] or found[2], found[3] or found[4]
        is_negative = (sign + above + below).count("-") % 2
        return f"{'-' if is_negative else ''}{above.lstrip('+-')}/{below.lstrip('+-')}"
    if found := POWER_OF_TEN.fullmatch(body):
        return f"{sign}{found[1]}e{found[2] or found[3]}"
    return text if "\\" in plain or "$" in plain else plain


def shape_from_latex(text: str) -> str:
    r"""A shape as text: "4 x 3" for $4 \times 3$ and \mathbb{R}^{4 \times 3}; anything else is given back.

    Args:
        text: What was handed in.
    """
    if not _may_be(text):
        return text
    plain = BRACKET_SIZE.sub("", _plain(text))
    if found := REAL_SPACE.fullmatch(plain):
        plain = found[1] or found[2]
    elif not TIMES.search(plain) and not SIZES_ALONE.fullmatch(plain):
        return text
    return TIMES.sub(" x ", plain)


def real_space(text: str) -> str:
    """A shape as text: "4x3" for R^{4x3} and for ℝ⁴ˣ³; anything else is given back.

    Args:
        text: What was handed in, its ℝ as R.
    """
    found = WRITTEN_SPACE.fullmatch(text)
    return next(one for one in found.groups() if one).translate(SMALL) if found else text


def table_from_latex(text: str) -> str:
    r"""A matrix as text, [1, 2; 3, 4], for one in \begin{pmatrix} and its kin; anything else is given back.

    A row or column in brackets is a table, too: (1, 2)^\top.

    Args:
        text: What was handed in.
    """
    is_row = "egin{" not in text
    if len(text) > MAX_CHARACTERS or not (_may_be(text) or "^" in text):
        return text
    plain = _plain(text)
    plain = plain[label.end() :] if (label := LABEL.match(plain)) else plain
    if is_row:
        return _row(plain) or text
    found = TABLE.fullmatch(plain.rstrip("., "))
    if found is None or "\\begin" in found[2]:
        return text
    body = re.sub(r"\\hline(?![A-Za-z])", "", found[2]).strip().removesuffix("\\\\")
    rows = [row.split("&") for row in re.split(r"\\\\(?:\[[^\]]{0,9}\])?", body)]
    entries = [[number_from_latex(entry.strip()).strip() for entry in row] for row in rows]
    # A space inside a formula would end the entry; TeX has others.
    entries = [[entry.replace(" ", r"\!") for entry in row] for row in entries]
    if any(not entry or set(entry) & set(";,[]\n") for row in entries for entry in row):
        return text
    if TRANSPOSED.search(plain.rstrip("., ")):
        if len(set(map(len, entries))) != 1:
            return text
        entries = [list(column) for column in zip(*entries, strict=True)]
    return "[" + "; ".join(", ".join(row) for row in entries) + "]"


def _row(plain: str) -> str:
    r"""(1, 2) in LaTeX, and (1, 2)^\top, which is a column; empty for anything else."""
    found = ROW.fullmatch(BRACKET_SIZE.sub("", plain))
    if found is None:
        return ""
    parts = found[1].split(",") if "," in found[1] else found[1].split()
    entries = [number_from_latex(entry.strip()).replace(" ", r"\!") for entry in parts]
    return f"[{', '.join(entries)}]{chr(39) if found[2] else ''}" if all(entries) else ""


def _may_be(text: str) -> bool:
    return ("\\" in text or "$" in text or "\f" in text or "\b" in text) and len(text) <= MAX_CHARACTERS


def _plain(text: str) -> str:
    for letter, command in SWALLOWED.items():
        text = text.replace(letter, command)
    plain = text.strip()
    for opening, closing in AROUND:
        if (
            plain.startswith(opening)
            and plain.endswith(closing)
            and len(plain) >= len(opening) + len(closing)
        ):
            plain = plain[len(opening) : -len(closing)].strip()
            break
    return SPACE.sub(" ", plain).strip()
