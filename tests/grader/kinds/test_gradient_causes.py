"""Causes of wrong gradients, told one by one: small arrays written down here, and every choice of causes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from grader.kinds.gradient.diagnose import clipping
from grader.kinds.gradient.known_gradients import _factor, _meaning, _tells_of
from grader.kinds.gradient.meanings import Factor
from grader.kinds.gradient.one_by_one import Came, Cause, fewest, plain_causes, restricted
from grader.model.outcome import Diagnosis
from grader.networks.backward.gradients import Arrays

# Two instances; A and B are square, b and c alike in shape, and so are d and e on the first instance alone.
RIGHT: list[Arrays] = [
    {
        "A": np.array([[1.0, 2.0], [3.0, 5.0]]),
        "B": np.array([[7.0, 1.0], [2.0, 4.0]]),
        "U": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        "b": np.array([1.0, 2.0]),
        "c": np.array([3.0, 4.0]),
        "d": np.array([5.0, 6.0, 7.0]),
        "e": np.array([8.0, 9.0, 10.0]),
    },
    {
        "A": np.array([[2.0, 2.5], [3.5, 1.0]]),
        "B": np.array([[1.0, 6.0], [2.0, 8.0]]),
        "U": np.array([[3.0, 1.0, 3.0], [2.0, 5.0, 2.0]]),
        "b": np.array([1.5, 9.0]),
        "c": np.array([2.5, 7.0]),
        "d": np.array([4.0, 3.0, 2.0]),
        "e": np.array([8.0, 9.0]),
    },
]


def came(*changes: dict[str, object], wrong: tuple[str, ...] | None = None) -> Came:
    """What comes where some gradients are others, on each instance; without a second, as on the first."""
    both = changes if len(changes) == 2 else (changes[0], changes[0])
    got = []
    for right, change in zip(RIGHT, both, strict=True):
        made = dict(right)
        for name, what in change.items():
            if isinstance(what, str):
                made[name] = right[what.rstrip("T")].T if what.endswith("T") else right[what]
            else:
                made[name] = np.asarray(what) * right[name]
        got.append(made)
    differ = [
        name
        for name in RIGHT[0]
        if any(not np.array_equal(g[name], r[name]) for g, r in zip(got, RIGHT, strict=True))
    ]

    def is_it(name: str, index: int, array: np.ndarray) -> bool:
        return np.array_equal(got[index][name], array)

    return Came(got, RIGHT, tuple(differ) if wrong is None else wrong, is_it)


def told(one: Came, meanings: dict[str, str] | None = None) -> list[tuple[str, str, set[str]]]:
    found = list(plain_causes(one, lambda name: (meanings or {}).get(name)))
    assert not any(cause.is_restricted for cause in found)
    return [(cause.diagnosis.id, cause.diagnosis.message, set(cause.names)) for cause in found]


ALONE = "In the place of d{} stands d{}."
PAIR = "d{} and d{} stand in each other's place"


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (came({"A": 0, "b": 0}), [("dA-db-zero", "dA and db are zero.", {"A", "b"})]),
        (came({"A": 0, "U": 0, "b": 0}), [("dA-dU-db-zero", "dA, dU and db are zero.", {"A", "U", "b"})]),
        # One alone has a name of its own, and what is zero on one instance is not zero.
        (came({"A": 0}), []),
        (came({"A": 0, "b": 0}, {"A": 0, "b": 2}), []),
        (came({"A": 0, "b": 2}, {"A": 0, "b": 0}), []),
        (came({"A": "AT", "B": "BT"}), [("dA-dB-transposed", "dA and dB are transposed.", {"A", "B"})]),
        (came({"A": "AT"}), []),
        (came({"A": "AT", "B": "BT"}, {"A": "AT", "B": "B"}), []),
        (
            came({"A": "AT", "B": "BT", "U": 2}),
            [("dA-dB-transposed", "dA and dB are transposed.", {"A", "B"})],
        ),
        (came({"b": "c"}), [("another-gradient", ALONE.format("b", "c"), {"b"})]),
        (came({"c": "b"}), [("another-gradient", ALONE.format("c", "b"), {"c"})]),
        (came({"b": "c", "c": "b"}), [("another-gradient", f"{PAIR.format('b', 'c')}.", {"b", "c"})]),
        (came({"A": "B", "B": "A"}), [("another-gradient", f"{PAIR.format('A', 'B')}.", {"A", "B"})]),
        (
            came({"A": "B", "b": "c", "c": "b"}),
            [
                (
                    "another-gradient",
                    f"{PAIR.format('b', 'c')} and in the place of dA stands dB.",
                    {"A", "b", "c"},
                )
            ],
        ),
        (came({"b": "c"}, {"b": 2}), []),
        (came({"d": "e"}, {"d": 2}), []),
        (came({"b": 2, "A": 3}), []),
    ],
)
def test_zeros_transposes_and_other_gradients_are_told(
    one: Came, wanted: list[tuple[str, str, set[str]]]
) -> None:
    assert told(one) == wanted


def test_a_factor_is_told_of_each_that_has_one_but_not_of_zeros() -> None:
    meanings = {"b": "half as large", "c": "of the wrong sign"}
    every = "The gradients are right but for a factor: that of {}."
    one = came({"b": 0.5})
    assert told(one, meanings) == [("one-gradient-scaled", every.format("b is half as large"), {"b"})]
    both = came({"b": 0.5, "c": -1})
    text = every.format("b is half as large; that of c is of the wrong sign")
    assert told(both, meanings) == [("one-gradient-scaled", text, {"b", "c"})]
    some = came({"b": 0.5, "A": 7})
    text = "Some gradients are right but for a factor: that of b is half as large."
    assert told(some, meanings) == [("one-gradient-scaled", text, {"b"})]
    assert told(came({"b": 0}), meanings) == []
    assert told(came({"b": 0, "c": -1}), meanings)[-1][2] == {"c"}


def test_a_mistake_in_some_gradients_alone_says_in_which() -> None:
    cause = restricted(Diagnosis("stopped", "Errors stop."), ["b", "c"])
    assert cause.diagnosis == Diagnosis("stopped-in-db-dc", "In db and dc alone: Errors stop.")
    assert (cause.names, cause.is_restricted) == (frozenset("bc"), True)


def cause(names: str, is_restricted: bool = False) -> Cause:
    return Cause(Diagnosis(names, names), frozenset(names), is_restricted)


def chosen(wrong: str, *causes: Cause) -> list[str]:
    one = Came([{"a": np.ones(1)}], [{"a": np.ones(1)}], tuple(wrong), lambda *_: True)
    return [each.diagnosis.id for each in fewest(one, causes)]


@pytest.mark.parametrize(
    ("wrong", "causes", "wanted"),
    [
        ("ab", ["a", "ab", "b"], ["ab"]),
        ("ab", ["a", "b"], ["a", "b"]),
        ("abc", ["a", "bc"], ["bc", "a"]),
        # What changes others, too, is taken for those that are wrong.
        ("ab", ["abz", "a", "b"], ["abz"]),
        ("ab", ["a", "z"], []),
        ("ab", [], []),
        ("", ["a"], []),
        # Of causes of as many the first.
        ("a", ["a", "az"], ["a"]),
        ("abcd", ["a", "b", "c", "d"], ["a", "b", "c", "d"]),
        # More than four are no explanation.
        ("abcde", ["a", "b", "c", "d", "e"], []),
        ("abcde", ["ab", "b", "c", "d", "e"], ["ab", "c", "d", "e"]),
    ],
)
def test_causes_of_most_are_taken_until_every_wrong_gradient_is_explained(
    wrong: str, causes: Sequence[str], wanted: list[str]
) -> None:
    assert chosen(wrong, *map(cause, causes)) == wanted


def test_restricted_causes_are_taken_only_where_it_does_not_go_without() -> None:
    whole = cause("abc", is_restricted=True)
    assert chosen("abc", whole, cause("a"), cause("b"), cause("c")) == ["a", "b", "c"]
    assert chosen("abc", whole, cause("a"), cause("b")) == ["abc"]
    assert chosen("abc", cause("ab", is_restricted=True), cause("c")) == ["ab", "c"]


def test_what_is_zero_throughout_is_not_explained() -> None:
    for got, is_explained in (((0.0, 0.0), False), ((0.0, 1.0), True), ((1.0, 0.0), True)):
        arrays = [{"a": np.zeros(1), "b": np.array([one])} for one in got]
        one = Came(arrays, arrays, ("a",), lambda *_: True)
        assert bool(fewest(one, [cause("a")])) is is_explained


BASE = [
    {"a": np.array([3.0, -4.0]), "b": np.array([12.0])},
    {"a": np.array([0.6, 0.8]), "b": np.array([2.0])},
]


def test_a_limit_is_one_for_all_calls() -> None:
    def cut(limits: tuple[float, float]) -> list[Arrays]:
        return [
            {name: np.clip(array, -limit, limit) for name, array in one.items()}
            for one, limit in zip(BASE, limits, strict=True)
        ]

    assert clipping(cut((3.5, 3.5)), BASE) == "every entry is cut off at 3.5"
    assert clipping(cut((3.5, 1.0)), BASE) is None
    # What came may be off by a hundredth of the largest entry.
    for share, is_seen in ((0.99, True), (-0.99, True), (1.01, False), (-1.01, False)):
        near = cut((3.5, 3.5))
        near[1]["a"][0] += share * 0.01 * 2.0
        assert (clipping(near, BASE) is not None) is is_seen


def test_lengths_are_those_of_all_or_of_each() -> None:
    whole = [{name: array * (6.5 / 13) for name, array in BASE[0].items()}, BASE[1]]
    assert clipping(whole, BASE) == "all gradients together are scaled down to a length of 6.5"
    each = [{"a": BASE[0]["a"] * (4 / 5), "b": np.array([4.0])}, BASE[1]]
    assert clipping(each, BASE) == "each gradient is scaled down to a length of 4"
    other = [{"a": BASE[0]["a"] * (3 / 5), "b": np.array([4.0])}, BASE[1]]
    assert clipping(other, BASE) is None


@pytest.mark.parametrize(
    ("got", "made", "wanted"),
    [
        ([2.0, 4.0], [1.0, 2.0], 2.0),
        ([-1.0, -2.0], [1.0, 2.0], -1.0),
        # By least squares.
        ([1.0, 0.0], [1.0, 2.0], 0.2),
        ([2e-6, 0.0], [1.0, 0.0], 2e-6),
        ([1e-6, 0.0], [1.0, 0.0], 1e-6),
        ([0.9e-6, 0.0], [1.0, 0.0], None),
        ([-0.9e-6, 0.0], [1.0, 0.0], None),
        ([1.0, 2.0], [0.0, 0.0], None),
        ([np.nan, 2.0], [1.0, 2.0], None),
        ([np.inf, 2.0], [1.0, 2.0], None),
    ],
)
def test_one_factor_is_that_of_least_squares(
    got: list[float], made: list[float], wanted: float | None
) -> None:
    found = _factor(np.array(got), np.array(made))
    assert found is None if wanted is None else found == pytest.approx(wanted)


def test_a_factor_means_what_is_within_the_tolerance() -> None:
    known = [Factor(1, ""), Factor(0.5, "half"), Factor(-0.5, "minus half")]
    for factor, meaning in ((1.0, ""), (1.0009, ""), (0.9991, ""), (1.0011, None), (0.9989, None)):
        assert _meaning(factor, known, 1e-3) == meaning
        assert _meaning(factor / 2, known, 1e-3) == (None if meaning is None else "half")
        assert _meaning(-factor / 2, known, 1e-3) == (None if meaning is None else "minus half")


@pytest.mark.parametrize(
    ("message", "names", "is_told"),
    [
        ("dW and db are zero.", {"W"}, True),
        ("dW and db are zero.", {"c", "b"}, True),
        ("dW and db are zero.", {"c"}, False),
        ("dWx is zero.", {"W"}, False),
        ("W is transposed.", {"W"}, False),
        ("dW", set(), False),
    ],
)
def test_a_message_tells_of_a_gradient_by_its_whole_name(
    message: str, names: set[str], is_told: bool
) -> None:
    assert _tells_of(Diagnosis("x", message), names) is is_told


def test_pairs_are_told_in_the_order_of_names() -> None:
    shapes = {name: np.array([float(at), 1.0]) for at, name in enumerate("abcd")}
    for first, other in itertools.permutations("abcd", 2):
        got = {**shapes, first: shapes[other], other: shapes[first]}
        one = Came(
            [got],
            [shapes],
            tuple(sorted(first + other)),
            lambda name, _, a, got=got: np.array_equal(got[name], a),
        )
        low, high = sorted((first, other))
        assert told(one)[0][1] == f"{PAIR.format(low, high)}."
