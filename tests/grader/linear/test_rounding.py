"""What counts as rounding, and what only looks like it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.answers.numbers import ExactNumber
from grader.kinds.linear_system import judge as linear_system
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.rounding import radii
from grader.model.kind import Answer
from grader.model.value import Array, Items, Number, Text, Value

SUM = LinearSystemParams(structure="rnn-a", inputs=1, target=("cumsum(x[1])",))
B_I = LinearSystemParams(
    structure="rnn-a", inputs=3, state_size=2, target=("x[1]", "0", "0", "cumsum(x[1] + x[2] + x[3])")
)


def number(text: str) -> Value:
    return Number(text, "float")


def scalar_network(s0: str, Wss: str, Wsx: str, Wo: str) -> Answer:
    names = {"s0": s0, "Wss": Wss, "Wsx": Wsx, "Wo": Wo}
    return Answer(fields={name: number(text) for name, text in names.items()})


@pytest.mark.parametrize(
    ("weights", "verdict", "accepted_by"),
    [
        (("0", "1", "3", "0.3333333333333333"), "correct", "rationalised"),
        (("0", "1.0", "0.3", "3.3333333333333335"), "correct", "rationalised"),
        (("0", "1", "1.4142135623730951", "0.7071067811865475"), "correct", "rounded"),
        (("0", "1", "3", "0.333333"), "correct", "borderline"),
        (("0", "1", "3", "0.33333"), "correct", "borderline"),
        (("0", "1", "3", "0.3333"), "partial", None),
        (("0", "1", "3", "0.333"), "partial", None),
        (("0", "1.0001", "1", "1"), "partial", None),
        (("0", "0.999999", "1", "1"), "partial", None),
        (("0", "0.9999999", "1", "1"), "partial", None),
        (("0", "1.0000001", "1", "1"), "partial", None),
        (("0", "1.000000001", "1", "1"), "partial", None),
        (("0", "0.99999", "1", "1"), "partial", None),  # 0.1 % off after 100 steps: no rounding of a 1
        (("0", "1", "1000000000000", "0.000000000001"), "correct", "exact"),
        (("0", "1", "0.1", "10"), "correct", "exact"),
        (("0.000001", "1", "1", "1"), "partial", None),  # one digit: it is meant
        (("1e-12", "1", "1", "1"), "partial", None),
        (("-0.0", "1", "1", "1"), "correct", "exact"),
        (("0", "1.000001", "1", "1"), "partial", None),  # 1 rounded to six places is 1
        (("1e-12", "1", "3", "0.3333333333333333"), "partial", None),  # 1e-12 is meant, third or not
        (("0", "1", "3", "0.333334"), "partial", None),  # a third is 0.333333
        (("0", "1", "3.00001", "0.33333"), "correct", "borderline"),  # 3.000013 * 0.333332 could be meant
        (("0", "1", "3.00003", "0.33333"), "correct", "borderline"),  # 0.33333 * 3.00003 is 1 to 1e-10
        (("0", "1", "3.00009", "0.33333"), "partial", None),
    ],
)
def test_which_tier_accepts(weights, verdict, accepted_by):
    outcome = linear_system.judge(SUM, scalar_network(*weights)).outcome
    assert outcome.verdict == verdict
    assert outcome.facts.get("accepted_by") == accepted_by


def test_float32_weights_mean_their_short_decimals():
    """0.1 in float32 is 0.100000001490116 in float64; what was written is 0.1, and 10 * 0.1 is 1."""
    tenth = Array("<f4", (1, 1), np.array([[0.1]], dtype="<f4").tobytes())
    fields = {"s0": number("0"), "Wss": number("1"), "Wsx": tenth, "Wo": number("10")}
    outcome = linear_system.judge(SUM, Answer(fields=fields)).outcome
    assert outcome.facts["accepted_by"] == "exact"


def test_what_a_float32_cannot_tell_from_one_may_be_one():
    """1.0000001 is one step of a float32 above 1; typed as a decimal it is another number."""
    one = Array("<f4", (1, 1), np.nextafter(np.float32(1), np.float32(2)).astype("<f4").tobytes())
    fields = {"s0": number("0"), "Wss": one, "Wsx": number("1"), "Wo": number("1")}
    outcome = linear_system.judge(SUM, Answer(fields=fields)).outcome
    assert outcome.facts["accepted_by"] == "borderline"


def test_a_complex_number_without_imaginary_part_is_the_real_one():
    weights = {"s0": "0", "Wss": "1", "Wsx": "1", "Wo": "1"}
    fields = {name: Number(f"({text}+0j)", "complex") for name, text in weights.items()}
    assert linear_system.judge(SUM, Answer(fields=fields)).outcome.verdict == "correct"


@pytest.mark.parametrize("angle", np.linspace(0.1, 3.0, 30))
def test_a_rotated_basis_is_right_up_to_rounding(angle):
    T = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    weights = {
        "s0": np.zeros(2),
        "Wss": T @ np.diag([0.0, 1.0]) @ T.T,
        "Wsx": T @ np.array([[1.0, 0, 0], [1, 1, 1]]),
        "Wo": np.array([[1.0, 0], [0, 0], [0, 0], [0, 1]]) @ T.T,
    }
    answer = Answer(fields={name: from_numpy(value) for name, value in weights.items()})
    outcome = linear_system.judge(B_I, answer).outcome
    assert outcome.verdict == "correct"
    assert outcome.basis.code is not None
    assert outcome.basis.code.startswith("tested on")


@pytest.mark.parametrize(
    ("weight", "verdict"), [("1000000002.00001", "partial"), ("1000000000.00001", "incorrect")]
)
def test_large_weights_that_cancel_do_not_hide_an_error(weight: str, verdict: str):
    """The sum is (10^9 + 1) s - 10^9 s; with one more or one less it is off by one, and is 2 s or 0."""
    fields = {
        "s0": Items((number("0"), number("0"))),
        "Wss": Items((Items((number("1"), number("0"))), Items((number("0"), number("1"))))),
        "Wsx": Items((number("1"), number("1"))),
        "Wo": Items((number(weight), number("-1000000000.00001"))),
    }
    outcome = linear_system.judge(SUM, Answer(fields=fields)).outcome
    assert outcome.verdict == verdict


def test_an_unstable_state_that_leaks_a_little_is_no_rounding():
    """A leak of 1e-7 is within rounding at first, but its state doubles each step: 10^23 after 100."""
    fields = {
        "s0": Items((number("0"), number("0"))),
        "Wss": Items((Items((number("1"), number("0"))), Items((number("0"), number("2"))))),
        "Wsx": Items((number("1"), number("1"))),
        "Wo": Items((number("1.0000000"), number("0.000000100001"))),
    }
    outcome = linear_system.judge(SUM, Answer(fields=fields)).outcome
    assert outcome.verdict == "partial"


def test_numbers_that_would_keep_exact_arithmetic_busy_are_refused():
    from grader.errors import Unreadable

    prime_denominators = [Fraction(1, p) for p in range(10**18 + 1, 10**18 + 400, 2)]
    text = Items(tuple(Text(str(v)) for v in prime_denominators[:64]))
    wide = Items((text,) * 64)
    fields = {"s0": text, "Wss": wide, "Wsx": text, "Wo": text}
    with pytest.raises(Unreadable) as refused:
        linear_system.judge(SUM, Answer(fields=fields))
    assert refused.value.code == "too-large"


def test_a_tiny_leak_into_a_state_that_explodes_is_no_rounding():
    """1.2345e-36 beside whole numbers was typed, and grows a thousandfold each step."""
    fields = {
        "s0": Items((number("0"), number("0"))),
        "Wss": Items((Items((number("1"), number("0"))), Items((number("0"), number("1000"))))),
        "Wsx": Items((number("1"), number("1.2345e-36"))),
        "Wo": Items((number("1"), number("1"))),
    }
    assert linear_system.judge(SUM, Answer(fields=fields)).outcome.verdict == "partial"


@pytest.mark.parametrize(
    ("Wsx", "Wo", "verdict"),
    [
        (Fraction(1 / 3), Fraction(3), "correct"),
        (Fraction(0.1), Fraction(10), "correct"),
        (Fraction(10), Fraction(0.1), "correct"),
        (Fraction(2**0.5), Fraction(0.5**0.5), "correct"),
        (Fraction(1, 2**29), Fraction(2**29), "correct"),
        (Fraction(1, 2**40), Fraction(2**40), "correct"),
        (Fraction(2**29 + 1, 2**29), Fraction(1), "partial"),  # exact, and not 1
        (Fraction(2**40 + 1, 2**40), Fraction(1), "partial"),  # 4000 units of a float's last place
        (Fraction(2**60 + 1, 2**60), Fraction(1), "partial"),  # no float has as many bits
        (Fraction(333333333333, 10**12), Fraction(3), "partial"),  # exact, and not a third
    ],
)
def test_a_fraction_made_of_a_float_counts_as_the_float(Wsx, Wo, verdict):
    names = {"s0": Fraction(0), "Wss": Fraction(1), "Wsx": Wsx, "Wo": Wo}
    fields: dict[str, Value] = {name: Number(str(value), "rational") for name, value in names.items()}
    assert linear_system.judge(SUM, Answer(fields=fields)).outcome.verdict == verdict


def single(matrix: np.ndarray) -> Value:
    wire = np.ascontiguousarray(matrix, dtype="<f4")
    return Array("<f4", wire.shape, wire.tobytes())


def in_single_precision(condition: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """1(b)i in a random basis of that condition: right, and then rounded to 32 bits."""
    left, right = (np.linalg.qr(rng.normal(size=(2, 2)))[0] for _ in range(2))
    T = left @ np.diag([condition**0.5, condition**-0.5]) @ right
    Wo = np.array([[1.0, 0], [0, 0], [0, 0], [0, 1]])
    made = {"Wss": T @ np.diag([0.0, 1]) @ np.linalg.inv(T), "Wsx": T @ np.array([[1.0, 0, 0], [1, 1, 1]])}
    return {"s0": np.zeros(2), **made, "Wo": Wo @ np.linalg.inv(T)}


def verdict_of(weights: dict[str, np.ndarray]) -> str:
    fields = {name: single(weight) for name, weight in weights.items()}
    return linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict


@pytest.mark.parametrize("seed", range(20))
def test_float32_weights_in_a_middling_basis_are_right(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for condition in (3, 10, 30):
        assert verdict_of(in_single_precision(condition, rng)) == "correct"


def answers(weights: dict[str, np.ndarray], steps: int = 9) -> np.ndarray:
    """Responses to the three unit inputs, and to none, by stepping through the network."""
    state = np.column_stack([weights["Wsx"], weights["Wss"] @ weights["s0"]])
    shown = []
    for _ in range(steps):
        shown.append(weights["Wo"] @ state)
        state = weights["Wss"] @ state
    return np.array(shown)


@pytest.mark.parametrize("seed", range(32))
def test_a_change_that_shows_in_float32_weights_is_wrong(seed: int) -> None:
    """One entry changed by a hundredth or more; wrong wherever that shows by 2e-3 when stepped through."""
    rng = np.random.default_rng(seed)
    for condition in (1, 10, 100, 1000):
        weights = in_single_precision(condition, rng)
        before = answers(weights)
        name = ("Wss", "Wsx", "Wo", "s0")[seed % 4]
        at = tuple(rng.integers(size) for size in weights[name].shape)
        weights[name] = weights[name].copy()
        weights[name][at] += (
            rng.choice([-1, 1]) * max(abs(weights[name][at]), 0.1) * rng.choice([0.01, 0.1, 1])
        )
        if np.abs(answers(weights) - before).max() > 2e-3:
            assert verdict_of(weights) != "correct"


@pytest.mark.parametrize("text", ["1.0001", "0.9999", "1.00001", "0.999", "1.01"])
def test_a_float32_that_prints_few_digits_is_as_exact_as_any(text: str) -> None:
    weights = {name: np.full((1, 1), number, "f4") for name, number in (("s0", 0), ("Wsx", 1), ("Wo", 1))}
    fields = {name: single(weight) for name, weight in weights.items()}
    fields["Wss"] = single(np.full((1, 1), text, "f4"))
    assert linear_system.judge(SUM, Answer(fields=fields)).outcome.verdict == "partial"


def test_one_float32_does_not_loosen_what_is_typed_beside_it() -> None:
    weights = in_single_precision(30, np.random.default_rng(0))
    fields = {name: single(weight) for name, weight in weights.items()}
    fields["Wss"] = Items(
        tuple(Items(tuple(number(f"{x:.4f}1") for x in row)) for row in weights["Wss"].tolist())
    )
    assert linear_system.judge(B_I, Answer(fields=fields)).outcome.verdict != "correct"


def test_a_number_too_long_to_be_written_is_told_by_its_size(plain_fields):
    """Python writes no whole number of more than 4300 digits; r_2 has 4401."""
    h = 10**1100
    weights = {"s0": [h, 0], "Wss": [[0, h], [h, 0]], "Wsx": [0, 0], "Wo": [h, 0]}
    params = LinearSystemParams(structure="rnn-a", inputs=1, target=("0",))
    outcome = linear_system.judge(params, Answer(fields=plain_fields(weights))).outcome
    assert outcome.facts["counterexample"]["got"] == [[0], ["1.000e+4400"]]
    assert "yours is 1.000e+4400" in outcome.feedback[0].message


@pytest.mark.parametrize(
    ("Wss", "Wsx", "shown", "steps"),
    [
        ([[0, 0], [0, 0.99]], [[1, 0, 0], [1, 1, 1]], [[1, 0, 0], [0, 0, 0]], 2),
        ([[0, 0], [0, 1]], [[1, 0, 0], [1, 1, 1.01]], [[0, 0, 1]], 1),
    ],
)
def test_the_counterexample_shows_the_mistake_and_no_rounding(Wss, Wsx, shown, steps):
    """In float32 and another basis every response is off by 1e-7, but one of them by 1e-2."""
    T = np.array([[0.3, 1.7], [-1.1, 0.9]])
    Wo = np.array([[1, 0], [0, 0], [0, 0], [0, 1]])
    weights = {"Wss": T @ Wss @ np.linalg.inv(T), "Wsx": T @ Wsx, "Wo": Wo @ np.linalg.inv(T)}
    fields = {name: Array("<f4", w.shape, w.astype("<f4").tobytes()) for name, w in weights.items()}
    outcome = linear_system.judge(B_I, Answer(fields={"s0": from_numpy(np.zeros(2)), **fields})).outcome
    example = outcome.facts["counterexample"]
    assert (example["inputs"], example["first_wrong_step"]) == (shown, steps)
    assert outcome.facts["rows_right"] == {"1": True, "2": True, "3": True, "4": False}


EYE = {"s0": "0 0", "Wss": "[0 0; 0 1]", "Wsx": "[1 0 0; 1 1 1]", "Wo": "[1 0; 0 0; 0 0; 0 1]"}


def judged(**changed: str) -> tuple[str, str | None]:
    outcome = linear_system.judge(
        B_I, Answer(fields={name: Text(text) for name, text in {**EYE, **changed}.items()})
    ).outcome
    return outcome.verdict, outcome.facts.get("accepted_by")


# cos(pi/2), sin(pi) and 1 - 1.1 + 0.1 in floats, in as many digits as people copy.
@pytest.mark.parametrize(
    "dust",
    ["6e-17", "6.1e-17", "6.123e-17", "6.123233995736766e-17", "1.2246467991473532e-16", "-8e-17", "1e-60"],
)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Wss", "[{d} 0; 0 1]"),
        ("Wss", "[0 {d}; {d} 1]"),
        ("Wsx", "[1 {d} {d}; 1 1 1]"),
        ("Wo", "[1 {d}; {d} {d}; 0 0; {d} 1]"),
        ("s0", "0 {d}"),
    ],
)
def test_dust_is_told_by_its_size_and_not_by_its_digits(name: str, text: str, dust: str) -> None:
    assert judged(**{name: text.replace("{d}", dust)}) == ("correct", "rounded")


@pytest.mark.parametrize("small", ["1e-13", "1e-12", "0.000001"])
@pytest.mark.parametrize(
    ("name", "text"), [("Wss", "[{d} 0; 0 1]"), ("Wo", "[1 0; {d} 0; 0 0; 0 1]"), ("s0", "0 {d}")]
)
def test_what_is_larger_than_rounding_makes_it_was_meant(name: str, text: str, small: str) -> None:
    assert judged(**{name: text.replace("{d}", small)})[0] == "partial"


def test_tiny_entries_among_tiny_entries_are_numbers_like_any_other() -> None:
    """The state is kept in units of 1e17: exact as it stands, and wrong where one entry of that size is."""
    right = {"Wsx": "[1e-17 0 0; 1e-17 1e-17 1e-17]", "Wo": "[1e17 0; 0 0; 0 0; 0 1e17]"}
    assert judged(**right) == ("correct", "exact")
    assert judged(**{**right, "Wsx": "[1e-17 0 1e-17; 1e-17 1e-17 1e-17]"})[0] == "partial"
    assert judged(Wss="[1e-17 0; 0 1e-17]")[0] == "partial"


@pytest.mark.parametrize("sign", ["", "-"])
def test_dust_that_large_weights_make_visible_is_none(sign: str) -> None:
    """1e-17 of x[2] in a state that the output shows 1e17 times is x[2] itself."""
    assert judged(Wsx="[1 1e-17 0; 1 1 1]", Wo=f"[1 0; {sign}1e17 0; 0 0; 0 1]")[0] == "partial"


@pytest.mark.parametrize("sign", ["", "-"])
def test_dust_in_one_output_mends_no_other(sign: str) -> None:
    """Where the dust is left out the second output is right; the fourth is wrong with and without it."""
    assert judged(Wo="[1 0; 6e-17 0; 0 0; 0 1]") == ("correct", "rounded")
    assert judged(Wo=f"[1 0; {sign}6e-17 0; 0 0; 0 2]")[0] == "partial"
    assert judged(Wo=f"[1 0; {sign}6e-17 0; 0 0; 0 1.000001]")[0] == "partial"


def test_dust_in_a_state_that_grows_is_none() -> None:
    """1e-17 that doubles each step is 10^13 after 100."""
    three = LinearSystemParams(structure="rnn-a", inputs=1, target=("cumsum(x[1])",))
    fields = {"s0": "0 0", "Wss": "[1 0; 0 2]", "Wsx": "[1; 1e-17]", "Wo": "[1 1]"}
    outcome = linear_system.judge(
        three, Answer(fields={name: Text(text) for name, text in fields.items()})
    ).outcome
    assert outcome.verdict == "partial"


def written(text: str, is_rounded: bool = False, is_single: bool = False) -> ExactNumber:
    return ExactNumber(Fraction(text), text, is_rounded, is_single)


THIRD, FLOAT_THIRD = written("0.33333", True), written("0.3333333333333333", True)
SINGLE = written("0.33333", True, True)
UNIT = Fraction(1, 10**16)
NOISE = Fraction(FLOAT_THIRD.value, 2**44)  # of a double, beside 0.3333333333333333 as the largest


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        # What is meant as it stands is meant exactly, unless computed numbers stand beside it.
        ((written("0.25"), written("3")), (0, 0)),
        ((written("0.25"), THIRD), (0, Fraction(1, 2 * 10**5))),
        ((THIRD, written("2.50000", True)), (Fraction(1, 2 * 10**5),) * 2),
        ((written("-0.25"), FLOAT_THIRD), (NOISE, max(NOISE, 16 * UNIT))),
        ((FLOAT_THIRD, written("-3")), (max(9 * NOISE, 16 * UNIT),) * 2),
        # A 15th digit makes a number a computed one, a 14th does not.
        ((written("0.333333333333333", True), written("0")), (max(NOISE, Fraction(16, 10**15)), NOISE)),
        ((written("0.33333333333333", True), written("0")), (Fraction(1, 2 * 10**14), 0)),
        # One that is tiny beside the largest may be zero, of either sign; one that is not may not.
        ((written("-0.000000333333333333", True), FLOAT_THIRD), (Fraction(333333333333, 10**18), None)),
        ((written("0.000000333333333334", True), FLOAT_THIRD), (NOISE, None)),
        (
            (written("0.33333", True, True), written("0.1")),
            (Fraction(33333, 10**5 * 2**19), Fraction(33333, 10**5 * 2**21)),
        ),
        ((), ()),
    ],
)
def test_how_far_a_number_may_be_from_what_was_meant(row: Any, wanted: Any) -> None:
    (found,) = radii((row,))
    for radius, right in zip(found, wanted, strict=True):
        assert right is None or abs(radius - right) <= Fraction(1, 10**12) * right
