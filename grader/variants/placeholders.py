r"""Where a text names a value of the variant: `{a}`, `{W[1, 2]}`, `{case.word}`, `{b:+}`.

Only declared names count, so that the braces of TeX and of Python stay as they are. A name in the place of an
argument of TeX, as in `\frac{a}{b}`, could be either and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from grader.variants.declaration import VariantError

PATH = r"(?:\.[A-Za-z_][\w-]*|\[ ?\d+(?: ?, ?\d+)* ?\])*"
PLACE = re.compile(rf"\{{(?P<name>[A-Za-z_]\w*)(?P<path>{PATH})(?::(?P<form>[^{{}}:\n]{{1,8}}))?\}}")
STEP = re.compile(r"\.([A-Za-z_][\w-]*)|(\d+)")
ARGUMENTS = {
    1: (
        *("sqrt", "mathrm", "mathbf", "mathit", "mathbb", "mathcal", "mathsf", "mathtt", "mathfrak", "text"),
        *(
            "textrm",
            "textbf",
            "textit",
            "operatorname",
            "hat",
            "bar",
            "tilde",
            "vec",
            "dot",
            "ddot",
            "widehat",
        ),
        *(
            "widetilde",
            "overline",
            "underline",
            "overbrace",
            "underbrace",
            "boldsymbol",
            "bm",
            "boxed",
            "begin",
        ),
        *("end", "phantom"),
    ),
    2: ("frac", "tfrac", "dfrac", "cfrac", "binom", "tbinom", "dbinom", "stackrel", "overset", "underset"),
}
N_ARGUMENTS = {name: n for n, names in ARGUMENTS.items() for name in names}
TAKES = re.compile(r"\\(?P<command>[A-Za-z]+)\*?|(?P<script>[_^])")


class Placeholder(NamedTuple):
    """One place.

    Args:
        name: The declared name.
        path: Keys and indices behind it.
        form: How it is to be printed; "" as usual.
        start: Where it begins in the text.
        end: Where the text goes on.
        text: As it is written.
    """

    name: str
    path: tuple[str | int, ...]
    form: str
    start: int
    end: int
    text: str


def placeholders(text: str, names: Collection[str]) -> Iterator[Placeholder]:
    """Every place in a text that names a value, in order.

    Args:
        text: Of an exercise file.
        names: The declared names.
    """
    if "{" not in text:
        return
    for match in PLACE.finditer(text):
        if match["name"] in names:
            path = tuple(key or int(index) for key, index in STEP.findall(match["path"]))
            yield Placeholder(match["name"], path, match["form"] or "", *match.span(), match[0])


def names_in_value(value: Any, names: Collection[str]) -> frozenset[str]:
    """Declared names that a value of an exercise file names anywhere in it."""
    if isinstance(value, str):
        return frozenset(one.name for one in placeholders(value, names))
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return frozenset[str]().union(*(names_in_value(one, names) for one in inner))


def require_clear(formula: str, found: Collection[Placeholder], offset: int, key: str) -> None:
    """Refuse what could be TeX as well as a value, and digits that would run together.

    Args:
        formula: The formula, TeX or not.
        found: The places in it.
        offset: Where the formula begins in the text that the places count from.
        key: For errors.

    Raises:
        VariantError: For the first such place.
    """
    arguments = set(_arguments(formula))
    ends = {one.end - offset for one in found}
    for one in found:
        start, end = one.start - offset, one.end - offset
        if start in arguments:
            raise VariantError(
                key,
                f"in {formula[max(0, start - 12) : end]!r} {one.text} could be TeX's or the drawn value",
                f"write {{{one.text}}} for the value, {{{one.text[1:-1]} }} for TeX, or rename {one.name}",
            )
        before, after = formula[start - 1 : start], formula[end : end + 1]
        if before.isdigit() or after.isdigit() or start in ends:
            raise VariantError(
                key,
                f"{formula[max(0, start - 12) : end + 1]!r} would put the digits of two numbers side by side",
                "write a sign between them",
            )


def is_argument(text: str, start: int) -> bool:
    """Whether the brace at a place of a text begins an argument of TeX."""
    return start in _arguments(text)


def _arguments(formula: str) -> Iterator[int]:
    """Where an argument of a TeX command, of _ or of ^ begins with a brace."""
    for match in TAKES.finditer(formula):
        place = match.end()
        # Of a command that is not known here, a brace right behind it is taken for its argument's.
        least = formula[place : place + 1] == "{"
        for _ in range(1 if match["script"] else N_ARGUMENTS.get(match["command"], least)):
            place = _after_option(formula, place)
            if formula[place : place + 1] != "{":
                place += 1
                continue
            yield place
            place = _closed(formula, place)


def _after_option(formula: str, place: int) -> int:
    blanks = re.compile(r"\s*(?:\[[^\]]*\]\s*)?").match(formula, place)
    return blanks.end() if blanks else place


def _closed(formula: str, place: int) -> int:
    """Where the text goes on behind the group that opens at a place."""
    depth = 0
    for index in range(place, len(formula)):
        depth += (formula[index] == "{") - (formula[index] == "}")
        if depth == 0:
            return index + 1
    return len(formula)
