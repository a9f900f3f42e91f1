"""Weights for a task: right in every form, wrong with a shortest word, and mistakes by their name."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS, TABLE
from grader.kinds.design.question import DesignParams

RIGHT = {"U": [[1], [1]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]}
HALF = Fraction(1, 2)
RELU = {
    **PARITY,
    "network": {
        **STEP_UNITS,
        "equations": ["h(t) = relu(U @ x(t) + W @ h(t-1) + b)", "y(t) = V @ h(t) + c"],
    },
}
RELU_RIGHT = {"U": [[1], [1]], "W": [[1, -2], [1, -2]], "b": [0, -1], "V": [[1, -2]], "c": [0]}


@pytest.fixture
def marked(marked_alone):
    """Weights, or a source that gives them, marked as the answer to a question."""

    def mark(weights, params=PARITY):
        source = weights if isinstance(weights, str) else f"nan = float('nan')\nq = {weights!r}"
        return marked_alone("design", msgspec.convert(params, DesignParams), source)

    return mark


def codes(outcome):
    return {message.code for message in outcome.feedback}


def _permuted():
    order = [1, 0]
    return {
        "U": [RIGHT["U"][i] for i in order],
        "W": [[RIGHT["W"][i][j] for j in order] for i in order],
        "b": [RIGHT["b"][i] for i in order],
        "V": [[RIGHT["V"][0][j] for j in order]],
        "c": [-1],
    }


@pytest.mark.parametrize(
    "weights",
    [
        RIGHT,
        _permuted(),
        RIGHT | {"b": [-0.5, -1.5], "c": -0.5},
        RIGHT | {"U": [["1/3"], [7]], "W": [["1/3", "-1/3"], [7, -7]], "b": ["-1/3", -14]},
        RIGHT | {"V": [1, -1], "U": [1, 1]},
        "import numpy as np\nq = dict(U=np.ones((2, 1)), W=np.array([[1., -1], [1, -1]]), "
        "b=np.array([[-1.], [-2]]), V=np.array([[1, -1]]), c=np.array([-1]))",
        # Three ones behind one another in a ring of states: units that remember the last output twice.
        {
            "U": [[1], [1], [0]],
            "W": [[1, -1, 0], [1, -1, 0], [0, 0, 0]],
            "b": [-1, -2, 5],
            "V": [[1, -1, 1]],
            "c": [-2],
        },
    ],
)
@pytest.mark.parametrize("params", [PARITY, TABLE], ids=["network", "table"])
def test_any_weights_that_do_it_are_right_and_proved(marked, weights, params):
    outcome = marked(weights, params)
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved"), outcome


@pytest.mark.parametrize(
    ("changed", "diagnosis"),
    [
        ({"b": [1, 2]}, "bias-sign"),
        ({"b": [1, 2], "c": [1]}, "bias-sign"),
        ({"c": [1]}, "bias-sign"),
        ({"W": [[-1, 1], [-1, 1]]}, "weights-sign"),
        ({"W": [[1, 1], [-1, -1]]}, "weights-transposed"),
        ({"b": [0, -1], "c": [0]}, "on-at-threshold"),
        ({"V": [[-1, 1]], "c": [0]}, "output-inverted"),
        ({"b": [-1, -3]}, "one-number-off"),
    ],
)
def test_a_single_mistake_is_named_and_earns_half(marked, changed, diagnosis):
    outcome = marked(RIGHT | changed)
    assert outcome.diagnoses[0].id == diagnosis
    assert (outcome.verdict, outcome.fraction) == ("partial", HALF)


def test_an_output_one_step_late_is_named(marked):
    """A third unit remembers the parity; the output shows it."""
    weights = {
        "U": [[1], [1], [0]],
        "W": [[1, -1, 0], [1, -1, 0], [1, -1, 0]],
        "b": [-1, -2, -1],
        "V": [[0, 0, 1]],
        "c": [-1],
    }
    outcome = marked(weights)
    assert [one.id for one in outcome.diagnoses] == ["output-one-step-late"]


def test_weights_that_are_right_in_another_network_say_in_which(marked):
    """The target is x(t-2), they give x(t-1): right with h(t-2) for h(t-1), or inputs a step late."""
    params = {**PARITY, "target": {"inputs": {"x": "1"}, "equations": ["y(t) = x(t-2)"]}}
    weights = {"U": [[1], [0]], "W": [[0, 0], [1, 0]], "b": [-1, -1], "V": [[0, 1]], "c": [-1]}
    outcome = marked(weights, params)
    assert {one.id for one in outcome.diagnoses} == {"for-another-network"}
    assert all("h(t-2)" in one.message or "x(t-1)" in one.message for one in outcome.diagnoses)
    assert outcome.fraction == HALF


def test_weights_that_need_another_start_are_named(marked):
    """Units that store "even" and "odd" one-hot: at h = 0 neither is on."""
    # h = (was even and x, was odd and x, was even and not x, was odd and not x).
    even, odd = [0, 1, 1, 0], [1, 0, 0, 1]
    weights = {
        "U": [[1], [1], [-1], [-1]],
        "W": [even, odd, even, odd],
        "b": [-2, -2, -1, -1],
        "V": [odd],
        "c": [-1],
    }
    outcome = marked(weights)
    assert outcome.verdict == "incorrect"
    # From h = 0 nothing ever goes on: no state that it comes to does the task.
    assert "constant-output" in codes(outcome)
    started = {**PARITY, "network": {**STEP_UNITS, "start": {"h": "h0"}}}
    assert marked(weights | {"h0": [0, 0, 1, 0]}, started).verdict == "correct"
    other = marked(weights | {"h0": [0, 0, 0, 1]}, started)
    assert "right-from-another-start" in {one.id for one in other.diagnoses}


@pytest.mark.parametrize(
    "weights",
    [
        {"U": [[0]], "W": [[0]], "b": [0], "V": [[0]], "c": [0]},
        {"U": [[1]], "W": [[1]], "b": [1], "V": [[1]], "c": [-1]},
        {"U": [[0]], "W": [[0]], "b": [-1], "V": [[1]], "c": [-1]},
        RIGHT | {"V": [[0, 0]]},
    ],
)
def test_an_output_that_never_changes_earns_nothing(marked, weights):
    outcome = marked(weights)
    assert (outcome.verdict, outcome.fraction) == ("incorrect", 0)
    assert "constant-output" in codes(outcome)


def test_random_weights_earn_nothing(marked):
    rng = np.random.default_rng(11)
    for _ in range(60):
        n = int(rng.integers(1, 4))
        shapes = {"U": (n, 1), "W": (n, n), "b": (n,), "V": (1, n), "c": (1,)}
        weights = {name: rng.choice([-2, -1, 0, 0.5, 1], size=size).tolist() for name, size in shapes.items()}
        assert marked(weights).fraction == 0


def test_the_counterexample_is_shown_step_by_step(marked):
    outcome = marked(RIGHT | {"W": [[0, 0], [0, 0]]})
    assert outcome.facts["counterexample"] == {
        "inputs": {"x": [[1], [0]]},
        "expected": [[1], [1]],
        "got": [[1], [0]],
        "first_wrong_step": 2,
    }
    assert outcome.facts["units"] == {"h": [[1, 0], [0, 0]], "y": [[1], [0]]}
    assert "outputs_right" not in outcome.facts  # there is one output, and the verdict is its own
    levels = {message.code: message.level for message in outcome.feedback}
    assert (levels["counterexample"], levels["step-by-step"]) == ("counterexample", "working")


def test_a_unit_is_called_constant_only_if_it_is(marked):
    """The one unit latches: it is off until the first 1."""
    latch = {"U": [[1]], "W": [[1]], "b": [-1], "V": [[1]], "c": [-1]}
    assert "unit-constant" not in codes(marked(latch))
    told = marked(RIGHT | {"b": [5, -2]}).feedback
    assert [one.message for one in told if one.code == "unit-constant"] == [
        "h[1] is always on, whatever comes in."
    ]


def test_units_that_are_off_at_zero_are_asked_by_equations(marked):
    net = {
        **STEP_UNITS,
        "equations": ["h(t) = 1 - step(-(U @ x(t) + W @ h(t-1) + b))", "y(t) = 1 - step(-(V @ h(t) + c))"],
    }
    strict = {**PARITY, "network": net}
    assert marked(RIGHT | {"b": [0, -1], "c": [0]}, strict).verdict == "correct"
    outcome = marked(RIGHT, strict)
    assert [one.id for one in outcome.diagnoses] == ["on-at-threshold"]
    assert not any("step(0)" in one.message for one in (*outcome.feedback, *outcome.diagnoses))


def test_a_network_of_numbers_is_read(marked):
    params = {
        "network": {
            "inputs": {"x": "number"},
            "parameters": {"u": "number", "w": "number", "b": "number"},
            "equations": ["y(t) = step(u * x(t) + w * y(t-1) + b)"],
            "sizes": {"y": "number"},
        },
        "alphabet": {"x": [0, 1]},
        "target": {
            "inputs": {"x": "number"},
            "sizes": {"y": "number"},
            "equations": ["y(t) = max(x(t), y(t-1))"],
        },
    }
    assert marked({"u": 1, "w": [[1]], "b": "-1/2"}, params).verdict == "correct"
    assert marked({"u": "1.234,5", "w": "[1]", "b": "-1/ 2"}, params).verdict == "correct"
    assert marked({"u": "1,234.5", "w": "1,5", "b": [["-1/2"]]}, params).verdict == "correct"
    for given in ("1 2", [1, 2]):
        assert codes(marked({"u": given, "w": 1, "b": "-1/2"}, params)) == {"not-a-number"}
    outcome = marked({"u": 1, "w": 0, "b": -1}, params)
    assert [one.id for one in outcome.diagnoses] == ["nothing-fed-back"]
    assert outcome.fraction == 0


def test_a_tie_is_told_only_where_it_makes_the_difference(marked):
    assert "tie" in codes(marked(RIGHT | {"b": [0, -1], "c": [0]}))
    assert "tie" not in codes(marked(RIGHT | {"b": [-1, -3]}))


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"W": [[1, -1, 0], [1, -1, 0]]}, "shape", "2 x 3 matrix where a 2 x 2 matrix"),
        ({"U": [[1, 1]]}, "shape", "transpose"),
        ({"b": [1, 2, 3]}, "shape", "n_h = 2 as in"),
        ({"b": "none"}, "shape", "b"),
        ({"W": [["a", "b"], ["c", "d"]]}, "not-a-number", "W"),
        ({"W": [[float("nan"), 0], [0, 0]]}, "not-finite", "W"),
        ({"b": ["1e999", 0]}, "too-large", "b"),
        (
            {
                "U": np.zeros((65, 1)).tolist(),
                "W": np.zeros((64, 64)).tolist(),
                "b": [0] * 65,
                "V": [[0] * 65],
            },
            "too-large",
            "65",
        ),
        ({"U": [], "W": [], "b": [], "V": []}, "shape", "n_h"),
        ({"W": [[], []]}, "shape", "W"),
    ],
)
def test_what_is_no_network_is_invalid_and_says_why(marked, changed, code, said):
    outcome = marked(RIGHT | changed)
    assert (outcome.verdict, codes(outcome)) == ("invalid", {code})
    assert said in outcome.feedback[0].message


def test_relu_units_are_exact(marked):
    assert marked(RELU_RIGHT, RELU).basis.code == "proved"
    assert marked(RELU_RIGHT | {"b": ["0.0001", -1]}, RELU).verdict != "correct"


def test_at_the_threshold_is_on_for_the_answer_and_the_target(marked):
    """The parity is 0 or 1; read at 1, its ones stand on the threshold."""
    assert marked(RELU_RIGHT, {**RELU, "threshold": 1}).verdict == "correct"
    assert marked(RELU_RIGHT | {"c": ["-1/100"]}, {**RELU, "threshold": 1}).verdict != "correct"


def test_a_third_as_a_float_is_read_as_a_third(marked):
    third = {"U": [[1 / 3], [1]], "W": [[1, -2 / 3], [3, -2]], "V": [[3, -2]]}
    outcome = marked(RELU_RIGHT | third, RELU)
    assert outcome.verdict == "correct"
    assert "rationalised" in codes(outcome)


def test_an_irrational_scale_is_right_up_to_rounding(marked):
    """The first unit holds sqrt(2) times the parity, the second sqrt(3) times what is above."""
    r, s = 2**0.5, 3**0.5
    weights = {
        "U": [[r], [s]],
        "W": [[1, -2 * r / s], [s / r, -2]],
        "b": [0, -s],
        "V": [[1 / r, -2 / s]],
        "c": [0],
    }
    outcome = marked(weights, RELU)
    assert outcome.verdict == "correct"
    assert "right-up-to-rounding" in codes(outcome)
    assert outcome.basis.code.startswith("tested on")
    assert marked(weights | {"b": [0.0001, -s]}, RELU).verdict != "correct"


AT_ONCE = {"inputs": {"x": "number"}, "sizes": {"y": "number"}, "equations": ["y(t) = x(t)"]}
"""A target without memory: the search ends at once."""


@pytest.mark.parametrize(("off_by", "is_right"), [(0, True), (1e-10, True), (1e-8, False), (-1e-8, False)])
def test_a_billionth_is_granted_to_rounding(marked, off_by, is_right):
    r = 2**0.5
    weights = {"U": [[r]], "W": [[0]], "b": [0], "V": [[1 / r]], "c": [off_by]}
    assert (marked(weights, {**RELU, "target": AT_ONCE}).verdict == "correct") is is_right


@pytest.mark.parametrize(("weight", "is_right"), [("0.55", True), ("0.549", False), ("9", True)])
def test_tanh_is_one_half_where_its_argument_is_0_5493(marked, weight, is_right):
    """artanh(1/2) = log(3) / 2 = 0.5493..."""
    network = {**STEP_UNITS, "equations": [STEP_UNITS["equations"][0], "y(t) = tanh(V @ h(t) + c)"]}
    params = {**PARITY, "network": network, "threshold": 0.5, "target": AT_ONCE}
    weights = {"U": [[1]], "W": [[0]], "b": ["-1/2"], "V": [[weight]], "c": [0]}
    assert (marked(weights, params).verdict == "correct") is is_right


def test_states_without_end_are_right_up_to_a_length_that_is_told(marked):
    """Two units more double at every step, and take each other away in the output."""
    junk = {
        "U": [[1], [1], [1], [1]],
        "W": [[1, -2, 0, 0], [1, -2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2]],
        "b": [0, -1, 0, 0],
        "V": [[1, -2, 1, -1]],
    }
    outcome = marked(RELU_RIGHT | junk, RELU)
    assert outcome.verdict == "correct"
    assert outcome.basis.code == f"tested on {outcome.facts['words_up_to']}"
    assert outcome.facts["words_up_to"] >= 10
    assert "right-up-to-length" in codes(outcome)


def test_what_no_output_can_see_is_no_hindrance(marked):
    """A third unit doubles at every step, and nobody reads it."""
    junk = {
        "U": [[1], [1], [1]],
        "W": [[1, -2, 0], [1, -2, 0], [1, 1, 2]],
        "b": [0, -1, 3],
        "V": [[1, -2, 0]],
    }
    outcome = marked(RELU_RIGHT | junk, RELU)
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved")


def test_states_without_end_that_stay_in_boxes_are_proved(marked):
    """A ramp that hardly counts forgets by thirds: no two words lead to one state; the others are steep."""
    ramp = "h(t) = max(0, min(1, U @ x(t) + W @ h(t-1) + b))"
    params = {**PARITY, "network": {**STEP_UNITS, "equations": [ramp, "y(t) = step(V @ h(t) + c)"]}}
    weights = {
        "U": [[4], [4], [1]],
        "W": [[4, -4, 0], [4, -4, 0], [0, 0, "1/3"]],
        "b": ["-3/2", "-11/2", 0],
        "V": [[1, -1, "1/100"]],
        "c": ["-1/2"],
    }
    outcome = marked(weights, params)
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved")
    assert outcome.facts["boxes"] > 1


def test_a_drift_that_shows_late_only_is_found_by_long_words(marked):
    """A unit that doubles shows in the output above 2^40, which no search of all words comes to."""
    bomb = {
        "U": [[1], [1], [1], [0]],
        "W": [[1, -2, 0, 0], [1, -2, 0, 0], [0, 0, 2, 0], [0, 0, 1, 0]],
        "b": [0, -1, 0, -(2**40)],
        "V": [[1, -2, 0, 1]],
    }
    outcome = marked(RELU_RIGHT | bomb, RELU)
    assert outcome.verdict == "incorrect"
    assert outcome.facts["counterexample"]["first_wrong_step"] > 40


def test_weights_that_cannot_be_decided_are_undecided_and_staff_are_told(marked):
    """x six steps ago has 64 states: the words of 16 letters that the search comes to tell too little."""
    params = {
        **RELU,
        "target": {"inputs": {"x": "1"}, "equations": ["y(t) = x(t-6)"]},
    }
    chain = [[int(j == i - 1) for j in range(9)] for i in range(9)]
    chain[7], chain[8] = [0] * 7 + [2, 0], [0] * 8 + [2]
    weights = {
        "U": [[int(i in (0, 7, 8))] for i in range(9)],
        "W": chain,
        "b": [0] * 9,
        "V": [[0] * 6 + [1, 1, -1]],
        "c": 0,
    }
    outcome = marked(weights, params)
    assert (outcome.verdict, outcome.fraction) == ("undecided", 0)
    assert {message.audience for message in outcome.feedback} == {"student", "staff"}


def test_an_exploding_unit_does_not_hide_a_constant_output(marked):
    """The target shows nothing before step 14; numbers grow too long for the search to come there."""
    params = {**RELU, "target": {"inputs": {"x": "1"}, "equations": ["y(t) = x(t-13)"]}}
    W = [["1e100", 0], [0, "1e100"]]
    weights = {"U": [["1e100"], ["1e100"]], "W": W, "b": [0, 0], "V": [[1, -1]], "c": [0]}
    assert marked(weights, params).verdict == "undecided"


@pytest.mark.parametrize("gain", [8, 30, 1000])
def test_sigmoid_units_are_proved(marked, gain):
    weights = {
        name: (np.array(value) * gain if name not in "bc" else (np.array(value) + 0.5) * gain).tolist()
        for name, value in RIGHT.items()
    }
    outcome = marked(weights, SIGMOID)
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved")


def test_two_outputs_earn_by_themselves(marked):
    """A half adder without memory: sum and carry of two bits; the carry is right, the sum is OR."""
    params = {
        "network": STEP_UNITS,
        "alphabet": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]]},
        "target": [
            {"state": "only", "next": ["only"] * 4, "output": [[0, 0], [1, 0], [1, 0], [0, 1]]},
        ],
    }
    weights = {
        "U": [[1, 1], [1, 1]],
        "W": [[0, 0], [0, 0]],
        "b": [-1, -2],
        "V": [[1, -1], [0, 1]],
        "c": [-1, -1],
    }
    assert marked(weights, params).verdict == "correct"
    outcome = marked(weights | {"V": [[2, "1/2"], [0, 1]]}, params)
    assert outcome.fraction == HALF
    assert outcome.facts["outputs_right"] == {"y[1]": False, "y[2]": True}
    # A third output that is always 0 earns nothing, and takes nothing from the others.
    rows = params["target"][0]
    third = {**rows, "output": [[*row, 0] for row in rows["output"]]}
    silent = {"V": [[2, "1/2"], [0, 1], [0, 0]], "c": [-1, -1, -1]}
    assert marked(weights | silent, {**params, "target": [third]}).fraction == HALF


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alphabet": {"z": [0, 1]}}, "alphabet"),
        ({"alphabet": {"x": [0, 0]}}, "twice"),
        ({"alphabet": {"x": []}}, "alphabet"),
        ({"alphabet": {"x": [0, "one"]}}, "alphabet"),
        ({"network": SIGMOID["network"]}, "threshold"),
        ({"target": STEP_UNITS}, "parameter"),
        ({"target": [{"state": "a", "next": ["a", "b"], "output": [0, 1]}]}, "'b'"),
        ({"target": [{"state": "a", "next": ["a"], "output": [0, 1]}]}, "letters"),
        ({"sizes": {"n_h": 100}}, "n_h"),
        ({"slip_credit": Fraction(1)}, "slip_credit"),
        (
            {
                "network": {
                    **STEP_UNITS,
                    "equations": ["h(t) = exp(U @ x(t) + W @ h(t-1) + b)", "y(t) = V @ h(t) + c"],
                }
            },
            "exp",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_says_which_key_is_wrong(changed, said):
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert({**PARITY, **changed}, DesignParams, dec_hook=lambda _, value: value)


def test_a_fixed_number_of_units_is_asked_for(marked):
    params = {**PARITY, "sizes": {"n_h": 3}}
    outcome = marked(RIGHT, params)
    assert (outcome.verdict, codes(outcome)) == ("invalid", {"shape"})
