"""In which forms gradients may come back, and which of them are refused."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.gradient.returned import read_gradients
from grader.model.value import Fields, Items, Number, Text, Value

LOSS = Number("0.5", "float")


def filled(*shape: int) -> np.ndarray:
    return np.arange(1.0, 1 + math.prod(shape)).reshape(shape)


RIGHT = {"U": filled(2, 3), "W": filled(3, 3), "b": filled(3)}
PLAIN = {name: from_numpy(array) for name, array in RIGHT.items()}


def turned(*names: str) -> dict[str, Value]:
    return {name: from_numpy(array.T if name in names else array) for name, array in RIGHT.items()}


def is_read(value: Value, right: dict[str, np.ndarray] = RIGHT) -> bool:
    """Whether the right gradients come out of a value."""
    try:
        found = read_gradients(value, right, "f").gradients
    except Unreadable:
        return False
    assert list(found) == list(right)
    return all(np.array_equal(found[name], right[name]) for name in right)


@pytest.mark.parametrize("name", ["{}", "d{}", "d_{}", "grad_{}", "D{}", "Grad_{}"])
@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_gradients_are_read_by_their_names(name: str, case: object) -> None:
    keys = [name.format(case(one)) for one in PLAIN]  # type: ignore[operator]
    value = Fields(dict(zip(reversed(keys), reversed(PLAIN.values()), strict=True)))
    # A "d" written large is no way to say gradient.
    assert is_read(value) is (name[0] not in "DG")


@pytest.mark.parametrize(
    ("names", "keys", "are_read"),
    [
        # A parameter that is called d, or begins with it, is itself.
        (("d", "x"), ("d", "x"), True),
        (("d", "x"), ("dd", "dx"), True),
        (("du", "u"), ("du", "u"), True),
        (("du", "u"), ("ddu", "u"), True),
        # What could be either of two is neither.
        (("Wx", "wX"), ("Wx", "wX"), True),
        (("Wx", "wX"), ("wx", "wX"), False),
        (("Wx", "wX"), ("dWx", "dwX"), True),
        (("w", "W"), ("dw", "dW"), True),
        (("x", "y"), ("x",), False),
        (("x", "y"), ("x", "y", "loss"), True),
    ],
)
def test_a_name_that_is_one_of_the_parameters_is_taken_first(
    names: tuple[str, ...], keys: tuple[str, ...], are_read: bool
) -> None:
    right = {name: np.array([float(at)]) for at, name in enumerate(names)}
    value = Fields({key: from_numpy(np.array([float(at)])) for at, key in enumerate(keys)})
    assert is_read(value, right) is are_read


def test_beside_all_gradients_by_names_of_their_own_the_plain_names_are_the_parameters() -> None:
    gradients = {f"d{name}": array for name, array in PLAIN.items()}
    parameters = {name: from_numpy(array + 1) for name, array in RIGHT.items()}
    assert is_read(Fields({**gradients, **parameters}))
    assert is_read(Fields({**parameters, **gradients}))
    # A dW on its own may be of a step on the way.
    assert is_read(Fields({**PLAIN, "dW": parameters["W"]}))


def items(*values: Value) -> Value:
    return Items(tuple(values))


@pytest.mark.parametrize("n", range(1, 5))
def test_the_loss_may_come_along_before_or_behind(n: int) -> None:
    right = dict([*RIGHT.items(), ("c", filled(2, 2))][:n])
    arrays = [from_numpy(array) for array in right.values()]
    lists = [Items(tuple(map(_plain, array))) for array in right.values()]
    for found in (arrays, lists):
        named, listed = Fields(dict(zip(right, found, strict=True))), items(*found)
        assert is_read(named, right)
        assert is_read(listed, right)
        assert is_read(items(LOSS, named), right)
        assert is_read(items(named, LOSS), right)
        assert is_read(items(LOSS, *found), right)
        assert is_read(items(*found, LOSS), right)
        # Of two gradients a number and a list could be the two.
        assert is_read(items(LOSS, listed), right) is (n != 2)
        assert is_read(items(listed, LOSS), right) is (n != 2)
        assert not is_read(items(LOSS, LOSS, *found), right)
        assert not is_read(items(*found, from_numpy(filled(2))), right)
        assert not is_read(items(*found[:-1]), right)
    assert is_read(arrays[0], right) is (n == 1)
    assert not is_read(Text("U"), right)


def _plain(array: np.ndarray) -> Value:
    if array.ndim:
        return Items(tuple(map(_plain, array)))
    return Number(repr(float(array)), "float")


def test_of_two_numbers_the_first_is_the_loss_of_a_single_gradient() -> None:
    right = {"k": np.array(3.0)}
    three = Number("3.0", "float")
    assert is_read(items(LOSS, three), right)
    assert not is_read(items(three, LOSS), right)
    assert is_read(items(three, LOSS), {"k": np.array(3.0), "m": np.array(0.5)})
    assert is_read(three, right)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Fields({"U": PLAIN["U"]}), "missing-weight"),
        (Fields({}), "missing-weight"),
        (items(PLAIN["U"], PLAIN["W"]), "not-weights"),
        (PLAIN["U"], "not-weights"),
        (LOSS, "not-weights"),
        (Fields({**PLAIN, "b": PLAIN["U"]}), "shape"),
        (Fields(turned("U", "W") | {"b": PLAIN["W"]}), "shape"),
    ],
)
def test_what_is_no_set_of_gradients_is_said_to_be_that(value: Value, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_gradients(value, RIGHT, "f")
    assert caught.value.code == code


SHAPES = [shape for n in range(4) for shape in itertools.product((1, 2, 3, 4, 6), repeat=n)]


@pytest.mark.parametrize("wanted", [(), (1,), (3,), (4,), (2, 3), (3, 3), (1, 3), (3, 1), (1, 1)])
def test_a_vector_may_have_an_axis_more_and_a_matrix_may_come_as_its_transpose(
    wanted: tuple[int, ...],
) -> None:
    for shape in SHAPES:
        if math.prod(shape) > 12:
            continue
        value = Fields({"p": from_numpy(filled(*shape))})
        kept = [size for size in shape if size != 1]
        is_vector = len(wanted) <= 1 and kept == [size for size in wanted if size != 1]
        is_turned = len(wanted) == 2 and wanted[0] != wanted[1] and shape == wanted[::-1]
        try:
            found = read_gradients(value, {"p": filled(*wanted)}, "f")
        except Unreadable:
            assert not any((shape == wanted, is_vector, is_turned))
        else:
            assert shape == wanted or is_vector or is_turned
            assert found.is_turned is is_turned
            array = filled(*shape).T if is_turned else filled(*shape)
            assert np.array_equal(found.gradients["p"], array.reshape(wanted))


def test_all_matrices_are_transposed_or_none_and_a_square_one_as_it_fits() -> None:
    for names, is_turned in (((), False), (("U",), True), (("U", "W"), True)):
        found = read_gradients(Fields(turned(*names)), RIGHT, "f")
        assert found.is_turned is is_turned
        assert is_read(Fields(turned(*names)))
    # Where rows are rows, a square matrix is taken as it came.
    found = read_gradients(Fields(turned("W")), RIGHT, "f")
    assert not found.is_turned
    assert np.array_equal(found.gradients["W"], RIGHT["W"].T)
    alone = {"W": RIGHT["W"]}
    assert not read_gradients(Fields({"W": from_numpy(RIGHT["W"].T)}), alone, "f").is_turned
    two = {"U": filled(2, 3), "V": filled(3, 2)}
    for which, is_sound in (("", True), ("U", False), ("V", False), ("UV", True)):
        value = Fields({name: from_numpy(one.T if name in which else one) for name, one in two.items()})
        assert is_read(value, two) is is_sound
    # Beside transposed ones a square matrix is read as its largest error is smaller, where both are alike as
    # columns.
    right = np.array([[1.0, 5.0], [2.0, 1.0]])
    for came, wanted in (
        ([[1.0, 5.1], [2.0, 3.0]], [[1.0, 5.1], [2.0, 3.0]]),
        ([[1.0, 5.1], [2.0, 5.0]], [[1.0, 2.0], [5.1, 5.0]]),
        ([[1.0, 2.0], [4.9, 1.0]], [[1.0, 4.9], [2.0, 1.0]]),
        ([[-9.0, 5.0], [2.0, 1.0]], [[-9.0, 2.0], [5.0, 1.0]]),
        ([[1.0, 4.0], [-3.0, 1.0]], [[1.0, 4.0], [-3.0, 1.0]]),
        ([[1.0, -5.0], [2.0, 1.0]], [[1.0, 2.0], [-5.0, 1.0]]),
        ([[1.0, 4.0], [-1.0, 1.0]], [[1.0, 4.0], [-1.0, 1.0]]),
    ):
        value = Fields({"U": from_numpy(filled(3, 2)), "W": from_numpy(np.array(came))})
        found = read_gradients(value, {"U": filled(2, 3), "W": right}, "f")
        assert found.gradients["W"].tolist() == wanted
