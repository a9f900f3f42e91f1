"""Numbers that depend on sizes, against values worked out at sizes."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.numeric.diagnose import diagnose
from grader.kinds.numeric.judge import judge
from grader.kinds.numeric.question import NumericParams
from grader.model.kind import Answer
from grader.model.value import Items, Number, Text

SIZED: dict[str, Any] = {"sizes": ["n_in", "n_h"], "values": {"n": "n_h*n_in + n_h^2 + n_h"}}
GIVEN: dict[str, Any] = {**SIZED, "sizes": {"n_in": 3, "n_h": 4}}
PAIR: dict[str, Any] = {"sizes": ["T", "h"], "values": {"g": ["T*h", "h^2"]}}


def params_of(table: dict[str, Any]) -> NumericParams:
    return msgspec.convert(table, NumericParams, dec_hook=lambda kind, value: Fraction(value))


def marked(table: dict[str, Any], value: Any) -> Any:
    params = params_of(table)
    (name,) = params.values
    judged = judge(params, Answer(fields={name: value}))
    return judged.outcome, diagnose(params, judged.facts)


def in_other_words(rng: random.Random, change: int) -> str:
    """n_h (n_in + n_h + 1) + change n_h, in a random order with factors taken out and terms taken apart."""
    k = rng.randint(2, 5)
    terms = ["n_h*n_in", "n_h**2", f"{1 + change + k}*n_h", f"- {k} n_h".replace(" n", "*n")]
    if rng.random() < 0.5:
        terms = ["n_h*(n_in + n_h)", f"{1 + change + k}*n_h", f"-{k}*n_h"]
    rng.shuffle(terms)
    return " + ".join(f"({term})" for term in terms)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("table", [SIZED, GIVEN], ids=["formula", "number"])
def test_any_form_of_the_formula_is_right_and_one_term_more_is_not(table: Any, seed: int) -> None:
    rng = random.Random(seed)
    change = rng.choice((0, 0, 1, -1, 2))
    outcome, _ = marked(table, Text(in_other_words(rng, change)))
    assert outcome.verdict == ("incorrect" if change else "correct")


@pytest.mark.parametrize("text", ["32", "4*3 + 4*4 + 4", "n_h*(n_in + n_h + 1)", "4(3+4+1)", "2^5", "96/3"])
def test_where_sizes_are_given_the_number_may_be_worked_out(text: str) -> None:
    assert marked(GIVEN, Text(text))[0].verdict == "correct"


def test_a_number_for_a_formula_is_told_what_it_leaves_out() -> None:
    outcome, found = marked(SIZED, Number("32", "int"))
    assert outcome.verdict == "incorrect"
    assert "missing-symbol" in {one.code for one in found.feedback}


@pytest.mark.parametrize(
    "value",
    [Items((Text("h*T"), Text("h*h"))), Text("(T*h, h^2)"), Text("[h*T; h**2]"), Text("T*h, h*h")],
)
def test_a_vector_of_formulas_is_read_in_several_layouts(value: Any) -> None:
    assert marked(PAIR, value)[0].verdict == "correct"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (Items((Items((Text("T*h"), Text("h"))), Items((Number("1", "int"), Text("h*h"))))), "correct"),
        (Text("[T*h, h; 1, h^2]"), "correct"),
        (Text("[[h*T, h], [1, h**2]]"), "correct"),
        (Text("[T*h, 1; h, h^2]"), "partial"),
    ],
)
def test_a_matrix_of_formulas_is_read_row_by_row(value: Any, verdict: str) -> None:
    table = {**PAIR, "values": {"g": [["T*h", "h"], ["1", "h^2"]]}}
    assert marked(table, value)[0].verdict == verdict


@pytest.mark.parametrize("value", [Text("T*h"), Number("1", "int"), Items((Text("T*h"), Text("h")))])
def test_what_is_no_matrix_of_formulas_is_refused(value: Any) -> None:
    table = {**PAIR, "values": {"g": [["T*h", "h"], ["1", "h^2"]]}}
    with pytest.raises(Unreadable):
        marked(table, value)


def test_each_entry_counts_the_same_and_a_declared_mistake_is_named() -> None:
    mistakes = [{"id": "squared", "values": {"g": ["T*h", "h"]}, "message": "W is a matrix."}]
    outcome, found = marked({**PAIR, "mistakes": mistakes}, Items((Text("T*h"), Text("h"))))
    assert outcome.fraction == Fraction(1, 2)
    assert [one.id for one in found.diagnoses] == ["squared"]


def test_too_few_formulas_are_refused() -> None:
    with pytest.raises(Unreadable, match="2 formulas were wanted"):
        marked(PAIR, Items((Text("T*h"),)))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({**SIZED, "places": 2}, "places goes with numbers"),
        ({**SIZED, "values": {"n": "n_x"}}, "unknown name n_x"),
        ({**GIVEN, "sizes": {"n_h": 4}}, "unknown name n_in"),
        ({**GIVEN, "sizes": {"n_h": 0, "n_in": 1}}, "at least 1"),
        ({**SIZED, "aliases": {"H": "k"}}, "none of the sizes"),
        ({**SIZED, "sizes": ["n_in", "2h"]}, "is no name"),
        ({**SIZED, "values": {"n": ["n_h", ["n_in"]]}}, "differ in length or depth"),
    ],
)
def test_an_author_is_told_what_is_wrong(table: dict[str, Any], told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told):
        params_of(table)
