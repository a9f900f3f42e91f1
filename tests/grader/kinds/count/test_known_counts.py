"""Which wrong counts are recognised, counted out by hand, and which of them sizes cannot tell apart."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.formula.evaluate import evaluate
from grader.kinds.count import KIND
from grader.kinds.count.diagnose import _large, cannot_tell
from grader.kinds.count.judge import judge, known_formulas
from grader.kinds.count.question import CountParams
from grader.model.control import FormulaControl
from grader.model.kind import Answer
from grader.networks.counting.blocks import blocks_of, count_at
from grader.networks.counting.mistakes import count_mistakes, telling_sizes
from grader.networks.equations.declaration import network_of

ELMAN = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
    "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y(t) = sigmoid(V.T @ h(t) + c)"],
}
SIZES = {"n_in": 3, "n_h": 5, "n_out": 2}
U, W, V, B, C = 15, 25, 10, 5, 2
IN_H = {
    "biases-missing": U + W,
    "hidden-biases-missing": U + W,
    "one-bias-per-layer": U + W + 1,
    "two-hidden-biases": U + W + 2 * B,
    "recurrent-weights-missing": U + B,
    "one-recurrent-weight-each": U + 5 + B,
    "input-weights-missing": W + B,
    "other-feedback": U + 2 * 5 + B,
    "sizes-added": (3 + 5) + (5 + 5) + 5,
}
BY_FIELD = {
    "U": {"sizes-added": 3 + 5},
    "W": {"one-recurrent-weight-each": 5, "other-feedback": 2 * 5, "sizes-added": 5 + 5},
    "b": {"one-bias-per-layer": 1, "two-hidden-biases": 2 * B},
    "c": {"one-bias-per-layer": 1},
    "h": IN_H,
    "parameters": {
        **{
            name: count + V + C
            for name, count in IN_H.items()
            if name not in ("sizes-added", "biases-missing")
        },
        "biases-missing": U + W + V,
        "one-bias-per-layer": U + W + 1 + V + 1,
        "output-bias-missing": U + W + B + V,
        "sizes-added": (3 + 5) + (5 + 5) + 5 + (5 + 2) + 2,
        "values-counted": U + W + B + V + C + 5,
        "output-layer-missing": U + W + B,
    },
}


def question(network: Any = ELMAN, **more: Any) -> CountParams:
    return msgspec.convert(
        {"network": network, **more}, CountParams, dec_hook=lambda _, value: Fraction(value)
    )


@pytest.mark.parametrize("asked", BY_FIELD)
@pytest.mark.parametrize("sizes", [{}, SIZES])
def test_mistakes_of_a_field_are_those_that_count_something_else_for_it(asked: str, sizes: Any) -> None:
    params = question(asked=["U", "W", "b", "c", "h", "parameters"], sizes=sizes, slip_credit="1/3")
    found = list(known_formulas(params, asked))
    single = {
        one.id: evaluate(one.effect, {k: Fraction(v) for k, v in SIZES.items()})
        for one in found
        if one.rank == 1
    }
    assert single == BY_FIELD[asked]
    assert {one.credit for one in found if one.rank == 1} <= {Fraction(1, 3)}
    double = [one for one in found if one.rank == 2]
    # Two mistakes together are known of formulas only: of numbers half of all would be some pair's.
    assert bool(double) is (not sizes)
    assert {one.credit for one in double} <= {Fraction(1, 9)}
    assert len(found) == len(single) + len(double)


def test_an_author_s_mistakes_come_first_each_for_its_field_with_its_credit() -> None:
    written = [
        {"field": "b", "formula": "n_in", "id": "inputs", "message": "m", "credit": "1/4"},
        {"field": "time", "formula": "T*n_h", "id": "one-product", "message": "m", "credit": "1/2"},
    ]
    other = {
        "network": {
            **ELMAN,
            "parameters": {**ELMAN["parameters"], "b": "n_out"},
            "equations": [  # type: ignore[dict-item]
                "h(t) = tanh(U.T @ x(t) + W.T @ h(t-1))",
                "y(t) = sigmoid(V.T @ h(t) + c + b)",
            ],
        },
        "id": "bias-of-y",
        "message": "m",
    }
    params = question(
        asked=["b", "U"], sizes=["T"], big_o={"time": "T*n_h^2"}, mistakes=written, others=[other]
    )
    at = {**{k: Fraction(v) for k, v in SIZES.items()}, "T": Fraction(4)}
    of_b = list(known_formulas(params, "b"))
    assert [(one.id, one.rank, one.credit, evaluate(one.effect, at)) for one in of_b[:2]] == [
        ("inputs", 0, Fraction(1, 4), 3),
        ("bias-of-y", 0, 0, 2),
    ]
    assert [one.id for one in known_formulas(params, "U")] == ["bias-of-y", "sizes-added"] + [
        one.id for one in known_formulas(params, "U") if one.rank == 2
    ]
    (of_time,) = known_formulas(params, "time")
    assert (of_time.id, of_time.rank, of_time.credit) == ("one-product", 0, Fraction(1, 2))


NAMES = ["U", "W", "V", "b", "c"]


@pytest.mark.parametrize("right", list(itertools.product([True, False], repeat=5)))
def test_a_sum_of_own_counts_is_right_where_half_of_them_are(right: tuple[bool, ...], plain: Any) -> None:
    """The equation of h is asked too, and right: it is no parameter."""
    counts = dict(zip(NAMES, (U, W, V, B, C), strict=True))
    given = {
        name: count if ok else count + 1 for (name, count), ok in zip(counts.items(), right, strict=True)
    }
    params = question(asked=[*NAMES, "h", "parameters"], sizes=SIZES)
    for total, is_sum in ((sum(given.values()), True), (sum(given.values()) + 1, False)):
        every = {**given, "h": U + W + B, "parameters": total}
        outcome = judge(params, Answer(fields={name: plain(one) for name, one in every.items()})).outcome
        counted = (is_sum and 2 * sum(right) >= 5) or total == sum(counts.values())
        assert outcome.fraction == Fraction(sum(right) + 1 + counted, 7)
        is_told = counted and total != sum(counts.values())
        assert ("follows-from-own" in [one.code for one in outcome.feedback]) is is_told


def test_a_sum_follows_only_where_every_parameter_is_asked_and_given(plain: Any) -> None:
    params = question(asked=[*NAMES, "parameters"], sizes=SIZES)
    given = {"U": U, "W": W, "V": V, "b": B, "parameters": U + W + V + B}
    assert judge(params, Answer(fields={k: plain(v) for k, v in given.items()})).outcome.fraction == Fraction(
        4, 6
    )
    without_c = question(asked=["U", "W", "V", "b", "parameters"], sizes=SIZES)
    assert judge(
        without_c, Answer(fields={k: plain(v) for k, v in given.items()})
    ).outcome.fraction == Fraction(4, 5)
    half = {"inputs": {"x": "n"}, "parameters": {"u": "n", "v": "n"}, "equations": ["y(t) = u * x(t) + v"]}
    two = question(half, asked=["u", "v", "parameters"])
    answer = {"u": "n", "v": "2*n", "parameters": "3*n"}
    assert judge(two, Answer(fields={k: plain(v) for k, v in answer.items()})).outcome.fraction == Fraction(
        2, 3
    )


def counts_of(network: Any, sizes: Any) -> list[tuple[str, int]]:
    return [(one.id, count_at(one.effect(blocks_of(network)), sizes)) for one in count_mistakes(network)]


@pytest.mark.parametrize(
    "sizes",
    [
        dict(zip(SIZES, one, strict=True))
        for one in [(1, 1, 1), (2, 2, 2), (1, 2, 5), (5, 2, 1), (2, 5, 5), (3, 5, 2)]
    ],
)
def test_mistakes_are_alike_where_they_count_the_same(sizes: dict[str, int]) -> None:
    params = question(sizes=sizes)
    network = network_of(params.network)
    counts = counts_of(network, sizes)
    right = count_at(blocks_of(network), sizes)
    alike = {
        id: {other for other, n in counts for own, m in counts if own == id and n == m and other != id}
        for id, _ in counts
    }
    found = cannot_tell(params)
    assert {id: set(others) for id, others in found.alike.items()} == alike
    assert all(len(set(others)) == len(others) for others in found.alike.values())
    assert set(found.invisible) == {id for id, count in counts if count == right}

    def untold(at: dict[str, int]) -> int:
        own = counts_of(network, at)
        n_right = count_at(blocks_of(network), at)
        unclear = {a for a, n in own for b, m in own if n == m and a != b}
        return len(unclear) + len({a for a, n in own if n == n_right})

    better = telling_sizes(network)
    is_better = untold(better) < untold(sizes)
    written = "sizes = { " + ", ".join(f"{name} = {size}" for name, size in better.items()) + " }"
    assert found.better == (written if is_better else "")


def test_of_formulas_mistakes_are_told_apart_by_large_sizes_and_nothing_is_better() -> None:
    found = cannot_tell(question())
    assert (found.groups, found.invisible, found.better) == (
        (("biases-missing", "hidden-biases-missing"),) * 0,
        (),
        "",
    )
    assert cannot_tell(msgspec.convert({"big_o": "T", "sizes": ["T"]}, CountParams)) == ({}, (), "")


def test_large_sizes_are_primes_far_apart() -> None:
    composite = {a * b for a in range(2, 45) for b in range(a, 1000)}
    primes = [n for n in range(1009, 2000) if n not in composite]
    assert list(_large(["a", "b", "c", "d"]).values()) == primes[::20][:4]


BIG = {"big_o": "T*n", "sizes": ["T", "n"]}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (BIG, None),
        ({**BIG, "sizes": []}, "name those of the order"),
        ({**BIG, "sizes": {"T": 1, "n": 2}}, "name those of the order"),
        ({"sizes": ["T"]}, "name a network"),
        ({**BIG, "asked": ["U"]}, "go with a network"),
        ({**BIG, "others": [{"network": ELMAN, "id": "e", "message": "m"}]}, "go with a network"),
        ({**BIG, "big_o": {"time": "T*k"}}, "big_o.time"),
        ({**BIG, "aliases": {"S": "T"}}, None),
        ({**BIG, "aliases": {"S": "k"}}, "none of the sizes"),
        ({**BIG, "sizes": ["T", "n", "2n"]}, "is no name"),
        ({**BIG, "sizes": ["T", "n", "N"], "aliases": {"N": "n"}}, "spelled like another"),
        ({"network": ELMAN, "slip_credit": "0"}, None),
        ({"network": ELMAN, "slip_credit": "99/100"}, None),
        ({"network": ELMAN, "slip_credit": "1"}, "slip_credit is 1"),
        ({"network": ELMAN, "slip_credit": "-1/9"}, "slip_credit is -1/9"),
        ({"network": ELMAN, "asked": [], "big_o": "n_h^2"}, None),
        ({"network": ELMAN, "asked": []}, "names nothing"),
        ({"network": ELMAN, "asked": ["U", "U"]}, "something twice"),
        ({"network": ELMAN, "asked": ["x"]}, "no weights to count"),
        ({"network": ELMAN, "big_o": {"parameters": "n_h^2"}}, "as a number of weights, too"),
        ({"network": ELMAN, "sizes": {**SIZES, "n_h": 1}}, None),
        ({"network": ELMAN, "sizes": {**SIZES, "n_h": 0}}, "at least 1 entry"),
        ({"network": ELMAN, "sizes": ["T"]}, None),
    ],
)
def test_what_can_be_asked(table: Any, said: str | None) -> None:
    if said is None:
        msgspec.convert(table, CountParams, dec_hook=lambda _, value: Fraction(value))
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            msgspec.convert(table, CountParams, dec_hook=lambda _, value: Fraction(value))


@pytest.mark.parametrize(
    ("field", "formula", "said"),
    [
        ("parameters", "n_h", None),
        ("time", "n_h", None),
        ("U", "n_h", "'U' is not asked"),
        ("parameters", "n_h +", "mistakes.m"),
        ("parameters", "k", "mistakes.m"),
        ("time", "n_h - n_in^2", "mistakes.m"),
        ("parameters", "", "mistakes.m"),
    ],
)
def test_a_written_mistake_is_a_formula_for_a_field_that_is_asked(
    field: str, formula: str, said: str | None
) -> None:
    mistake = {"field": field, "formula": formula, "id": "m", "message": "m"}
    if said is None:
        question(big_o={"time": "n_h^2"}, mistakes=[mistake])
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            question(big_o={"time": "n_h^2"}, mistakes=[mistake])
    with pytest.raises(msgspec.ValidationError, match="written as a formula"):
        question(mistakes=[{**mistake, "field": "parameters", "mutant": "x"}])


def test_a_name_that_all_weights_together_have_is_taken() -> None:
    own = {
        **ELMAN,
        "parameters": {**ELMAN["parameters"], "parameters": "n_h"},  # type: ignore[dict-item]
        "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b + parameters)", ELMAN["equations"][1]],
    }
    with pytest.raises(msgspec.ValidationError, match="take another name"):
        question(own)
    variable = {**ELMAN, "equations": [*ELMAN["equations"], "parameters(t) = h(t)"], "output": ["y"]}
    with pytest.raises(msgspec.ValidationError, match="take another name"):
        question(variable)


def test_counts_and_orders_are_typed_as_formulas_in_the_sizes() -> None:
    params = question(asked=["U"], sizes=["T"], big_o={"time": "T*n_h"}, aliases={"H": "n_h"})
    names = (("T", "n_h", "n_in", "n_out"), (("H", "n_h"),))
    assert KIND.asks(params).fields == ("U", "time")
    assert KIND.controls is not None
    assert KIND.controls(params) == {"U": FormulaControl(*names), "time": FormulaControl(*names, "order")}


@pytest.mark.parametrize(
    ("written", "is_right"),
    [
        ("1,440", True),
        ("1.440", True),
        ("14,40", False),
        ("1 440", True),
        ("01,440", True),
        ("1440", True),
        ("1,4400", False),
    ],
)
def test_thousands_are_three_digits_each(written: str, is_right: bool, plain: Any) -> None:
    own = {"inputs": {"x": "n"}, "parameters": {"W": "m x n"}, "equations": ["h(t) = W @ x(t)"]}
    params = question(own, sizes={"n": 30, "m": 48})
    assert judge(params, Answer(fields={"parameters": plain(written)})).outcome.fraction == is_right
