"""Weights as a machine: how outputs are read, what is searched again, and which numbers are short enough."""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec
import pytest

from grader.answers.numbers import ExactNumber
from grader.errors import Unreadable
from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS, deciding
from grader.kinds.design.deciding import decided_facts
from grader.kinds.design.question import DesignParams, task_of
from grader.kinds.design.weights import _require_short, own_network, read_weights
from grader.model.kind import Answer
from grader.networks.automaton.decide import Decided
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import NoArithmetic
from grader.networks.automaton.product import Found, SearchLimits
from grader.networks.automaton.student import Reading, agreement
from grader.networks.automaton.target import Moves, TableTarget

HALF, ZERO, ONE = Fraction(1, 2), Fraction(0), Fraction(1)
RIGHT = {"U": [[1], [1]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]}


def task_from(base=PARITY, **changed):
    return task_of(msgspec.convert({**base, **changed}, DesignParams))


def of_numbers(*equations, parameters=("w",), letters=(0, 1), **changed):
    """A question about a network of single numbers."""
    own = {
        "inputs": {"x": "number"},
        "parameters": dict.fromkeys(parameters, "number"),
        "equations": list(equations),
        "sizes": {one.partition("(")[0]: "number" for one in equations},
        "output": ["y"],
    }
    table = [{"state": "a", "next": ["a"] * len(letters), "output": [0] * len(letters)}]
    return task_from(**{"network": own, "alphabet": {"x": list(letters)}, "target": table, **changed})


AT = [Fraction(one) for one in ("-2", "-1/3", "0", "1/3", "2")]
FUNCTIONS = {
    "step": lambda u: int(u >= 0),
    "sign": lambda u: (u > 0) - (u < 0),
    "relu": lambda u: max(u, Fraction(0)),
    "tanh": lambda u: math.tanh(u),
    "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
}


@pytest.mark.parametrize("threshold", ["0", "1/2", "1", "-1/4"])
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("is_real", [False, True])
def test_an_output_is_on_where_its_value_reaches_the_threshold(function, threshold, is_real):
    """At 0 too, where sigmoid is 1/2 and tanh 0; in exact numbers and among units of tanh."""
    hidden = ["h(t) = tanh(h(t-1))"] if is_real else []
    task = of_numbers(
        *hidden, f"y(t) = {function}(w * x(t))", threshold=threshold, letters=tuple(map(str, AT))
    )
    student = deciding.student_of(task, {"w": ONE}, {})
    assert student.arithmetic is Enclosure or not (is_real or function in ("tanh", "sigmoid"))
    _, values = student.step(student.machine.initial)
    level = Fraction(threshold)
    is_on = [FUNCTIONS[function](u) >= level for u in AT]
    # The target's outputs are read at the same threshold.
    for wanted in (level - 1, level):
        found = agreement(student, values, [(wanted,)] * len(AT))
        right = [one == (wanted == level) for one in is_on]
        assert found.right.tolist() == right
        assert found.wrong.tolist() == [not one for one in right]


@pytest.mark.parametrize(
    ("equation", "threshold", "is_real", "read"),
    [
        ("sigmoid(w * x(t))", "1/2", False, ("_ready", ZERO, HALF)),
        ("tanh(w * x(t))", "0", False, ("_ready", ZERO, ZERO)),
        ("sigmoid(w * x(t))", "0", False, ("y", ZERO, ZERO)),
        ("tanh(w * x(t))", "1/2", False, ("y", HALF, HALF)),
        ("1 - sigmoid(w * x(t))", "1/2", False, ("y", HALF, HALF)),
        ("step(w * x(t))", None, True, ("_ready", ZERO, HALF)),
        ("step(w * x(t))", "1/2", True, ("_ready", ZERO, HALF)),
        ("step(w * x(t))", "1", True, ("y", ONE, ONE)),
        ("step(w * x(t))", None, False, ("y", None, None)),
        ("step(w * x(t))", "1/2", False, ("y", HALF, HALF)),
        ("relu(w * x(t))", "1/2", True, ("y", HALF, HALF)),
        ("w * x(t)", None, False, ("y", None, None)),
    ],
)
def test_where_a_function_only_grows_its_argument_is_read(equation, threshold, is_real, read):
    hidden = ["h(t) = tanh(h(t-1))"] if is_real else []
    task = of_numbers(*hidden, f"y(t) = {equation}", threshold=threshold)
    student = deciding.student_of(task, {"w": Fraction(3)}, {})
    assert student.readings == (Reading(*read),)
    _, values = student.step(student.machine.initial)
    if read[0] == "_ready":
        value = values["_ready"]
        assert value.low.tolist() == pytest.approx([0, 3]) == value.high.tolist()
    else:
        assert "_ready" not in values


TWO_UNITS = {
    "U": ((ONE,), (ONE,)),
    "W": ((ONE, ZERO), (ZERO, ONE)),
    "b": (ZERO, ZERO),
    "V": ((ONE, ZERO),),
    "c": (ZERO,),
}
SIZES = {"n_in": 1, "n_h": 2, "n_out": 1}


def test_all_is_remembered_unless_only_what_outputs_can_see_is_asked():
    """Both units are on after any letter; nothing reads the second."""
    task = task_from()
    for more, remembered in (({}, [1, 1]), ({"keeps_all": True}, [1, 1]), ({"keeps_all": False}, [1, 0])):
        student = deciding.student_of(task, TWO_UNITS, SIZES, **more)
        assert student.step(student.machine.initial)[0].numerators.tolist() == [remembered] * 2


def test_another_network_may_be_run_in_place_of_the_question_s():
    task = task_from()
    late = task.network.with_equation("y", task.network.by_name["h"].right_side)
    student = deciding.student_of(task, TWO_UNITS, SIZES, late)
    assert student.step(student.machine.initial)[1]["y"].numerators.tolist() == [[1, 1], [1, 1]]


def found_so(kind):
    return Decided("wrong" if kind == "differs" else "right", Found(kind, 1, 3, (), False, 0, ()))


@pytest.mark.parametrize("limits", [None, SearchLimits(states=5, work=7)])
@pytest.mark.parametrize("boxes", [4, None, NoArithmetic, deciding.DividesByZero])
@pytest.mark.parametrize("kind", ["same", "differs", "open"])
@pytest.mark.parametrize("base", [PARITY, SIGMOID])
def test_exact_numbers_that_a_search_leaves_open_are_tried_as_real_ones(
    monkeypatch, base, kind, boxes, limits
):
    asked = []

    def boxes_that_hold(student, target, most_work):
        asked.append((student.arithmetic, target, most_work, student.machine._mask is not None))
        if isinstance(boxes, type):
            raise boxes
        return boxes

    def decide(student, target, found_limits):
        assert (target, found_limits) == (wanted, limits)
        assert student.machine._mask is not None
        return found_so(kind)

    monkeypatch.setattr(deciding, "boxes_that_hold", boxes_that_hold)
    monkeypatch.setattr(deciding, "decide", decide)
    task = task_from(base)
    other = TableTarget([Moves((0, 0), ((ZERO,), (ONE,)))])
    for target in (None, other):
        wanted = target or task.target
        asked.clear()
        found = deciding.decided(task, TWO_UNITS, SIZES, target=target, limits=limits)
        is_tried = base is PARITY and kind == "open"
        assert asked == (
            [(Enclosure, wanted, limits.work if limits else 500_000_000, True)] if is_tried else []
        )
        if is_tried and boxes == 4:
            assert (found.kind, found.boxes, found.search) == ("right", 4, found_so(kind).search)
        else:
            assert found == found_so(kind)


@pytest.mark.parametrize(
    ("value", "is_smooth", "is_short"),
    [
        (Fraction(2**4096 - 1), False, True),
        (-Fraction(2**4096 - 1), False, True),
        (Fraction(2**4096), False, False),
        (Fraction(1, 2**4096 - 1), False, True),
        (Fraction(1, 2**4096), False, False),
        (Fraction(10**100), True, True),
        (Fraction(10**100) + Fraction(1, 3), True, False),
        (-Fraction(10**100), True, True),
        (-Fraction(10**101), True, False),
        (Fraction(10**101), False, True),
    ],
)
def test_numbers_of_up_to_4096_bits_are_taken_and_of_real_units_up_to_1e100(value, is_smooth, is_short):
    rows = ((ExactNumber(ONE, False), ExactNumber(value, False)),)
    if is_short:
        _require_short(rows, "b", is_smooth)
    else:
        with pytest.raises(Unreadable) as told:
            _require_short(rows, "b", is_smooth)
        assert (told.value.code, told.value.where) == ("too-large", "b")


def test_denominators_count_together():
    """2^2100 times 3^1259 has 4096 bits, and a factor of 3 more than that."""
    for power, is_short in ((1259, True), (1260, False)):
        rows = tuple((ExactNumber(Fraction(1, below), False),) for below in (2**2100, 3**power))
        assert (2**2100 * 3**power).bit_length() == (4096 if is_short else 4098)
        if is_short:
            _require_short(rows, "b", False)
        else:
            with pytest.raises(Unreadable, match="too many digits"):
                _require_short(rows, "b", False)


@pytest.fixture
def read(plain):
    def make(weights, **changed):
        return read_weights(task_from(**changed), {name: plain(value) for name, value in weights.items()})

    return make


def without(*names):
    return {name: value for name, value in RIGHT.items() if name not in names}


@pytest.mark.parametrize(
    ("weights", "sizes", "code", "message", "hint"),
    [
        (without("W"), {}, "missing-field", "W is missing", None),
        (without("U", "c"), {}, "missing-field", "U and c are missing", None),
        (
            without("W") | {"b": ["x", 1]},
            {},
            "missing-field",
            "W is missing; b: the text 'x' where a number was wanted",
            'write numbers such as 2, -0.5 or "1/3"',
        ),
        (
            RIGHT | {"b": [1, 2, 3]},
            {},
            "shape",
            "list of 3 where 2 numbers were wanted",
            "b is n_h, with n_h = 2 as in U",
        ),
        (RIGHT | {"b": [1, 2, 3]}, {"n_h": 2}, "shape", "list of 3 where 2 numbers were wanted", None),
        (RIGHT | {"c": [1, 2]}, {}, "shape", "list of 2 where 1 number was wanted", None),
        (
            RIGHT | {"V": [[1, 2, 3]]},
            {},
            "shape",
            "1 x 3 matrix where a 1 x 2 matrix",
            "V is n_out x n_h, with n_h = 2 as in U",
        ),
        (RIGHT | {"b": ["a", 1]}, {}, "not-a-number", "text 'a'", None),
        (
            {name: [] for name in RIGHT},
            {},
            "shape",
            "the size n_h cannot be told",
            "U is n_h x n_in, W is n_h x n_h, b is n_h and V is n_out x n_h",
        ),
    ],
)
def test_what_cannot_be_read_says_which_shape_was_asked_and_where_its_size_comes_from(
    read, weights, sizes, code, message, hint
):
    with pytest.raises(Unreadable) as told:
        read(weights, sizes=sizes)
    assert told.value.code == code
    assert message in told.value.message
    if hint is None:
        assert "as in" not in (told.value.hint or "")
    else:
        assert (told.value.hint or "").startswith(hint)


def test_the_network_of_an_answer_is_its_weights_in_fractions(plain):
    params = msgspec.convert(PARITY, DesignParams)
    answer = Answer(fields={name: plain(value) for name, value in (RIGHT | {"b": ["1/3", -2]}).items()})
    own = own_network(params, answer)
    assert own.parameters == {
        "U": ((1,), (1,)),
        "W": ((1, -1), (1, -1)),
        "b": (Fraction(1, 3), -2),
        "V": ((1, -1),),
        "c": (-1,),
    }
    assert (own.sizes, own.network) == (SIZES, task_of(params).network)


@pytest.fixture
def facts(plain):
    def make(weights, **changed):
        task = task_from(**changed)
        return decided_facts(
            task, read_weights(task, {name: plain(value) for name, value in weights.items()})
        )

    return make


LINEAR = {**STEP_UNITS, "equations": ["h(t) = relu(U @ x(t) + W @ h(t-1) + b)", "y(t) = V @ h(t) + c"]}
AT_ONCE = {"inputs": {"x": "number"}, "sizes": {"y": "number"}, "equations": ["y(t) = x(t)"]}
ROOT = 2**0.5


@pytest.mark.parametrize(
    ("c", "is_right"), [(9e-10, True), (-9e-10, True), (1.1e-9, False), (-1.1e-9, False), (1.5e-9, False)]
)
@pytest.mark.parametrize("scale", [ROOT, 2])
def test_a_billionth_is_granted_where_numbers_are_rounded(facts, c, is_right, scale):
    """Not where all numbers are exact; a unit that grows without end and is not seen is no hindrance."""
    weights = {"U": [[scale], [1]], "W": [[0, 0], [0, 2]], "b": [0, 0], "V": [[1 / scale, 0]], "c": [c]}
    found = facts(weights, network=LINEAR, target=AT_ONCE)
    is_right = is_right and scale == ROOT
    assert (found.decided.kind == "right", found.is_rounded) == (is_right, is_right)
    assert not found.is_constant


@pytest.mark.parametrize("unread", [ROOT, 1 / 3])
def test_what_is_right_as_written_is_taken_as_written(facts, unread):
    """Neither as the fraction next to it nor up to rounding: nothing reads the second unit."""
    weights = {"U": [[1], [unread]], "W": [[0, 0], [0, 0]], "b": [0, 0], "V": [[1, 0]], "c": [0]}
    found = facts(weights, network=LINEAR, target=AT_ONCE)
    assert (found.decided.kind, found.is_rounded, found.is_constant) == ("right", False, False)
    assert found.values == found.weights.values()


@pytest.mark.parametrize(("states", "is_told"), [(2000, True), (2001, False)])
def test_an_output_is_called_constant_where_all_of_2000_states_say_so(facts, states, is_told):
    """h -> 2 h + x modulo so many comes to every state within eleven letters; nothing is shown of it."""
    own = {
        "inputs": {"x": "number"},
        "parameters": {"w": "number", "c": "number", "v": "number"},
        "equations": ["h(t) = mod(2 * h(t-1) + x(t), w)", "y(t) = c + v * h(t)"],
        "sizes": {"h": "number", "y": "number"},
    }
    table = [{"state": "a", "next": ["a", "a"], "output": [0, 0]}]
    found = facts({"w": states, "c": 1, "v": 0}, network={**own, "output": ["y"]}, target=table)
    assert (found.decided.kind, found.is_constant) == ("wrong", is_told)


@pytest.mark.parametrize(
    ("threshold", "equation", "c", "is_constant"),
    [
        (None, "V @ h(t) + c", 3, False),
        ("1/2", "V @ h(t) + c", 3, True),
        ("1/2", "V @ h(t) + c", "1/2", True),
        ("1/2", "V @ h(t) + c", 0, False),
        ("1/2", "V @ h(t) + c", -3, True),
        ("3", "V @ h(t) + c", 2, False),
        (None, "0 * (V @ h(t)) + c", 3, True),
        (None, "step(V @ h(t) + c)", 0, True),
        (None, "step(V @ h(t) + c)", -1, False),
    ],
)
def test_an_output_is_constant_as_it_is_read(facts, threshold, equation, c, is_constant):
    """h is x, and the target is on after the first 1 only: nothing here does that."""
    own = {**LINEAR, "equations": [LINEAR["equations"][0], f"y(t) = {equation}"]}
    table = [
        {"state": "a", "next": ["a", "b"], "output": [0, 5]},
        {"state": "b", "next": ["b", "b"], "output": [5, 0]},
    ]
    weights = {"U": [[1]], "W": [[0]], "b": [0], "V": [[1]], "c": [c]}
    found = facts(weights, network=own, target=table, threshold=threshold)
    assert (found.decided.kind, found.is_constant) == ("wrong", is_constant)
