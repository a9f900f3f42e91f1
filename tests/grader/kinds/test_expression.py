from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.formula.marking.judge import judge_formula
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.grading.judging import with_finding
from grader.kinds.expression import KIND
from grader.kinds.expression.diagnose import diagnose
from grader.kinds.expression.judge import judge
from grader.kinds.expression.question import ExpressionParams
from grader.model.evidence import LEVELS, Level
from grader.model.kind import Answer, KindExample
from grader.model.outcome import Outcome
from grader.model.value import Flag, Formula, Items, Nothing, Number, Opaque, Text, Value


def params(**table: Any) -> ExpressionParams:
    return msgspec.convert({"symbols": ["w", "x1", "a"], **table}, ExpressionParams)


def decided(params: ExpressionParams, answer: Answer) -> Outcome:
    judgement = judge(params, answer)
    if judgement.outcome.fraction == 1:
        return judgement.outcome
    return with_finding(judgement.outcome, diagnose(params, judgement.facts))


def judged(value: Value, right: str, **table: Any) -> Outcome:
    return decided(params(expressions={"g": right}, **table), Answer(fields={"g": value}))


def codes(outcome: Outcome, audience: str = "student") -> list[str]:
    return [told.code for told in outcome.feedback if told.audience == audience]


@pytest.mark.parametrize("example", KIND.examples, ids=lambda example: example.title)
def test_example_comes_out_as_it_says(example: KindExample, holds: Any) -> None:
    holds(KIND, example)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (Text("w*x_1"), "x1*w"),
        (Formula("w**2*x1 + 0.5*w"), "w*(w*x1 + 1/2)"),
        (Formula("(1 - tanh(w*x1)**2)*x1"), "x1*sech(w*x1)^2"),
        (Formula("0.333333333333333*w"), "w/3"),
        (Number("7", "int"), "7"),
        (Number("-1/3", "rational"), "-1/3"),
        (Number("0.1", "float"), "1/10"),
        (Number("0.30000000000000004", "float"), "3/10"),
        (Number("1e-05", "float"), "1/100000"),
        (Items((Text("w"),)), "w"),
    ],
)
def test_formula_is_read_from_text_sympy_and_numbers(value: Value, right: str) -> None:
    outcome = judged(value, right)
    assert outcome.verdict == "correct"
    assert outcome.basis.code == "proved"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Nothing(), "none"),
        (Flag(True), "not-a-formula"),
        (Opaque("a function"), "not-a-formula"),
        (Items((Text("w"), Text("w"))), "not-a-formula"),
        (Number("nan", "float"), "not-finite"),
        (Number("(1+2j)", "complex"), "complex"),
        (Text("w*"), "unexpected-end"),
        (Text("q"), "unknown-name"),
        (Text("w" * 100_000), "too-long"),
    ],
)
def test_what_is_no_formula_is_invalid(value: Value, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        judged(value, "w")
    assert caught.value.code == code
    assert caught.value.where == "g"


@pytest.mark.parametrize(
    ("given_text", "right", "code"),
    [
        ("-w*x1", "w*x1", "sign"),
        ("2*w*x1", "w*x1", "constant-factor"),
        ("w*x1 + 1", "w*x1", "constant-term"),
        ("w^2 + x1", "w^2 + x1 + w*x1", "terms-missing"),
        ("w^2 + x1 + w*x1 + a", "w^2 + x1 + w*x1", "terms-extra"),
        ("w^2 - x1 + w*x1", "w^2 + x1 + w*x1", "sign-of-term"),
        ("w^2 + 2x1 + w*x1", "w^2 + x1 + w*x1", "coefficient"),
        ("tanh(w*x1)*a", "tanh(w*x1)^2", "extra-symbol"),
        ("tanh(w)", "tanh(w*x1)", "missing-symbol"),
    ],
)
def test_simple_slip_is_named(given_text: str, right: str, code: str) -> None:
    outcome = judged(Text(given_text), right)
    assert outcome.verdict == "incorrect"
    assert code in codes(outcome)
    assert codes(outcome)[:2] == ["wrong", "counterexample"]


@pytest.mark.parametrize(
    "attempt", ["w/w", "1 + 0*w", "w", "1 + w - w", "1/(w - w)", "sqrt(w - 50)", r"\frac{w}{w}"]
)
def test_symbols_in_an_answer_do_not_get_at_the_number_that_is_asked(attempt: str) -> None:
    """5/19 of a question that asks for 19/5 would tell it as well as the number itself."""
    outcome = judged(Text(attempt), "19/5")
    assert outcome.verdict == "incorrect"
    told = " ".join(one.message for one in outcome.feedback) + str(outcome.facts)
    assert [number for number in ("19", "3.8") if number in told] == []
    assert "extra-symbol" in codes(outcome)


def test_by_which_factor_a_formula_is_off_is_told_from_counterexamples_on() -> None:
    """With it the right formula is known: it is the student's own, divided by the factor."""
    outcome = judged(Text("w*x1"), "19/5*w*x1")
    told = {level: told_up_to(outcome, level) for level in LEVELS}
    assert "but for a constant factor" in told["location"]
    assert [number for number in ("5/19", "19/5") if number in told["location"]] == []
    assert "Yours is 5/19 times the right formula" in told["counterexample"]


def told_up_to(outcome: Outcome, most: Level) -> str:
    shown = LEVELS[: LEVELS.index(most) + 1]
    return " ".join(one.message for one in outcome.feedback if one.level in shown)


def test_counterexample_is_a_small_point_with_both_values() -> None:
    outcome = judged(Text("w*x1 - 3"), "w + x1")
    assert outcome.facts["counterexamples"]["g"] == {"inputs": {"w": 2, "x1": 3}, "expected": 5, "got": 3}
    assert "at w = 2, x1 = 3 your formula gives 3; it should be 5" in outcome.feedback[1].message


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


# At the first simple points, w = 2 and x1 = 3, all of these are saturated and agree to some digits.
SATURATED: list[tuple[str, str, Callable[[float, float], float], Callable[[float, float], float]]] = [
    ("tanh(w*x1)^3", "tanh(w*x1)", lambda w, x: math.tanh(w * x) ** 3, lambda w, x: math.tanh(w * x)),
    ("sigmoid(w*x1)", "tanh(w*x1)", lambda w, x: sigmoid(w * x), lambda w, x: math.tanh(w * x)),
    ("sigmoid(w*x1)^2", "sigmoid(w*x1)", lambda w, x: sigmoid(w * x) ** 2, lambda w, x: sigmoid(w * x)),
    (
        "0.42 + exp(-w^2*x1^2)",
        "0.42 + exp(-2*w^2*x1^2)",
        lambda w, x: 0.42 + math.exp(-((w * x) ** 2)),
        lambda w, x: 0.42 + math.exp(-2 * (w * x) ** 2),
    ),
]


@pytest.mark.parametrize(("given_text", "right", "given_value", "right_value"), SATURATED)
def test_the_values_of_a_counterexample_differ_so_that_one_sees_it(
    given_text: str,
    right: str,
    given_value: Callable[[float, float], float],
    right_value: Callable[[float, float], float],
) -> None:
    shown = judged(Text(given_text), right).facts["counterexamples"]["g"]
    w, x = (float(Fraction(shown["inputs"][name])) for name in ("w", "x1"))
    got, wanted = given_value(w, x), right_value(w, x)
    assert abs(got - wanted) >= 0.01 * max(abs(got), abs(wanted))
    assert float(shown["got"]) == pytest.approx(got, rel=1e-5)
    assert float(shown["expected"]) == pytest.approx(wanted, rel=1e-5)


def test_close_values_are_shown_with_enough_digits() -> None:
    message = judged(Text("tanh(w) + 1e-9"), "tanh(w)").feedback[1].message
    got, wanted = message.split("gives ")[1].rstrip(".").split("; it should be ")
    assert got != wanted


@pytest.mark.parametrize(
    ("given_text", "right", "told"),
    [
        ("33 + w*0 + 10^-40", "33 + 0*w", "gives 33 + 1e-40; it should be 33."),
        ("sqrt(w^2)*0 + 33 - 10^-40", "33 + 0*w", "gives 33 - 1e-40; it should be 33."),
        ("tanh(w) + 10^-45", "tanh(w)", "gives 0.964027580076 + 1e-45; it should be 0.964027580076."),
    ],
)
def test_values_too_close_to_print_are_shown_by_their_distance(
    given_text: str, right: str, told: str
) -> None:
    assert told in judged(Text(given_text), right).feedback[1].message


@pytest.mark.parametrize("given_text", ["41", "w*0 + 41", "2*21 - 1"])
def test_plain_number_is_never_shown(given_text: str) -> None:
    outcome = judged(Text("41"), "42", symbols=[], numeric=True)
    assert "42" not in str(outcome)
    assert codes(outcome)[0] == "wrong"


def test_cancelled_value_is_remarked_and_right() -> None:
    outcome = judged(Text("(w^3 - 1)/(w - 1)*x1"), "x1*(w^2 + w + 1)")
    assert outcome.fraction == 1
    assert codes(outcome) == ["excluded-value"]
    assert "w = 1" in outcome.feedback[0].message


def test_value_excluded_by_both_is_not_remarked() -> None:
    assert judged(Text("w/(1 - w)"), "1/(1/w - 1)").feedback == ()
    assert judged(Text("(w + 1)/(2 - 2w)"), "(1 + w)/2*1/(1 - w)").feedback == ()


def test_value_outside_the_domain_is_not_remarked() -> None:
    outcome = judged(Text("(w^2 - 4)/(w - 2)"), "w + 2", domain={"w": [-1, 1]})
    assert outcome.feedback == ()


def test_what_algebra_cannot_prove_is_tested_and_said_so() -> None:
    outcome = judged(Text("sqrt(w^2)"), "|w|")
    assert outcome.verdict == "correct"
    assert outcome.basis.code == "tested on 64"
    assert outcome.facts["fields"]["g"]["agree_to"] == "1E-30"


def test_what_cannot_be_computed_is_invalid() -> None:
    with pytest.raises(Unreadable) as caught:
        judged(Text("w/(sqrt(2)*sqrt(3) - sqrt(6))"), "w")
    assert caught.value.code == "cannot-be-computed"
    assert caught.value.where == "g"


@pytest.mark.parametrize("text", ["sqrt(2)*sqrt(3) < sqrt(6)", "((((a^64)^64)^64)^64)^64 < 1"])
def test_condition_that_cannot_be_computed_is_unreadable(text: str) -> None:
    table = params(expressions={"p": "w"}, conditions={"c": "|a| < 1"})
    outcome = decided(table, Answer(fields={"p": Text("w"), "c": Text(text)}))
    assert outcome.fraction == Fraction(1, 2)
    assert codes(outcome) == ["cannot-be-computed"]


def test_undecided_is_open_and_told_to_staff() -> None:
    names = Names(("w",))
    huge = parse_formula("exp(exp(exp(9 + w^2)))", names)
    table = params(expressions={"g": "w"})
    marked = judge_formula(table.comparing, "g", parse_formula("w", names), huge, "2*w - w")
    assert marked.what == "undecided"
    assert [(told.code, told.audience) for told in marked.feedback] == [
        ("undecided", "student"),
        ("undecided", "staff"),
    ]
    assert marked.feedback[1].message == "g: neither algebra nor 0 agreeing points decide 2*w - w"


def test_fields_are_marked_one_by_one() -> None:
    table = params(expressions={"p": "w", "q": "x1"}, conditions={"c": "|a| < 1", "d": "a > 0"})
    fields = {"p": Text("w"), "q": Text("x1 +"), "c": Text("a^2 < 1")}
    outcome = decided(table, Answer(fields=fields))
    assert outcome.fraction == Fraction(1, 2)
    assert codes(outcome) == ["unexpected-end", "missing-field"]
    assert outcome.basis.code.startswith("tested on ")


def test_abbreviations_may_stand_in_answers_and_are_written_out() -> None:
    table = {"abbreviations": {"h1": "tanh(w*x1)", "h2": "tanh(w*h1)"}}
    assert judged(Text("h_2*h1"), "h1*h2", **table).fraction == 1
    assert judged(Text("tanh(w*tanh(w*x1))"), "h2", **table).fraction == 1
    outcome = judged(Text("tanh(w*h2)"), "h2", **table)
    assert "h2" not in outcome.facts["counterexamples"]["g"]["inputs"]


def test_known_mistake_is_recognised_however_written_and_may_earn_credit() -> None:
    mistake = {"field": "g", "formula": "x1*w", "id": "swapped", "message": "m", "credit": "1/2"}
    outcome = judged(Text("w*x1*(a + 1) - a*w*x1"), "w^2", mistakes=[mistake])
    assert [one.id for one in outcome.diagnoses] == ["swapped"]
    assert outcome.fraction == Fraction(1, 2)
    assert judged(Text("w*w"), "w^2", mistakes=[mistake]).diagnoses == ()


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"expressions": {}}, "at least one field"),
        ({"expressions": {"g": "w +"}}, "expressions.g: the formula ends too early"),
        ({"expressions": {"g": "q"}}, "unknown name q"),
        ({"expressions": {"g": "log(-1 - w^2)"}}, "too few points"),
        ({"conditions": {"c": "a"}}, "conditions.c"),
        ({"expressions": {"g": "w"}, "conditions": {"g": "w < 1"}}, "both"),
        ({"expressions": {"g": "1"}, "numeric": True}, "no symbols"),
        ({"expressions": {"g": "w"}, "aliases": {"v": "q"}}, "'q' is none"),
        ({"expressions": {"g": "w"}, "symbols": ["w", "tanh"]}, "cannot be a symbol"),
        ({"expressions": {"g": "w"}, "symbols": ["w", "x_1", "x1"]}, "spelled like another"),
        ({"expressions": {"g": "w"}, "domain": {"w": [1, 1]}}, "domain.w is empty"),
        ({"expressions": {"g": "w"}, "abbreviations": {"h": "q"}}, "abbreviations.h"),
        (
            {
                "expressions": {"g": "w"},
                "mistakes": [{"field": "f", "formula": "w", "id": "i", "message": "m"}],
            },
            "none of the expressions",
        ),
    ],
)
def test_author_is_told_what_is_wrong(table: dict[str, Any], told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told):
        params(**table)


def test_same_answer_is_judged_the_same_again(judged: Callable[..., Outcome]) -> None:
    table = {"expressions": {"g": "|w|*x1"}, "symbols": ["w", "x1"]}
    source = "q = dict(g='sqrt(w^2)*x1')"
    assert judged(KIND, table, source) == judged(KIND, table, source)


@pytest.mark.parametrize(
    "value",
    [
        Formula("~((a >= 1) | (a <= -1))"),
        Formula("~(a >= 1) & ~(a <= -1)"),
        Formula("Interval.open(-1, 1)"),
        Formula("Contains(a, Interval.open(-1, 1))"),
        Formula("(Abs(a) < 1/2) | ((a >= 1/2) & (a < 1)) | ((a > -1) & (a <= -1/2))"),
        Text("¬(|a| ≥ 1)"),
    ],
)
def test_or_and_not_as_sympy_prints_them_are_read(value: Value) -> None:
    outcome = decided(params(conditions={"g": "|a| < 1"}), Answer(fields={"g": value}))
    assert outcome.fraction == 1


def test_a_wrong_answer_is_read_once_whatever_explains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(text: str, *more: Any, **how: Any) -> Any:
        read.append(text)
        return parse_formula(text, *more, **how)

    mistake = {"field": "g", "formula": "x1", "id": "swapped", "message": "m"}
    table = params(expressions={"g": "w*x1"}, mistakes=[mistake])
    monkeypatch.setattr("grader.kinds.expression.question.parse_formula", counted)
    outcome = decided(table, Answer(fields={"g": Text("x1 + 0*w")}))
    assert [one.id for one in outcome.diagnoses] == ["swapped"]
    assert read.count("x1 + 0*w") == 1


@pytest.mark.parametrize(
    "value",
    [Items((Text("a > -1"), Text("a < 1"))), Opaque("a set", ("a < 1", "a > -1"))],
    ids=["list", "set"],
)
def test_several_conditions_are_asked_whether_all_of_them_are_meant(value: Value) -> None:
    params = msgspec.convert({"conditions": {"stable": "|a| < 1"}, "symbols": ["a"]}, KIND.params)
    with pytest.raises(Unreadable) as caught:
        KIND.judge(params, Answer(fields={"stable": value}))
    assert caught.value.code == "ambiguous"
    assert "all of these hold, or that one of them does" in caught.value.message
