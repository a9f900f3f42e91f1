"""Which questions for formulas and conditions can be asked, and what follows for them from a network."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.formula.evaluate import evaluate
from grader.formula.parse import parse_formula
from grader.kinds.expression import KIND
from grader.kinds.expression.judge import judge
from grader.kinds.expression.key import without, written
from grader.kinds.expression.question import ExpressionParams, asked_numbers
from grader.model.control import FormulaControl
from grader.model.kind import Answer
from grader.model.value import Text

UNIT: dict[str, Any] = {
    "inputs": {"x": "number"},
    "parameters": {"u": "number", "w": "number"},
    "equations": ["h(t) = tanh(w * h(t-1) + u * x(t))"],
    "sizes": {"h": "number"},
}
PLAIN: dict[str, Any] = {"expressions": {"g": "w*a"}, "symbols": ["w", "a"]}
OF_UNIT: dict[str, Any] = {
    "network": UNIT,
    "asked": ["h(2)", "dL/dw"],
    "loss": "(h(2) - y)^2",
    "symbols": ["y"],
}


def params_of(table: Any) -> ExpressionParams:
    return msgspec.convert(table, ExpressionParams)


def mistake(field: str = "g", formula: str = "a", mutant: str = "") -> list[dict[str, str]]:
    return [{"field": field, "formula": formula, "mutant": mutant, "id": "m", "message": "m"}]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (PLAIN, None),
        ({"conditions": {"c": "a < 1"}, "symbols": ["a"]}, None),
        ({"big_o": {"o": "a"}, "symbols": ["a"]}, None),
        (OF_UNIT, None),
        ({"symbols": ["a"]}, "at least one field"),
        ({**PLAIN, "big_o": {"g": "a"}}, "g is both"),
        ({**PLAIN, "conditions": {"g": "a < 1"}}, "g is both"),
        ({**OF_UNIT, "expressions": {"h2": "y"}}, "h2 is both"),
        ({**PLAIN, "seed": 3, "numeric": False}, None),
        ({"expressions": {"g": "1"}, "numeric": True}, None),
        ({**PLAIN, "numeric": True}, "no symbols"),
        (
            {**OF_UNIT, "symbols": [], "loss": "h(2)^2", "numeric": True},
            "numeric questions have no symbols; a network",
        ),
        ({**PLAIN, "more": 1}, "more"),
        ({**PLAIN, "asked": ["h(2)"]}, "asked goes with a network"),
        ({**PLAIN, "loss": "w"}, "loss goes with a network"),
        ({**PLAIN, "named": ["h"]}, "named goes with a network"),
        ({"network": UNIT, "expressions": {"g": "w"}}, "asked is empty"),
        # Names
        ({**PLAIN, "aliases": {"W": "w"}}, None),
        ({**PLAIN, "aliases": {"W": "v"}}, "'v' is none of the symbols"),
        ({**PLAIN, "abbreviations": {"p": "w*a", "q": "p^2"}, "aliases": {"P": "p"}}, None),
        ({**PLAIN, "abbreviations": {"p": "q", "q": "a"}}, None),
        ({**PLAIN, "abbreviations": {"p": "k"}}, "abbreviations.p"),
        ({**PLAIN, "abbreviations": {"p": "w"}, "domain": {"p": [0, 1]}}, "'p' is none of the symbols"),
        ({**PLAIN, "abbreviations": {"p": "w"}, "whole": ["p"]}, "'p' is none of the symbols"),
        ({**PLAIN, "symbols": ["w", "a", "2a"]}, "cannot be a symbol"),
        ({**PLAIN, "symbols": ["w", "a", "tanh"]}, "cannot be a symbol"),
        ({**PLAIN, "symbols": ["w", "a", "x1", "x_1"]}, "spelled like another"),
        ({**PLAIN, "symbols": ["w", "a", "W"], "aliases": {"W": "w"}}, "spelled like another"),
        # Domains
        ({**PLAIN, "domain": {"w": [0, 1]}, "whole": ["a"]}, None),
        ({**PLAIN, "domain": {"w": ["-1/2", 0.5]}}, None),
        ({**PLAIN, "domain": {"w": [1, 1]}}, "is empty"),
        ({**PLAIN, "domain": {"w": [1, 0]}}, "is empty"),
        ({**PLAIN, "domain": {"v": [0, 1]}}, "'v' is none"),
        ({**PLAIN, "whole": ["v"]}, "'v' is none"),
        ({"expressions": {"g": "sqrt(a)"}, "symbols": ["a"], "domain": {"a": [-3, -1]}}, "too few points"),
        # Texts
        ({**PLAIN, "expressions": {"g": "w*"}}, "expressions.g"),
        ({**PLAIN, "conditions": {"c": "w"}}, "conditions.c"),
        ({**PLAIN, "abbreviations": {"p": "w"}, "conditions": {"c": "p < 1"}}, "conditions.c"),
        ({**PLAIN, "big_o": {"o": "w - a^2"}}, "big_o.o"),
        # Mistakes
        ({**PLAIN, "mistakes": mistake()}, None),
        ({**PLAIN, "mistakes": mistake("f")}, "none of the expressions"),
        ({**PLAIN, "conditions": {"c": "w < 1"}, "mistakes": mistake("c")}, "none of the expressions"),
        ({**PLAIN, "mistakes": mistake(formula="k")}, "mistakes.m"),
        ({**PLAIN, "mistakes": mistake(formula="")}, "give either formula or mutant"),
        ({**PLAIN, "mistakes": mistake(mutant="lag")}, "give either formula or mutant"),
        ({**PLAIN, "mistakes": mistake(formula="", mutant="lag")}, "not asked of a network"),
        ({**PLAIN, "big_o": {"o": "w^2"}, "mistakes": mistake("o", "w")}, None),
        ({**PLAIN, "big_o": {"o": "w^2"}, "mistakes": mistake("o", "w - w^3")}, "mistakes.m"),
        ({**PLAIN, "big_o": {"o": "w^2"}, "mistakes": mistake("o", "", "lag")}, "none of the expressions"),
        ({**OF_UNIT, "mistakes": mistake("h2", "y")}, None),
        (
            {**OF_UNIT, "mistakes": mistake("h2", "", "none-of-them")},
            "no mistake is called 'none-of-them'; near is",
        ),
        (
            {**OF_UNIT, **PLAIN, "symbols": ["y", "a"], "mistakes": mistake("g", "", "lag")},
            "g is not asked of a network",
        ),
        # Of a network
        ({**OF_UNIT, "asked": ["h(2)", "h(2)"]}, "names something twice"),
        ({**OF_UNIT, "asked": ["h(1)", "h(3)"], "loss": ""}, None),
        ({**OF_UNIT, "asked": ["h(1)"], "loss": "h(2)^2"}, None),
        ({**OF_UNIT, "asked": ["dL/dw"], "loss": "y^2"}, "found none"),
        ({**OF_UNIT, "asked": ["h(0)"], "loss": ""}, "a step from 1 to"),
        ({**OF_UNIT, "asked": ["h(99)"]}, "found 99"),
        ({**OF_UNIT, "asked": ["z(2)"]}, "z2? is no value of the network; wanted h at a step"),
        ({**OF_UNIT, "asked": ["dh(2)/dk"]}, "'k' is none of the symbols"),
        ({**OF_UNIT, "asked": ["dh(2)/dx1"]}, None),
        ({**OF_UNIT, "asked": ["dh(2)/dy"]}, None),
        ({**OF_UNIT, "asked": ["h(2)", "dL/dw"], "loss": ""}, "L is no value of the network"),
        ({**OF_UNIT, "asked": ["dL/dw"], "loss": "h(2) +"}, "loss"),
        ({**OF_UNIT, "asked": ["dL/dw", "h(1)"], "loss": "y^2"}, "L is no value of the network"),
        ({**OF_UNIT, "named": ["h"]}, None),
        ({**OF_UNIT, "named": ["x"]}, "named: 'x' is no variable"),
        ({**OF_UNIT, "named": ["h"], "domain": {"h1": [0, 1]}}, "'h1' is none of the symbols"),
    ],
)
def test_what_can_be_asked(table: Any, said: str | None) -> None:
    if said is None:
        params_of(table)
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            params_of(table)


AT = {name: Fraction(k, 7) for k, name in enumerate(("u", "w", "x1", "x2", "x3", "y"), start=1)}


def test_values_and_slopes_of_a_network_are_those_of_its_equations() -> None:
    """h1 = tanh(u x1), h2 = tanh(w h1 + u x2): dL/dw = 2 (h2 - y) (1 - h2^2) (h1 + w (1 - h1^2) 0)."""
    params = params_of({**OF_UNIT, "named": ["h"]})
    h1, h2 = "tanh(u*x1)", "tanh(w*tanh(u*x1) + u*x2)"
    right = {"h2": h2, "dL_dw": f"2*({h2} - y)*(1 - ({h2})^2)*{h1}"}
    assert params.formula_fields == ("h2", "dL_dw")
    assert params.all_symbols == ("u", "w", "x1", "x2", "y")
    for field, text in right.items():
        wanted = evaluate(parse_formula(text, params.names), AT)
        found = evaluate(params.right(field), AT)
        assert str(found)[:12] == str(wanted)[:12]
    answer = Answer(fields={"h2": Text("tanh(w h1 + u x2)"), "dL_dw": Text("2(h2 - y)(1 - h2^2)h1")})
    assert judge(params, answer).outcome.fraction == 1
    assert judge(params, Answer(fields={**answer.fields, "h2": Text("h1")})).outcome.fraction == Fraction(
        1, 2
    )
    with pytest.raises(Unreadable, match="unknown name h1"):
        judge(params_of(OF_UNIT), answer)


def test_mistakes_come_from_the_author_first_and_then_from_the_equations() -> None:
    own = [
        {"field": "h2", "formula": "y", "id": "own", "message": "m", "credit": "1/3"},
        *mistake("dL_dw", "u"),
    ]
    params = params_of({**OF_UNIT, "mistakes": own, "big_o": {"o": "u^2"}})
    known = list(params.comparing.known("h2"))
    assert (known[0].id, known[0].rank, known[0].credit) == ("own", 0, Fraction(1, 3))
    assert len(known) > 3
    assert {one.rank for one in known[1:]} == {1}
    assert not {"m", "own"} & {one.id for one in known[1:]}
    (of_order, *rest) = params_of(
        {**PLAIN, "big_o": {"o": "w^2"}, "mistakes": mistake("o", "w")}
    ).comparing.known("o")
    assert (of_order.id, rest) == ("m", [])
    named = known[1].id
    again = params_of({**OF_UNIT, "mistakes": mistake("h2", "", named)})
    assert next(iter(again.comparing.known("h2"))).effect == known[1].effect


def test_plain_numbers_that_are_asked_are_those_of_fields_without_symbols() -> None:
    params = params_of({"expressions": {"n": "3*4 + 1", "g": "w + 5", "r": "sqrt(2)"}, "symbols": ["w"]})
    assert {13, 3, 4} <= asked_numbers(params)
    assert 5 not in asked_numbers(params)
    assert asked_numbers(params_of(PLAIN)) == frozenset()


def test_each_field_is_typed_as_what_it_is() -> None:
    table = {
        **PLAIN,
        "conditions": {"c": "w < 1"},
        "big_o": {"o": "w"},
        "abbreviations": {"p": "w"},
        "aliases": {"W": "w"},
    }
    params = params_of(table)
    assert KIND.asks(params).fields == ("g", "c", "o")
    assert KIND.controls is not None
    assert KIND.controls(params) == {
        "g": FormulaControl(("w", "a", "p"), (("W", "w"),)),
        "c": FormulaControl(("w", "a"), (("W", "w"),), "condition"),
        "o": FormulaControl(("w", "a", "p"), (("W", "w"),), "order"),
    }


def test_the_key_is_what_is_written_and_a_blank_has_the_names_alone() -> None:
    table = {
        **PLAIN,
        "conditions": {"c": "w < 1"},
        "big_o": {"o": "w"},
        "aliases": {"W": "w"},
        "mistakes": mistake(),
    }
    assert [one.place for one in written(params_of(table))] == ["expressions.g", "conditions.c", "big_o.o"]
    blank = without(table, params_of(table))
    assert blank == {
        "aliases": {"W": "w"},
        "symbols": ["w", "a"],
        "expressions": {"g": "0"},
        "conditions": {"c": "w < 0"},
        "big_o": {"o": "1"},
    }
    params_of(blank)
    of_unit = {**OF_UNIT, "named": ["h"], "seed": 4}
    assert without(of_unit, params_of(of_unit)) == {
        "seed": 4,
        "symbols": ["u", "w", "x1", "x2", "y", "h1", "h2"],
        "expressions": {"h2": "0", "dL_dw": "0"},
        "conditions": {},
        "big_o": {},
    }
    assert without(OF_UNIT, params_of(OF_UNIT))["symbols"] == ["u", "w", "x1", "x2", "y"]


@pytest.mark.parametrize(
    ("given", "what"), [("a b < 1", "right"), ("2 a b < 2", "right"), ("a < 1/b", "wrong"), ("ab < 1", None)]
)
def test_names_side_by_side_are_a_product_in_conditions_too(given: str, what: str | None) -> None:
    params = params_of({"conditions": {"c": "a*b < 1"}, "symbols": ["a", "b"]})
    answer = Answer(fields={"c": Text(given)})
    if what is None:
        with pytest.raises(Unreadable, match="unknown name ab"):
            judge(params, answer)
    else:
        assert judge(params, answer).facts[0].what == what


@pytest.mark.parametrize(
    ("given", "what"), [("|a| < 1", "right"), ("a < 1", "wrong"), ("-1 < a", "wrong"), ("a^2 < 1", "right")]
)
def test_a_condition_is_right_or_wrong_as_such(given: str, what: str) -> None:
    params = params_of({"conditions": {"c": "|a| < 1"}, "symbols": ["a"]})
    judgement = judge(params, Answer(fields={"c": Text(given)}))
    (field,) = judgement.facts
    assert (field.what, field.is_formula, bool(field.tested_on)) == (what, False, what == "right")
    assert (field.wrong is not None) is (what == "wrong")
