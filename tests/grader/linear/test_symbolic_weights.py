"""Weights with free symbols, checked by putting numbers in and stepping through the network."""

from __future__ import annotations

import contextlib
import random
import time
from fractions import Fraction
from typing import Any

import pytest
import sympy

from grader.errors import Unreadable
from grader.kinds.feasibility import judge as feasibility
from grader.kinds.feasibility.question import FeasibilityParams
from grader.kinds.linear_system import judge as linear_system
from grader.kinds.linear_system.diagnose import diagnose
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.judge import judge_answer
from grader.linear.marking import mark_weights
from grader.linear.mistakes.samples import rnn_a, rnn_b
from grader.linear.state_meaning import map_of_state
from grader.model.kind import Answer
from grader.model.value import Formula

B_I = LinearSystemParams(**rnn_a()[0])
STEPS = 9
LONGEST_S = 5  # of CPU; what has no bound takes minutes
A, B, C, D = sympy.symbols("a b c d")
VALUES = [
    dict(zip((A, B, C, D), map(sympy.Rational, row), strict=True))
    for row in ((2, 3, 5, 11), (-1, 4, "1/2", 7))
]


def formulas(thing: Any) -> Any:
    """sympy entries as the sandbox hands them over."""
    if isinstance(thing, sympy.MatrixBase):
        return [[formulas(value) for value in row] for row in thing.tolist()]
    if isinstance(thing, (list, tuple)):
        return [formulas(value) for value in thing]
    thing = sympy.sympify(thing)
    return Fraction(int(thing.p), int(thing.q)) if thing.is_Rational else Formula(str(thing))


def judged(weights: dict[str, Any], plain_fields: Any, params: Any = B_I) -> Any:
    return judgement(weights, plain_fields, params).outcome


def judgement(weights: dict[str, Any], plain_fields: Any, params: Any = B_I) -> Any:
    return linear_system.judge(
        params, Answer(fields=plain_fields({k: formulas(v) for k, v in weights.items()}))
    )


def does_it(weights: dict[str, Any], values: dict[Any, Any]) -> bool:
    """By simulation: silence and each unit impulse, g = (x[1], 0, 0, sum)."""
    s0, Wss, Wsx, Wo = (sympy.Matrix(weights[name]).subs(values) for name in ("s0", "Wss", "Wsx", "Wo"))
    for cause in range(4):
        state, total = s0, 0
        for t in range(STEPS):
            x = sympy.Matrix([int(t == 0 and cause == j) for j in (1, 2, 3)])
            state = Wss * state + Wsx * x
            total += sum(x)
            if sympy.simplify(Wo * state - sympy.Matrix([x[0], 0, 0, total])) != sympy.zeros(4, 1):
                return False
    return True


PLAIN = {
    "s0": sympy.Matrix([7, 0]),
    "Wss": sympy.diag(0, 1),
    "Wsx": sympy.Matrix([[1, 0, 0], [1, 1, 1]]),
    "Wo": sympy.Matrix([[1, 0], [0, 0], [0, 0], [0, 1]]),
}


def in_basis(T: sympy.Matrix, weights: dict[str, Any] | None = None) -> dict[str, Any]:
    w, inverse = weights or PLAIN, T.inv()
    return {
        "s0": T * w["s0"],
        "Wss": (T * w["Wss"] * inverse).applyfunc(sympy.cancel),
        "Wsx": T * w["Wsx"],
        "Wo": (w["Wo"] * inverse).applyfunc(sympy.cancel),
    }


BASES = {
    "scaled": sympy.diag(A, B),
    "sheared": sympy.Matrix([[1, A], [0, 1]]),
    "full": sympy.Matrix([[A, B], [C, D]]),
    "quotients": sympy.Matrix([[A / (B + 1), 1 / A], [B, C]]),
    "roots": sympy.Matrix([[sympy.sqrt(2), A], [0, sympy.sqrt(3) / 3]]),
    "roots alone": sympy.Matrix([[sympy.sqrt(2), 1 + sympy.sqrt(6)], [0, sympy.sqrt(3)]]),
    "rotated": sympy.Matrix([[sympy.cos(A), -sympy.sin(A)], [sympy.sin(A), sympy.cos(A)]]),
    "root of a symbol": sympy.diag(sympy.sqrt(A), 1),
    "pi": sympy.diag(sympy.pi, A),
}


@pytest.mark.parametrize("name", BASES)
def test_every_basis_with_symbols_is_right(name: str, plain_fields: Any) -> None:
    outcome = judged(in_basis(BASES[name]), plain_fields)
    assert (outcome.verdict, outcome.fraction, outcome.basis.code) == ("correct", 1, "proved")


@pytest.mark.parametrize("seed", range(60))
def test_one_changed_entry_is_right_exactly_when_simulation_says_so(seed: int, plain_fields: Any) -> None:
    rng = random.Random(seed)
    weights = {
        k: sympy.Matrix(v) for k, v in in_basis(BASES[rng.choice(["scaled", "sheared", "full"])]).items()
    }
    changed = weights[rng.choice(sorted(weights))]
    at = rng.randrange(changed.rows), rng.randrange(changed.cols)
    changed[at] += rng.choice([A, B - 1, A * B, sympy.Rational(1, 3), A - 2])
    found = judgement(weights, plain_fields)
    is_right = found.outcome.verdict == "correct"
    assert is_right is all(does_it(weights, values) for values in VALUES)
    if not is_right:
        sample = {} if found.facts.symbolic is None else found.facts.symbolic.sample
        point = {sympy.Symbol(k): sympy.Rational(v) for k, v in sample.items()}
        assert not does_it(weights, point)


HALF = sympy.Rational(1, 2)
ROOT = sympy.sqrt(2)


def read_out(first: list[Any], last: list[Any]) -> dict[str, Any]:
    return {"Wo": [first, [0, 0], [0, 0], last]}


@pytest.mark.parametrize(
    ("changed", "only", "right_at", "wrong_at"),
    [
        ({"Wss": [[A, 0], [0, 1]]}, "for a = 0", [{A: 0}], [{A: 1}]),
        ({"Wss": [[0, 0], [0, A]]}, "for a = 1", [{A: 1}], [{A: 0}]),
        ({"Wss": [[0, 0], [0, A**2]]}, "for a = -1 or a = 1", [{A: 1}, {A: -1}], [{A: 0}]),
        (read_out([A**2 - 1, 0], [0, 1]), "where a^2 - 2 = 0", [{A: ROOT}], [{A: 2}]),
        (read_out([A * B, 0], [0, 1]), "where a*b - 1 = 0", [{A: 2, B: HALF}], [{A: 1, B: 2}]),
        (read_out([A, 0], [0, B]), "where a - 1 = 0 and b - 1 = 0", [{A: 1, B: 1}], [{A: 1, B: 2}]),
        ({"s0": [0, A]}, "for a = 0", [{A: 0}], [{A: 1}]),
        (
            {"Wsx": [[A, 0, 0], [1, 1, 1]], **read_out([1 / A, A - 1], [0, 1])},
            "for a = 1",
            [{A: 1}],
            [{A: 2}],
        ),
    ],
)
def test_the_condition_is_told_and_true(
    changed: Any, only: str, right_at: Any, wrong_at: Any, plain_fields: Any
) -> None:
    weights = {**PLAIN, "s0": [0, 0], **changed}
    found = judgement(weights, plain_fields)
    outcome = found.outcome
    assert found.facts.symbolic.right_only == only
    assert only in next(one.message for one in outcome.feedback if one.code == "right-for-special-values")
    assert all(does_it(weights, values) for values in right_at)
    assert not any(does_it(weights, values) for values in wrong_at)
    named = diagnose(B_I, found.facts).diagnoses
    assert [one.id for one in named] == ["parameter-must-be-special"]


def test_what_no_value_makes_right_is_told(plain_fields: Any) -> None:
    for Wo in ([[A, 0], [0, 0], [0, 0], [0, A + 1]], [[A**2 + 2, 0], [0, 0], [0, 0], [0, 1]]):
        outcome = judged({**PLAIN, "Wo": Wo}, plain_fields)
        assert "right-for-no-value" in [one.code for one in outcome.feedback]


def test_excluded_values_are_told(plain_fields: Any) -> None:
    found = judgement(in_basis(BASES["full"]), plain_fields)
    assert found.facts.symbolic.excluded == ("a*d - b*c",)
    assert found.outcome.feedback[0].message == "Right for all values of a, b, c and d with a*d - b*c != 0."


def test_outputs_of_roots_are_told_as_what_they_are(plain_fields: Any) -> None:
    weights = {**PLAIN, "Wsx": [[3 * ROOT, 0, 0], [1, 1, 1]], **read_out([ROOT, 0], [0, 1])}
    assert "yours is 6." in judged(weights, plain_fields).feedback[0].message


def test_a_family_loses_what_an_instance_loses(plain_fields: Any) -> None:
    """The credit is that of the network at a general value, found again with a = 2/7 put in."""
    weights = {**PLAIN, "Wss": sympy.diag(A, 1), "s0": sympy.Matrix([0, B])}
    values = {A: sympy.Rational(2, 7), B: sympy.Rational(5, 3)}
    instance = {name: sympy.Matrix(weight).subs(values) for name, weight in weights.items()}
    assert judged(weights, plain_fields).fraction == judged(instance, plain_fields).fraction


# The network with the states turned round, s = (-x[1], -sum), as MATLAB shows its matrices.
NEGATIVE_TABLES = {
    "lines": ("-1 0 0\n-1 -1 -1", "-1 0\n0 0\n0 0\n0 -1"),
    "as displayed": (
        "    -1     0     0\n    -1    -1    -1",
        "    -1     0\n     0     0\n     0     0\n     0    -1",
    ),
    "semicolons": ("-1 0 0; -1 -1 -1", "-1 0; 0 0; 0 0; 0 -1"),
}


@pytest.mark.parametrize("name", NEGATIVE_TABLES)
def test_a_sign_after_a_space_begins_the_next_number_of_a_table(name: str, plain_fields: Any) -> None:
    wsx, wo = NEGATIVE_TABLES[name]
    fields = plain_fields({"s0": "7 -0", "Wss": "0 0\n0 1", "Wsx": wsx, "Wo": wo})
    assert linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict == "correct"


def test_a_difference_in_a_list_is_one_formula(plain_fields: Any) -> None:
    fields = plain_fields({**rnn_a()[1], "Wsx": [["3 -2", 0, 0], ["4 - 3", 1, 1]]})
    assert linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict == "correct"


@pytest.mark.parametrize("text", ["1/a", "a**-1", "1/k_1", "1/lambda", "2/(2*a)", "a/a^2"])
def test_text_counts_as_a_formula_where_names_are_letters(text: str, plain_fields: Any) -> None:
    name = next(part for part in ("k_1", "lambda", "a") if part in text)
    fields = plain_fields(
        {**rnn_a()[1], "Wsx": [[name, 0, 0], [1, 1, 1]], "Wo": [[text, 0], [0, 0], [0, 0], [0, 1]]}
    )
    assert linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict == "correct"


@pytest.mark.parametrize(
    "text",
    ["eye(4)", "one", "n/a", "N/A", "zero", "?", "", "nan", "1,500", "s0", "a b", "[1", "import"],
)
def test_other_text_is_refused_as_a_number_would_be(text: str, plain_fields: Any) -> None:
    fields = plain_fields({**rnn_a()[1], "Wo": [[text, 0], [0, 0], [0, 0], [0, 1]]})
    with pytest.raises(Unreadable) as refused:
        linear_system.judge(B_I, Answer(fields=fields))
    assert refused.value.where == "Wo"


# Of these algebra says nothing, and values of a do. Each is positive somewhere.
BY_VALUES = ["exp(a)", "log(a)", "tanh(a)", "2**a", "Abs(a)", "tan(a)", "cosh(a)", "sqrt(a**2 + a + 1)"]
BY_VALUES += [
    "sqrt(1 - a**2)",
    "sqrt(a) + sqrt(a + 1)",
    "cos(2*(a + 1))",
    "cos(cos(a))",
    "a**(1/3)",
    "Abs(a) + Abs(b)",
]


def scaled(entry: str, inverse: str) -> dict[str, Any]:
    return {
        **rnn_a()[1],
        "Wsx": [[Formula(entry), 0, 0], [1, 1, 1]],
        "Wo": [[Formula(inverse), 0], [0, 0], [0, 0], [0, 1]],
    }


@pytest.mark.parametrize("text", BY_VALUES)
def test_what_algebra_does_not_decide_is_decided_at_values(text: str, plain_fields: Any) -> None:
    """Scaled by f and back by 1/f is right for all values; by anything else it is not."""
    outcome = linear_system.judge(B_I, Answer(fields=plain_fields(scaled(text, f"1/({text})")))).outcome
    assert (outcome.verdict, outcome.fraction) == ("correct", 1), outcome.feedback
    assert (
        outcome.basis.code == "proved" or outcome.basis.points == 16
    )  # as docs/misconceptions-linear.md says
    for inverse in ("1", f"1/({text}) + 1/1000000000", f"-1/({text})", f"1/({text})**2"):
        outcome = linear_system.judge(B_I, Answer(fields=plain_fields(scaled(text, inverse)))).outcome
        assert outcome.verdict == "partial", inverse
        assert "counterexample" in outcome.facts


@pytest.mark.parametrize(
    ("entry", "inverse", "verdict"),
    [
        ("exp(a)", "exp(-a)", "correct"),
        ("exp(a)*exp(b)", "exp(-a - b)", "correct"),
        ("tan(a)", "cos(a)/sin(a)", "correct"),
        ("sqrt(a*b)", "1/(sqrt(a)*sqrt(b))", "correct"),
        ("Abs(a)", "1/sqrt(a**2)", "correct"),
        ("Abs(a)", "1/a", "partial"),  # for a < 0 it is not
        ("sqrt(a**2)", "1/a", "partial"),
        ("tanh(a)", "1", "partial"),  # 1 to 8 digits from a = 10 on
        ("exp(-a**2) + 1", "1", "partial"),
        ("log(a**2)", "1/(2*log(a))", "correct"),
    ],
)
def test_identities_of_functions_hold_where_both_have_values(
    entry: str, inverse: str, verdict: str, plain_fields: Any
) -> None:
    outcome = linear_system.judge(B_I, Answer(fields=plain_fields(scaled(entry, inverse)))).outcome
    assert outcome.verdict == verdict


def test_what_is_zero_at_the_first_values_only_is_wrong(plain_fields: Any) -> None:
    """Values that are known beforehand, 2 first, are not enough: others depend on the formulas themselves."""
    product = "*".join(f"(Abs(a) - {n})" for n in (2, 3, 5, 7, 1))
    outcome = linear_system.judge(B_I, Answer(fields=plain_fields(scaled(f"1 + {product}", "1")))).outcome
    assert outcome.verdict == "partial"


def test_many_roots_of_many_symbols_are_decided(plain_fields: Any) -> None:
    names = iter("abcdefghjkmnpqr")
    T = sympy.diag(sympy.sqrt(A), sympy.sqrt(B))
    right = in_basis(T)
    assert judged(right, plain_fields).verdict == "correct"
    roots = [[f"sqrt({next(names)})" for _ in range(2)] for _ in range(4)]
    fields = plain_fields({**rnn_a()[1], "Wo": roots, "s0": ["sqrt(p)", "sqrt(q)"]})
    assert linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict == "incorrect"


UNREAD = ["f(a)", "f(a, b)", "Piecewise((a, a > 0), (1, True))", "12345678901234567*a", "+".join(["a"] * 600)]
UNREAD += ["sqrt(-1 - a**2)", "log(-exp(a))", "1/(a - a)"]


@pytest.mark.parametrize("text", UNREAD)
def test_what_cannot_be_read_or_has_no_value_is_refused_with_the_reason(text: str, plain_fields: Any) -> None:
    fields = plain_fields({**rnn_a()[1], "Wsx": [[Formula(text), 0, 0], [1, 1, 1]]})
    with pytest.raises(Unreadable) as refused:
        linear_system.judge(B_I, Answer(fields=fields))
    assert len(refused.value.message) > 20


@pytest.mark.parametrize("text", ["a < 1", "(a > 0) & (a < 1)", "1 + I*a"])
def test_conditions_and_complex_numbers_are_no_weights(text: str, plain_fields: Any) -> None:
    fields = plain_fields({**rnn_a()[1], "Wsx": [[Formula(text), 0, 0], [1, 1, 1]]})
    with pytest.raises(Unreadable):
        linear_system.judge(B_I, Answer(fields=fields))


@pytest.mark.parametrize(
    ("text", "inverse"),
    [("exp(1)", "exp(-1)"), ("2**(1/3)", "2**(-1/3)"), ("log(2)", "1/log(2)"), ("cos(3/10)", "1/cos(3/10)")],
)
def test_constants_without_exact_rules_count_as_rounded_numbers(
    text: str, inverse: str, plain_fields: Any
) -> None:
    for factor, verdict in (("1", "correct"), ("1.001", "partial")):
        fields = plain_fields(
            {
                **rnn_a()[1],
                "Wsx": [[Formula(text), 0, 0], [1, 1, 1]],
                "Wo": [[Formula(f"{factor}*{inverse}"), 0], [0, 0], [0, 0], [0, 1]],
            }
        )
        outcome = linear_system.judge(B_I, Answer(fields=fields)).outcome
        assert outcome.verdict == verdict
        assert verdict == "partial" or "cos" in text or outcome.basis.code == "tested on 4"


def test_a_root_that_is_nearly_right_is_wrong(plain_fields: Any) -> None:
    """99/70 is sqrt(2) to 5 digits; exactly it is not."""
    fields = plain_fields(
        {**rnn_a()[1], "Wsx": [["sqrt(2)", 0, 0], [1, 1, 1]], "Wo": [["70/99", 0], [0, 0], [0, 0], [0, 1]]}
    )
    assert linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict == "partial"


def test_feasibility_takes_formulas_too(plain_fields: Any) -> None:
    params = FeasibilityParams(**rnn_b()[0], flag_credit=Fraction(1, 4))
    weights = {**rnn_b()[1], "Wssx": [["1", 0, "a", "a", "a"], [0, 0, 0, 0, 0]]}
    weights["Wox"] = [*weights["Wox"][:3], ["1/a", 0, 0, 0, 0]]
    outcome = feasibility.judge(params, Answer(fields=plain_fields(weights))).outcome
    assert outcome.verdict == "correct"
    weights["Wox"] = [*weights["Wox"][:3], ["exp(a)", 0, 0, 0, 0]]
    assert feasibility.judge(params, Answer(fields=plain_fields(weights))).outcome.verdict == "partial"


def test_shapes_of_formulas_are_told_as_ever(plain_fields: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        linear_system.judge(B_I, Answer(fields=plain_fields({**rnn_a()[1], "Wsx": [["a", 0], [1, 1]]})))
    assert refused.value.code == "shape"


HOSTILE = {
    "many symbols": lambda i, j, n: f"a{i % 8}{j % 8}",
    "dense": lambda i, j, n: f"(a+b+c+d)^{6} + {i}*{j}",
    "high powers": lambda i, j, n: f"(a^64 + b^64)^32 + {i + j}",
    "many roots": lambda i, j, n: f"sqrt({2 + i}) + sqrt({3 + 7 * j}) + sqrt(a + {i})",
    "many divisors": lambda i, j, n: f"1/(a + {i}*b + {j} + 1)",
    "long numbers": lambda i, j, n: f"{10**11 + i}/{10**11 + j + 7}*a",
}


@pytest.mark.parametrize("n", [2, 5, 8, 19])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_formulas_take_a_bounded_time(kind: str, n: int, plain_fields: Any) -> None:
    params = LinearSystemParams(structure="rnn-a", inputs=1, target=("cumsum(x[1])",))
    write = HOSTILE[kind]
    weights = {
        "s0": [write(i, 0, n) for i in range(n)],
        "Wss": [[write(i, j, n) for j in range(n)] for i in range(n)],
        "Wsx": [[write(i, 1, n)] for i in range(n)],
        "Wo": [[write(1, j, n) for j in range(n)]],
    }
    fields = plain_fields(weights)
    start = time.process_time()
    with contextlib.suppress(Unreadable):
        assert linear_system.judge(params, Answer(fields=fields)).outcome.verdict != "correct"
    assert time.process_time() - start < LONGEST_S


def test_many_long_differences_take_a_bounded_time(plain_fields: Any) -> None:
    params = LinearSystemParams(
        structure="rnn-a", inputs=3, target=("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])")
    )
    long = {"C": "a^9", "D": "b^8+1", "E": "c^7-a"}

    def rows(text: str) -> list[list[str]]:
        return [[long.get(letter, letter) for letter in row] for row in text.split()]

    weights = {
        "s0": rows("00000C10")[0],
        "Wss": rows("E1C00E00 C0000CCE ED0E0D00 0E0E00CD 000D0011 10D001C0 00001DDD 1D0110ED"),
        "Wsx": rows("00E 0D0 E01 C10 00C 1E0 CCC 0DC"),
        "Wo": rows("011010D0 1E00DC0D D00001D1 000D00CC"),
    }
    start = time.process_time()
    assert linear_system.judge(params, Answer(fields=plain_fields(weights))).outcome.verdict != "correct"
    assert time.process_time() - start < LONGEST_S


@pytest.mark.parametrize(
    ("number", "inverse"), [("1e-1", "10"), ("1E3", "0.001"), (".5e1", "1/5"), ("2.5e0", "0.4")]
)
def test_the_e_of_a_number_is_no_symbol(number: str, inverse: str, plain_fields: Any) -> None:
    weights = {
        "s0": [0, 0],
        "Wss": [[0, 0], [0, 1]],
        "Wsx": [[f"{number}*a", 0, 0], [1, 1, 1]],
        "Wo": [[f"{inverse}/a", 0], [0, 0], [0, 0], [0, 1]],
    }
    params = LinearSystemParams(
        structure="rnn-a", inputs=3, target=("x[1]", "0", "0", "cumsum(x[1] + x[2] + x[3])"), state_size=2
    )
    found = linear_system.judge(params, Answer(fields=plain_fields(weights)))
    assert found.outcome.verdict == "correct"
    assert found.facts.symbolic is not None
    assert found.facts.symbolic.symbols == ("a",)


@pytest.mark.parametrize(("entry", "is_never"), [(sympy.Integer(2), None), (A**2 + 1, True), (A, False)])
def test_only_where_there_is_a_symbol_are_its_values_spoken_of(entry, is_never, plain_fields):
    """The sum is right where the entry is 1: never for 2, for no a with a^2 + 2 = 1, for a = 1."""
    weights = PLAIN | {"Wss": sympy.Matrix([[0, 0], [0, entry + (1 if is_never else 0)]])}
    fields = plain_fields({k: formulas(v) for k, v in weights.items()})
    fields["s0"] = plain_fields({"s0": [Formula("3 + 4"), 0]})["s0"]
    found = linear_system.judge(B_I, Answer(fields=fields)).facts.symbolic
    assert found.symbols == (() if is_never is None else ("a",))
    assert (found.condition and found.condition.is_never) is is_never


@pytest.mark.parametrize(("n", "is_shown"), [(2, True), (8, True), (9, False)])
def test_the_meaning_of_a_state_is_shown_up_to_eight_entries(n, is_shown, plain_fields):
    spare = sympy.zeros(n - 2, n - 2)
    weights = {
        "s0": sympy.Matrix([7, 0, *[0] * (n - 2)]),
        "Wss": sympy.diag(PLAIN["Wss"], spare),
        "Wsx": PLAIN["Wsx"].col_join(sympy.zeros(n - 2, 3)),
        "Wo": PLAIN["Wo"].row_join(sympy.zeros(4, n - 2)),
    }
    fields = plain_fields({k: formulas(v) for k, v in weights.items()})
    marked = mark_weights(B_I, judge_answer(B_I, fields))
    assert marked.judged.is_right
    assert (map_of_state(B_I, marked.judged)[0] is not None) is is_shown
