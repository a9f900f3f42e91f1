"""What follows from rounded values, against an equation tried at all corners of what they stand for."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from grader.networks.equations.network import network
from grader.networks.hand_trace import Boxes, HandedIn, HandTrace

REACH = 0.05
X = np.array([[0.5], [-0.3], [0.8]])
SCALARS = {"a": 0.7, "b": -1.2, "h0": 0.25}


def traced(equations, handed, start=None, vector=False):
    """A trace of three steps in which all variables have one number, or two where `vector`."""
    text = " ".join(equations)
    names = [one.split("(t)")[0].split(" =")[0].strip() for one in equations]
    parameters = {name: "number" for name in ("a", "b") if f"{name} *" in text}
    shape = "n" if vector else "number"
    net = network(
        {
            "inputs": {"x": shape},
            "parameters": parameters,
            "equations": equations,
            "start": start or {},
            "sizes": dict.fromkeys(names, shape),
        }
    )
    values = {name: np.array(SCALARS[name]) for name in net.parameters}
    if vector and "h0" in values:
        values["h0"] = np.array([0.25, -0.5])
    width = 2 if vector else 1
    inputs = {"x": np.repeat(X, width, axis=1) * np.arange(1, width + 1)}
    trace = HandTrace(net, inputs, values, 3, dict.fromkeys(names, width), tuple(names), REACH)
    made = {}
    for name, rows in handed.items():
        array = np.array(rows, dtype=float)
        made[name] = HandedIn(array, np.zeros(array.shape, dtype=bool))
    return Boxes(trace, made)


def corners(function, *values):
    """The least and the most at all corners of what these values stand for."""
    found = [function(*point) for point in itertools.product(*((v - REACH, v + REACH) for v in values))]
    return min(found), max(found)


def bounds(boxes, name, t):
    found = boxes.computed(name, t)
    return None if found is None else [tuple(pair) for pair in zip(*found, strict=True)]


H = [[0.4], [-0.2], [0.9]]
LINE = ["h(t) = a * h(t-1) + x(t)"]


def near(*ends):
    return [pytest.approx(pair, abs=1e-12) for pair in ends]


def test_a_step_follows_from_the_written_one_before_it():
    boxes = traced(LINE, {"h": H})
    assert bounds(boxes, "h", 0) == near((0.5, 0.5))
    assert bounds(boxes, "h", 1) == near(corners(lambda h: 0.7 * h - 0.3, 0.4))
    assert bounds(boxes, "h", 2) == near(corners(lambda h: 0.7 * h + 0.8, -0.2))


def test_the_first_step_follows_from_the_start_that_is_given():
    assert bounds(traced(LINE, {"h": H}, {"h": "h0"}), "h", 0) == near((0.7 * 0.25 + 0.5,) * 2)
    for handed in ({}, {"h": [[0.1, 0.2]] * 3}):
        boxes = traced(LINE, handed, {"h": "h0"}, vector=True)
        assert bounds(boxes, "h", 0) == near((0.7 * 0.25 + 0.5,) * 2, (0.7 * -0.5 + 1.0,) * 2)
        # All later steps of what is not handed in need its own run.
        assert (bounds(boxes, "h", 1) is None) is (not handed)


def test_inputs_before_the_first_step_are_zero():
    for vector, wanted in ((False, [(0.0, 0.0)]), (True, [(0.0, 0.0)] * 2)):
        boxes = traced(["h(t) = x(t-1)"], {}, vector=vector)
        assert bounds(boxes, "h", 0) == near(*wanted)
    assert bounds(traced(["h(t) = x(t-1)"], {}, vector=True), "h", 2) == near((-0.3, -0.3), (-0.6, -0.6))


def test_what_was_left_out_is_computed_from_what_was_written():
    boxes = traced(["h(t) = tanh(x(t) + g(t-1))", "g(t) = a * h(t)"], {"h": H})
    assert bounds(boxes, "g", 1) == near(corners(lambda h: 0.7 * h, -0.2))
    assert bounds(boxes, "h", 2) == near(corners(lambda h: math.tanh(0.8 + 0.7 * h), -0.2))


def test_nothing_follows_for_what_needs_its_own_run_from_the_start():
    equations = ["h(t) = tanh(x(t) + g(t-1))", "g(t) = a * h(t)", "y(t) = b * g(t)"]
    boxes = traced(equations, {"y": H})
    assert [bounds(boxes, name, 1) for name in "hgy"] == [None, None, None]
    # Of h alone the rest follows, and h itself from the rest.
    boxes = traced(equations, {"h": H, "y": H})
    assert bounds(boxes, "y", 1) == near(corners(lambda h: -1.2 * 0.7 * h, -0.2))


def test_a_row_with_what_is_no_number_tells_nothing():
    boxes = traced(LINE, {"h": [[0.4], [np.nan], [0.9]]})
    assert bounds(boxes, "h", 1) == near(corners(lambda h: 0.7 * h - 0.3, 0.4))
    assert bounds(boxes, "h", 2) is None


def test_values_of_fixed_steps_are_read_where_they_stand():
    equations = [*LINE, "l = h(T)", "f = h(1) + h(2)", "m = mean(h(t))", "y = b * l + f"]
    boxes = traced(equations, {"h": H, "f": [[2.0]]})
    assert bounds(boxes, "l", 0) == near((0.85, 0.95))
    assert bounds(boxes, "f", 0) == near(corners(lambda h1, h2: h1 + h2, 0.4, -0.2))
    assert bounds(boxes, "m", 0) == near(corners(lambda *h: sum(h) / 3, 0.4, -0.2, 0.9))
    assert bounds(boxes, "y", 0) == near(corners(lambda last, f: -1.2 * last + f, 0.9, 2.0))


@pytest.mark.parametrize("backwards", [False, True])
def test_a_start_may_be_the_end_of_another_layer(backwards):
    way = "+" if backwards else "-"
    boxes = traced([*LINE, f"g(t) = b * g(t{way}1) + x(t)"], {"h": H, "g": H}, {"g": "h(T)"})
    first = 2 if backwards else 0
    assert bounds(boxes, "g", first) == near(corners(lambda h: -1.2 * h + X[first, 0], 0.9))
    # Where h is left out, g follows from its own step before, and its first step from nothing.
    boxes = traced([*LINE, f"g(t) = b * g(t{way}1) + x(t)"], {"g": H}, {"g": "h(T)"})
    assert bounds(boxes, "g", first) is None
    assert bounds(boxes, "g", 1) == near(corners(lambda g: -1.2 * g - 0.3, 0.9 if backwards else 0.4))


REPEATED = {
    "z(t) * h(t-1) + (1 - z(t)) * x(t)": lambda z, h, x: z * h + (1 - z) * x,
    "z(t) - z(t) / 2 - h(t-1)": lambda z, h, x: z / 2 - h,
    "z(t) * a - (z(t) + h(t-1)) * 2": lambda z, h, x: z * 0.7 - (z + h) * 2,
    "h(t-1) - 3 * h(t-1) + z(t)": lambda z, h, x: -2 * h + z,
}


@pytest.mark.parametrize("right_side", REPEATED)
def test_what_is_repeated_and_affine_counts_as_one_number(right_side):
    equations = ["z(t) = sigmoid(x(t))", f"h(t) = {right_side.replace('z(t) * a', 'a * z(t)')}"]
    boxes = traced(equations, {"z": [[0.6], [0.55], [0.7]], "h": H})
    wanted = corners(lambda z, h: REPEATED[right_side](z, h, -0.3), 0.55, 0.4)
    assert bounds(boxes, "h", 1) == near(wanted)


def test_what_is_not_affine_has_wider_bounds_that_hold_it():
    equations = ["z(t) = sigmoid(x(t))", "h(t) = z(t) * z(t) - z(t) + h(t-1)"]
    boxes = traced(equations, {"z": [[0.6], [0.55], [0.7]], "h": H})
    ((low, high),) = bounds(boxes, "h", 1)
    inner = corners(lambda z, h: z * z - z + h, 0.55, 0.4)
    # Each z by itself: from 0.5^2 - 0.6 to 0.6^2 - 0.5.
    assert (low, high) == pytest.approx((0.25 - 0.6 + 0.35, 0.36 - 0.5 + 0.45))
    assert low <= inner[0] <= inner[1] <= high


@pytest.mark.parametrize(("count", "is_narrow"), [(4, True), (5, False)])
def test_four_signals_may_be_repeated(count, is_narrow):
    """2 z_i - z_i is z_i, and three times as wide where its two places are taken for two numbers."""
    signals = [f"z{i}" for i in range(count)]
    equations = [f"{name}(t) = sigmoid(x(t))" for name in signals]
    equations.append(f"h(t) = {' + '.join(f'2 * {name}(t) - {name}(t)' for name in signals)}")
    boxes = traced(equations, {name: [[0.5]] * 3 for name in signals})
    ((low, high),) = bounds(boxes, "h", 0)
    width = (1 if is_narrow else 3) * 2 * REACH * count
    assert high - low == pytest.approx(width)


def test_the_entries_of_a_vector_have_their_own_bounds():
    boxes = traced(["h(t) = h(t-1) * h(t-1) + x(t)"], {"h": [[0.5, -0.4]] * 3}, vector=True)
    wanted = [(0.45**2 - 0.3, 0.55**2 - 0.3), (0.35**2 - 0.6, 0.45**2 - 0.6)]
    assert bounds(boxes, "h", 1) == near(*wanted)
