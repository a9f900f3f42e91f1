"""Which entries of an answer are formulas, and these formulas parsed.

A sympy expression is one, with symbols of any name. A text is one where each of its names is a single letter,
with an index or without, a Greek letter by name, or sqrt or pi: "1/a", "sqrt(2)/2", "k_1*k_2"; so is
arithmetic, "2^(1/2)". Any other text is not guessed at: it is refused as a number would be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeGuard

from grader.answers.look_alikes import plain_text, with_fractions
from grader.answers.numbers import DECIMAL
from grader.answers.tables import laid_out
from grader.errors import Unreadable
from grader.formula.latex.pieces import LETTERS, is_latex
from grader.formula.names import GREEK, Names, plain_name
from grader.formula.parse import parse_formula
from grader.formula.printing import printed
from grader.formula.tree import Formula as Tree
from grader.formula.tree import FunctionCall, everything_in, symbols_in
from grader.model.value import Formula, Items, Number, Text, Value

NAME = re.compile(r"[A-Za-zͰ-Ͽ][A-Za-zͰ-Ͽ0-9_]*")
# The e of 1e-3 is no name.
WITH_EXPONENT = re.compile(r"(?<![A-Za-z_0-9])(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+")
LETTER = re.compile(r"[A-Za-zͰ-Ͽ]_?\d{0,2}")
IN_LATEX = re.compile(r"(?:\\([A-Za-z]+)|([A-Za-z]))(_(?:\d|\{\d{1,2}\}))?")
KNOWN = frozenset(
    {"sqrt", "pi", "exp", "log", "cos", "sin", "tan", "tanh", "abs", "Abs", "cosh", "sinh", "sech"}
)
NOT_SYMBOLS = frozenset({"s0", "nan", "inf", "E", "I"})
ARITHMETIC = re.compile(r"[0-9.+\-*/^()\s]*[0-9][0-9.+\-*/^()\s]*")
CIRCULAR = re.compile(r"\b(cos|sin|tan)\(")
NOT_AVAILABLE = re.compile(r"\s*n\s*/\s*a\s*\.?", re.IGNORECASE)
CIRCLES = {"cos": ("cos",), "sin": ("sin",), "tan": ("sin", "cos")}
MAX_NESTED = 3
# What sympy prints is often longer than what a person writes.
MAX_CHARACTERS = 1000
# A matrix of formulas longer than this is no homework.
MAX_FORMULAS = 400
CALL_WEIGHT = 12


class WrittenFormulas(NamedTuple):
    """The formulas of an answer.

    Args:
        trees: Each formula, by the text of its placeholder.
        fields: The answer with a placeholder, a number that occurs nowhere else, for each formula.
        symbols: Names of the free symbols, sorted.
        circular: For each name made up for a cosine or sine: "cos" or "sin", and its argument.
        names: What each symbol is called in words, as the student wrote it; two that print the same are
            told apart.
        weight: How long it takes to compute all once, in operations; a function counts as several.
        constants: Placeholders of the formulas without a symbol, such as exp(1).
        is_nested: Whether a cosine or sine stands in another.
    """

    trees: Mapping[str, Tree]
    fields: Mapping[str, Value]
    symbols: tuple[str, ...]
    circular: Mapping[str, tuple[str, Tree]]
    names: Mapping[str, str]
    weight: int
    constants: tuple[str, ...]
    is_nested: bool


def _is_formula(entry: Value) -> TypeGuard[Formula | Text]:
    """Whether an entry is a formula rather than a number or a text of another kind."""
    match entry:
        case Formula():
            return True
        case Text(text=text):
            return _is_formula_text(with_fractions(plain_text(_without_latex(text))).strip())
    return False


def _without_latex(text: str) -> str:
    """A formula in LaTeX as text; anything else is given back."""
    if len(text) > MAX_CHARACTERS or not is_latex(text):
        return text
    found = IN_LATEX.findall(text)
    symbols = {
        f"{command or letter}{index}".replace("{", "").replace("}", "")
        for command, letter, index in found
        if command in LETTERS or (letter and f"{letter}{index}" != "e")
    }
    try:
        return printed(parse_formula(text, Names(tuple(sorted(symbols))), MAX_CHARACTERS))
    except Unreadable:
        return text


def _with_written_tables(fields: Mapping[str, Value]) -> Mapping[str, Value]:
    """The fields with a text such as "[a 0; 0 1/a]" as the table that it is, where a formula stands in it.

    So is "0 -1", which would be the formula 0 - 1 by itself.
    """
    laid = {name: laid_out(value, _is_any) for name, value in fields.items()}
    return {
        name: laid[name] if any(map(_is_formula, (*_entries(laid[name]), value))) else value
        for name, value in fields.items()
    }


def _is_any(shape: tuple[int, ...]) -> bool:
    return True


def _is_formula_text(text: str) -> bool:
    if len(text) > 400 or NOT_AVAILABLE.fullmatch(text) or DECIMAL.fullmatch(text):
        return False
    if ARITHMETIC.fullmatch(text) and re.search(r"[*^(+]|\d\s*-", text):
        return True
    names = _names_in(text)
    return bool(names) and all(_is_symbol(name) or name in KNOWN for name in names)


def _names_in(text: str) -> list[str]:
    return NAME.findall(WITH_EXPONENT.sub("1", text))


def _is_symbol(name: str) -> bool:
    if name in NOT_SYMBOLS:
        return False
    return LETTER.fullmatch(name) is not None or name.rstrip("_0123456789") in GREEK.values()


def _entries(value: Value) -> Iterator[Value]:
    if isinstance(value, Items):
        for item in value.items:
            yield from _entries(item)
    else:
        yield value


def read_formulas(fields: Mapping[str, Value]) -> WrittenFormulas:
    """All formulas among the fields, parsed.

    Raises:
        Unreadable: If one cannot be read.
    """
    fields = _with_written_tables(fields)
    reader = _FormulaReader(fields)
    replaced = {name: reader.replaced(value, name) for name, value in fields.items()}
    printed = {name: reader.printed.get(name, name) for name in reader.symbols}
    symbols = tuple(sorted(printed, key=lambda name: (printed[name], name)))
    alike = Counter(printed.values())
    names = {name: shown if alike[shown] == 1 else name for name, shown in printed.items()}
    weight = sum(map(_weight, reader.trees.values()))
    constants = tuple(place for place, tree in reader.trees.items() if symbols_in(tree) <= {"pi"})
    is_nested = any(symbols_in(argument) & reader.circular.keys() for _, argument in reader.circular.values())
    return WrittenFormulas(
        reader.trees, replaced, symbols, reader.circular, names, weight, constants, is_nested
    )


def _weight(tree: Tree) -> int:
    return sum(CALL_WEIGHT if isinstance(part, FunctionCall) else 1 for part in everything_in(tree))


class _FormulaReader:
    """Takes the formulas of one answer out of it."""

    def __init__(self, fields: Mapping[str, Value]) -> None:
        numbers = {
            entry.text for value in fields.values() for entry in _entries(value) if isinstance(entry, Number)
        }
        # Placeholders: numbers that stand nowhere in the answer.
        self.places = (str(10**40 + i) for i in range(10**6) if str(10**40 + i) not in numbers)
        self.trees: dict[str, Tree] = {}
        self.symbols: set[str] = set()
        self.circular: dict[str, tuple[str, Tree]] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.nested = 0
        self.printed: dict[str, str] = {}

    def replaced(self, value: Value, where: str) -> Value:
        """The value with a placeholder for each formula."""
        if isinstance(value, Items):
            return Items(tuple(self.replaced(item, where) for item in value.items))
        if not _is_formula(value):
            return value
        if len(self.trees) >= MAX_FORMULAS:
            raise Unreadable(f"more than {MAX_FORMULAS} formulas", "use fewer symbols", where, "too-large")
        place = next(self.places)
        self.trees[place] = (
            self.expression(value, where)
            if isinstance(value, Formula)
            else self.parsed(_without_latex(value.text), where)
        )
        return Number(place, "int")

    def expression(self, value: Formula, where: str) -> Tree:
        """A formula of sympy, under names that the parser has words for."""
        self.printed |= value.names
        return self.parsed(value.plain or value.text, where)

    def parsed(self, text: str, where: str) -> Tree:
        """One formula; cosines and sines become names of their own."""
        text = plain_text(text)
        try:
            plain = self.without_circular(text, where)
            return parse_formula(plain, self.names_of(plain), MAX_CHARACTERS)
        except Unreadable as unreadable:
            raise Unreadable(unreadable.message, unreadable.hint, where, unreadable.code) from None

    def without_circular(self, text: str, where: str) -> str:
        """The text with a name for each cosine and sine; a tangent is their quotient."""
        parts, at = list[str](), 0
        while (found := CIRCULAR.search(text, at)) and (end := _closing(text, found.end())) is not None:
            argument = text[found.end() : end]
            names = [self.circular_name(one, argument, where) for one in CIRCLES[found[1]]]
            parts += [text[at : found.start()], names[0] if len(names) == 1 else f"({'/'.join(names)})"]
            at = end + 1
        return "".join(parts) + text[at:]

    def names_of(self, text: str) -> Names:
        """The free symbols of a text, and those that stand for something."""
        names = _names_in(text)
        found = {name for name in names if name not in KNOWN and name not in ("E", "I")}
        if "I" in names:
            raise Unreadable("a complex number", "give real numbers", code="complex")
        if len({plain_name(name) for name in found}) < len(found):
            hint = "take letters that differ by more than a sign between letter and number"
            raise Unreadable(f"{' and '.join(sorted(found))} would be read as one symbol", hint, code="alike")
        self.symbols |= found - set(self.circular)
        return Names(tuple(sorted(found | {"pi"})))

    def circular_name(self, function: str, argument: str, where: str) -> str:
        """A name for cos(argument) or sin(argument), the same for the same."""
        key = (function, "".join(argument.split()))
        if key not in self.names:
            if self.nested >= MAX_NESTED:
                raise Unreadable("cosines in cosines, too deeply", "simplify the formula", where, "too-deep")
            self.nested += 1
            tree = self.parsed(argument, where)
            self.nested -= 1
            name = f"{function}ine{len(self.names) + 1}"
            self.circular[name] = (function, tree)
            self.names[key] = name
        return self.names[key]


def _closing(text: str, at: int) -> int | None:
    """Where the bracket closes that was opened before; None if it never does."""
    depth = 1
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    return None
