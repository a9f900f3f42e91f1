"""Questions to be exported, every response that can be given to them, and what we give for each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.errors import Unreadable
from grader.kinds import find_kind, kind_names
from grader.lms.exchange.item import Item, item_of
from grader.model.exercise import Exercise, Question
from grader.model.kind import Answer
from grader.model.value import Fields, Items, Number, Text, Value
from grader.specs import Kinds, load_exercise

Response = Any
"""What a student does, by ids: an id, a set of ids, a column for each row, a list, or what is typed."""

ONE = """
options = {keep = "the forget gate, $f(t)$", write = "the input gate", read = "the output gate"}
right = ["keep"]
why = {write = "It lets in what is new."}
"""
SEVERAL = """
style = "several"
options = {one = "first", two = "second", three = "third", four = "fourth"}
right = ["one", "three", "four"]
"""
NONE_RIGHT = 'style = "several"\noptions = {one = "first", two = "second"}\nright = []\n'
FLAGS = 'style = "true-false"\noptions = {aa = "$x > 1$", bb = "second", cc = "third"}\nright = ["bb"]\n'
SINGLE = 'style = "true-false"\noptions = {aa = "This is so."}\nright = ["aa"]\n'
MATCHING = """
style = "matching"
items = {old = "scales $c(t-1)$", new = "scales the candidate", both = "scales"}
options = {keep = "the forget gate", write = "the input gate"}
pairs = {old = "keep", new = "write", both = "keep"}
"""
ORDER = (
    'style = "ordering"\noptions = {aa = "first", bb = "second", cc = "third"}\nright = ["bb", "aa", "cc"]\n'
)
EACH, NEGATIVE = 'credit = "each"\n', 'credit = "each"\nnegative = true\n'

CHOICES = {
    "one": ONE,
    "several": SEVERAL,
    "several-each": SEVERAL + EACH,
    "several-negative": SEVERAL + NEGATIVE,
    "none-right": NONE_RIGHT,
    "none-right-each": NONE_RIGHT + EACH,
    "flags": FLAGS,
    "flags-each": FLAGS + EACH,
    "flags-negative": FLAGS + NEGATIVE,
    "single": SINGLE,
    "matching": MATCHING,
    "matching-each": MATCHING + EACH,
    "matching-negative": MATCHING + NEGATIVE,
    "order": ORDER,
    "order-each": ORDER + EACH,
}
NUMBERS = {
    "rounded": ('values = {y = "0.270726"}\nplaces = 2\n', ["y"]),
    "tied": ('values = {y = ["0.125", "-1/3"]}\nplaces = 2\n', ["y"]),
    "exact": ("values = {g = [6, -0.25], k = 0}\n", ["g", "k"]),
    "matrix": ("values = {m = [[1, 2], [3, 4]]}\nplaces = 0\n", ["m"]),
}
TYPED = ("0.27", "0.271", "0.28", "0.26", "0.2607", "0.3", "27", "-0.27", "0.13", "0.12", "0.14", "0.11",
         "-0.33", "-0.34", "6", "-0.25", "0", "6.0", "1", "2", "3.4", "4", "", "0.265")  # fmt: skip
SIZES = 'sizes = {n = 12, m = 3}\nshapes = {W = ["n", "m"], b = ["n", "1"]}\n'
SHAPES_TYPED = (
    ("12x3", "12"), ("12 x 3", "(12,)"), ("12 × 3", "12 x 1"), ("(12, 3)", "[12, 1]"), ("[12,3]", "12 by 1"),
    ("12 by 3", "(12)"), ("12X3", "12X1"), ("3x12", "1x12"), ("12x33", "112"), ("112x3", "12 x 3"),
    ("12", "1"), ("", "12x1"), ("12 x 3 x 1", "12 x"),
)  # fmt: skip


class Case(NamedTuple):
    """A question with responses and our marks."""

    question: Question
    item: Item
    responses: list[tuple[Response, Fraction]]


def file(check: str, kind: str = "choice", fields: Mapping[str, str] | None = None, **texts: str) -> str:
    """An exercise file with one question."""
    meanings = "".join(f'{name} = "{text}"\n' for name, text in (fields or {"choice": "a letter"}).items())
    return f"""
title = {texts.get("title", '"Gates"')}
source = "ours"
introduction = {texts.get("introduction", '"Units."')}
[[question]]
id = "q"
label = {texts.get("label", '"1(a)"')}
points = {texts.get("points", "3")}
prompt = {texts.get("prompt", '"Which?"')}
hints = [{texts.get("hint", '"Think."')}]
[question.fields]
{meanings}
[question.check]
kind = "{kind}"
{check}
"""


@pytest.fixture(scope="session")
def pose(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Exercise]:
    """An exercise from the text of its file, or from what `file` takes."""
    folder = tmp_path_factory.mktemp("exchange")

    def made(
        check: str, kind: str = "choice", fields: Mapping[str, str] | None = None, **texts: str
    ) -> Exercise:
        path: Path = folder / "gates.toml"
        path.write_text(file(check, kind, fields, **texts), encoding="utf-8")
        return load_exercise(path, Kinds(kind_names(), find_kind))

    return made


def responses_to(name: str, question: Question) -> Iterator[Response]:
    """Every response there is, blank ones too."""
    params: Any = question.params
    options = list(params.options)
    if name.startswith("one"):
        yield from (None, *options)
    elif name.startswith(("several", "none")):
        yield from (set(s) for n in range(len(options) + 1) for s in itertools.combinations(options, n))
    elif name.startswith("order"):
        yield from (None, *map(list, itertools.permutations(options)))
    else:
        rows, columns = (list(params.items), options) if params.items else (options, [True, False])
        for given in itertools.product([None, *columns], repeat=len(rows)):
            yield {row: one for row, one in zip(rows, given, strict=True) if one is not None}


def as_value(response: Response) -> Value | None:
    """How the same is handed in to us; None where nothing is."""
    if response is None or response == {}:
        return None
    if isinstance(response, dict):
        return Fields({row: Text(str(one)) for row, one in response.items()})
    if isinstance(response, (set, list)):
        return Items(tuple(Text(one) for one in response))
    return Text(response)


def mark_of(question: Question, fields: Mapping[str, Value | None]) -> Fraction:
    """Our share of the points; a field left out, and what cannot be read, earns nothing."""
    given = {name: value for name, value in fields.items() if value is not None}
    if not given:
        return Fraction(0)
    try:
        return question.check.judge(question.params, Answer(fields=given)).outcome.fraction
    except Unreadable:
        return Fraction(0)


@pytest.fixture(scope="session")
def choice_case(pose: Callable[..., Exercise]) -> Callable[[str], Case]:
    """A question for a choice, by its name in CHOICES."""

    def made(name: str) -> Case:
        exercise = pose(CHOICES[name])
        (question,) = exercise.questions
        item = item_of(exercise, question)
        assert isinstance(item, Item)
        marked = [(one, mark_of(question, {"choice": as_value(one)})) for one in responses_to(name, question)]
        return Case(question, item, marked)

    return made


def number_value(texts: list[str], shape: tuple[int, ...]) -> Value:
    entries = [Number(one or "0", "float" if "." in one else "int") for one in texts]
    if not shape:
        return entries[0]
    if len(shape) == 1:
        return Items(tuple(entries))
    width = shape[1]
    return Items(tuple(Items(tuple(entries[i : i + width])) for i in range(0, len(entries), width)))


@pytest.fixture(scope="session")
def number_case(pose: Callable[..., Exercise]) -> Callable[[str], Case]:
    """A question for numbers, by its name in NUMBERS; a response is what is typed, entry by entry."""
    shapes = {"rounded": [()], "tied": [(2,)], "exact": [(2,), ()], "matrix": [(2, 2)]}

    def made(name: str) -> Case:
        check, fields = NUMBERS[name]
        exercise = pose(check, "numeric", {field: f"the number {field}" for field in fields})
        (question,) = exercise.questions
        item = item_of(exercise, question)
        assert isinstance(item, Item)
        sizes = [
            max(1, shape[0] * (shape[1] if len(shape) == 2 else 1)) if shape else 1 for shape in shapes[name]
        ]
        marked = []
        for shift in range(len(TYPED)):
            texts = [TYPED[(shift + i) % len(TYPED)] for i in range(sum(sizes))]
            if "" in texts:  # we take a field as a whole, a platform each of its entries
                texts = [one or "99" for one in texts]
            parts, at = {}, 0
            for field, size, shape in zip(fields, sizes, shapes[name], strict=True):
                parts[field] = number_value(texts[at : at + size], shape)
                at += size
            marked.append((texts, mark_of(question, parts)))
        return Case(question, item, marked)

    return made


@pytest.fixture(scope="session")
def shape_case(pose: Callable[..., Exercise]) -> Case:
    """A question for shapes; a response is what is typed for each."""
    exercise = pose(SIZES, "shape", {"W": "the matrix", "b": "the bias"})
    (question,) = exercise.questions
    item = item_of(exercise, question)
    assert isinstance(item, Item)
    marked = []
    for typed in SHAPES_TYPED:
        shares = [
            mark_of(question, {name: Text(text) if text else None})
            for name, text in zip(("W", "b"), typed, strict=True)
        ]
        marked.append((list(typed), sum(shares, Fraction(0))))
    return Case(question, item, marked)


@pytest.fixture(scope="session")
def choice_table() -> dict[str, str]:
    """The checks of CHOICES."""
    return CHOICES
