"""The preview of an answer: how what was typed is read, code too, before it is handed in.

Nothing is marked, nothing is run, and no right answer is looked at: what is typed is read by the same readers
as when it is marked, with what the form itself tells of the question.
"""

from __future__ import annotations

import ast
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence

from grader.answers.claims import read_shape
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.formula.condition import INTERVAL, of_symbol, parse_condition
from grader.formula.growth.reading import parse_growth
from grader.formula.marking.reading import formula_text
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.printing import printed
from grader.formula.tree import Constant
from grader.kinds.shape.reading import ways
from grader.model.control import (
    Control,
    FormulaControl,
    GridControl,
    Line,
    NumbersControl,
    Pick,
    PickEach,
    Shape,
    WordsControl,
    YesNo,
)
from grader.model.exercise import Question
from grader.model.text import counted, joined
from grader.model.value import Fields, Text, Value
from grader.reports.html.elements import Child, add, element, prose
from grader.reports.html.formulas import condition_math, formula_math, scrolling
from grader.sandbox.host.json_answers import read_json
from grader.serve.controls import BETWEEN, CODE, NOTHING_PICKED, Typed, controls_of, signature_of
from grader.serve.number_preview import entry_alone, grid, numbers, problem
from grader.serve.paper import answer_of

MOST_NAMES = 12
LONGEST_LIST = 240
# All that the parser of Python raises for a text, however deep it nests or long its numbers are.
NOT_READ = (SyntaxError, ValueError, RecursionError, MemoryError)


def how_it_is_read(question: Question, typed: Typed) -> Iterator[ET.Element]:
    """A paragraph for each field of a question: how it is read, or why it cannot be."""
    if question.asks.function is not None:
        yield from _code(typed.get(CODE, ""), question.asks.function, signature_of(question))
        return
    given = answer_of(question, typed)
    values = _values(given)
    for name, control in controls_of(question).items():
        is_asked = name in question.asks.fields
        if name in values or is_asked:
            line = element("p", {}, element("code", {}, name), ": ")
            for child in _reading_text(control, name, values.get(name), typed):
                add(line, child)
            yield line
    if not values and not question.asks.fields:
        yield element("p", {}, "Nothing is typed.")


def _values(fields: Mapping[str, object]) -> dict[str, Value]:
    """The fields as they come to be marked."""
    data = json.dumps({"of": fields}).encode()
    answer, fault = read_json("", data, ["of"])
    found = answer.values.get("of")
    return dict(found.fields) if fault is None and isinstance(found, Fields) else {}


def _reading_text(control: Control, name: str, value: Value | None, typed: Typed) -> Iterator[Child]:
    if value is None:
        yield "nothing is typed."
        return
    try:
        # All of it first: a reason why it cannot be read stands alone.
        yield from list(_read(control, name, value, typed))
    except Unreadable as error:
        yield from problem(error)


def _read(control: Control, name: str, value: Value, typed: Typed) -> Iterator[Child]:
    match control:
        case GridControl():
            yield from grid(control, value, name)
        case Line(symbols=symbols):
            yield from entry_alone(value, name, symbols)
        case NumbersControl(takes_formulas=takes_formulas):
            yield from numbers(value, name, None if takes_formulas else ())
        case FormulaControl():
            yield from _formula(control, value, name)
        case Shape(names=names):
            yield from _shape(value, names, name)
        case WordsControl(most_words=most):
            words = len(value.text.split()) if isinstance(value, Text) else 0
            limit = f" of at most {most}" if most else ""
            yield f"a text of {counted(words, 'word')}{limit}." if words else f"{describe(value)}."
        case YesNo():
            yield f"{typed.get(name, '')}."
        case Pick(options=options):
            picked = [one for one in typed.get(name, "").split(BETWEEN) if one in options]
            yield from _options([options[one] for one in picked])
            if NOTHING_PICKED in typed.get(name, "").split(BETWEEN):
                yield "none of them."
        case PickEach(places=places, options=options):
            for place, text in places.items():
                chosen = options.get(typed.get(f"{name}.{place}", ""))
                line = prose(text, "span")
                add(line, ": ")
                add(line, prose(chosen, "strong") if chosen else "nothing chosen")
                add(line, ". ")
                yield line


def _options(texts: Sequence[str]) -> Iterator[Child]:
    for text in texts:
        yield prose(text, "strong")
        yield ". "


def _formula(control: FormulaControl, value: Value, name: str) -> Iterator[Child]:
    names = Names(control.symbols, control.aliases)
    text = formula_text(value, name)
    match control.what:
        case "condition" if INTERVAL.fullmatch(text) and len(names.symbols) > 1:
            # Which of them it is for would tell what the right condition is about.
            parse_condition(of_symbol(text, frozenset(names.symbols[:1])), names, side_by_side=True)
            yield "the interval "
            yield element("strong", {}, text.strip())
        case "condition":
            text = of_symbol(text, frozenset(names.symbols))
            yield "the condition "
            yield scrolling(condition_math(parse_condition(text, names, side_by_side=True)))
        case "order":
            yield "the order of growth of "
            yield scrolling(formula_math(parse_growth(text, names)[0]))
        case "formula":
            formula = parse_formula(text, names, side_by_side=True)
            yield "the number " if isinstance(formula, Constant) else "the formula "
            yield scrolling(formula_math(formula))


def _shape(value: Value, names: tuple[str, ...], name: str) -> Iterator[Child]:
    try:
        sizes = [list(map(str, read_shape(value, name)))]
    except Unreadable as error:
        sizes = list(_named_sizes(value, names, name))
        if not sizes:
            raise error from None
    yield "the shape "
    yield element("strong", {}, joined(dict.fromkeys(" x ".join(one) for one in sizes), " or "))
    yield f", {joined(dict.fromkeys(_axes_text(len(one)) for one in sizes), ' or ')}."


def _axes_text(n_axes: int) -> str:
    return {1: "a vector", 2: "a matrix"}.get(n_axes, f"{n_axes} axes")


def _named_sizes(value: Value, names: tuple[str, ...], name: str) -> Iterator[list[str]]:
    for texts in ways(value, name, 2):
        try:
            yield [printed(parse_formula(text, Names(names))) for text in texts]
        except Unreadable:
            continue


def _code(code: str, function: str, signature: str) -> Iterator[ET.Element]:
    """What code defines, beside the function that is asked for; none of it is run."""
    try:
        tree = ast.parse(code)
        defined = dict(_defined(tree.body))
        own = _signature(defined.get(function))
    except NOT_READ as error:
        yield element("p", {}, "This cannot be read as Python. ", element("strong", {}, _why(error)))
        return
    node = defined.get(function)
    wanted = element("code", {}, signature)
    if node is None:
        others = [element("code", {}, name) for name in list(defined)[:MOST_NAMES]]
        line = element("p", {}, "There is no ", wanted, " in it. ")
        line.append(element("strong", {}, f"It defines {counted(len(defined), 'name')}"))
        if others:
            line.append(element("span", {}, ": "))
            for at, one in enumerate(others):
                one.tail = ", " if at < len(others) - 1 else ""
                line.append(one)
        yield line
        return
    where = f" in line {node.lineno}"
    if own is None:
        yield element("p", {}, element("code", {}, function), f" is defined{where}; asked is ", wanted, ".")
        return
    defined_as = element("code", {}, f"{function}({own})")
    yield element("p", {}, "It defines ", defined_as, f"{where}; asked is ", wanted, ". It was not run.")


def _defined(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a text defines at its top level, branches and blocks included; the last one counts."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Assign(targets=targets):
                yield from ((one.id, node) for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((one.asname or one.name.partition(".")[0], node) for one in names)
            case ast.If() | ast.For() | ast.While() | ast.With() | ast.Try():
                for part in ("body", "orelse", "finalbody"):
                    yield from _defined(getattr(node, part, []))


def _signature(node: ast.stmt | None) -> str | None:
    """The parameters of a function, as it names them; None of anything else."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    of = node.args
    optional = len(of.posonlyargs) + len(of.args) - len(of.defaults)
    names = [
        one.arg + ("=..." if at >= optional else "") for at, one in enumerate([*of.posonlyargs, *of.args])
    ]
    names += [f"*{of.vararg.arg}"] if of.vararg else []
    names += [one.arg for one in of.kwonlyargs] + ([f"**{of.kwarg.arg}"] if of.kwarg else [])
    text = ", ".join(names[:MOST_NAMES])
    is_cut = len(names) > MOST_NAMES or len(text) > LONGEST_LIST
    return f"{text[:LONGEST_LIST]}, ..." if is_cut else text


def _why(error: Exception) -> str:
    match error:
        case SyntaxError(lineno=int() as line):
            return f"Line {line}: {error.msg}."
        case RecursionError() | MemoryError():
            return "It nests too deeply."
    return "It has signs that no program has."
