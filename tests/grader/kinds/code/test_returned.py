"""In which forms arrays may come back from a network function, by all small shapes."""

from __future__ import annotations

import contextlib
import itertools
import math
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.code.misshapen import misshapen
from grader.kinds.code.returned import Wanted, is_same, read, wanted
from grader.kinds.code.signature import Signature, signature
from grader.model.value import Array, Fields, Items, Nothing, Number, Opaque, Text, Value
from grader.networks.equations.declaration import NetworkTable, network_of

NETWORK = network_of(
    msgspec.convert(
        {
            "inputs": {"x": "n_in"},
            "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "V": "n_out x n_h"},
            "equations": ["h(t) = tanh(W @ h(t-1) + U @ x(t))", "y(t) = V @ h(t)"],
        },
        NetworkTable,
    )
)
BATCH = {"x": "N x T x n_in"}
SIZES = {"N": 2, "T": 4, "n_in": 6, "n_h": 5, "n_out": 3}
Shape = tuple[int, ...]


def inserted(shape: Shape, most: int) -> set[Shape]:
    """The shape with axes of one entry put in anywhere, up to so many axes."""
    found, last = {shape}, {shape}
    while last and len(next(iter(last))) < most:
        last = {(*one[:at], 1, *one[at:]) for one in last for at in range(len(one) + 1)}
        found |= last
    return found


def left_out(shape: Shape, kept: set[int]) -> set[Shape]:
    """The shape with some axes of one entry left out, but for those at the places that are kept."""
    ones = [at for at, size in enumerate(shape) if size == 1 and at not in kept]
    return {
        tuple(size for at, size in enumerate(shape) if at not in gone)
        for n in range(len(ones) + 1)
        for gone in itertools.combinations(ones, n)
    }


@pytest.mark.parametrize("axes", [("T", "a", "b"), ("N", "T", "a"), ("a", "b"), ("T",), ("a",), ()])
def test_axes_of_one_entry_may_be_put_in_or_left_out_and_not_both(axes: tuple[str, ...]) -> None:
    for shape in itertools.product((1, 2, 3), repeat=len(axes)):
        steps = {at for at, axis in enumerate(axes) if axis == "T"}
        are_same = inserted(shape, 4) | left_out(shape, steps)
        for n in range(5):
            for got in itertools.product((1, 2, 3), repeat=n):
                assert is_same(got, shape, axes) is (got in are_same)


def test_without_names_any_axis_of_one_entry_may_be_left_out() -> None:
    assert is_same((3,), (1, 3))
    assert not is_same((3,), (1, 3), ("T", "a"))


def of(returns: list[str]) -> tuple[Signature, Wanted]:
    made = signature(NETWORK, BATCH, returns)
    return made, wanted(NETWORK, made, SIZES)


def test_what_may_come_along_has_the_shape_of_a_variable_at_one_step_or_at_all() -> None:
    _, asked = of(["y: N x T x n_out"])
    assert (asked.names, asked.shapes) == (("y",), ((2, 4, 3),))
    # One step of each; all of what was not asked, in either order of sequences and steps, and with its start.
    assert asked.others == {(2, 5), (2, 3), (2, 4, 5), (4, 2, 5)}
    assert asked.with_start == {(2, 5, 5), (5, 2, 5)}
    _, both = of(["h: N x T x n_h", "y: N x T x n_out"])
    assert (both.others, both.with_start) == ({(2, 5), (2, 3)}, set())
    one = signature(NETWORK, {}, [])
    alone = wanted(NETWORK, one, {"T": 4, "n_in": 1, "n_h": 5, "n_out": 1})
    assert alone.others == {(), (5,), (4, 5)}
    assert alone.with_start == {(5, 5)}


def filled(*shape: int) -> np.ndarray:
    return np.arange(1.0, 1 + math.prod(shape)).reshape(shape)


Y, H = filled(2, 4, 3), 100 + filled(2, 4, 5)
LAST, WITH_START = H[:, -1], np.concatenate([0 * H[:, :1], H], axis=1)


def lists(array: np.ndarray) -> Value:
    if array.ndim:
        return Items(tuple(map(lists, array)))
    return Number(repr(float(array)), "float")


def value(thing: Any) -> Value:
    if isinstance(thing, np.ndarray):
        return from_numpy(thing)
    if isinstance(thing, list | tuple):
        return Items(tuple(map(value, thing)))
    if isinstance(thing, dict):
        return Fields({name: value(one) for name, one in thing.items()})
    if isinstance(thing, int):
        return Number(str(thing), "int")
    return Nothing() if thing is None else thing


@pytest.mark.parametrize(
    ("returns", "came", "unasked"),
    [
        (["y: N x T x n_out"], Y, 0),
        (["y: N x T x n_out"], lists(Y), 0),
        (["y: N x T x n_out"], list(Y), 0),
        (["y: N x T x n_out"], [Y], 0),
        (["y: N x T x n_out"], {"y": Y}, 0),
        (["y: N x T x n_out"], {"y": Y, "h": filled(9)}, 0),
        (["y: N x T x n_out"], [Y, H], 1),
        (["y: N x T x n_out"], [Y, LAST], 1),
        (["y: N x T x n_out"], [Y, LAST[None]], 1),
        (["y: N x T x n_out"], [Y, WITH_START], 1),
        (["y: N x T x n_out"], [Y, H.swapaxes(0, 1)], 1),
        (["y: N x T x n_out"], [Y, [H, LAST]], 2),
        (["y: N x T x n_out"], [Y, H, LAST, LAST], 3),
        (["y: N x T x n_out"], [lists(Y), lists(LAST)], 1),
        # What is kept for the way back: a tuple of arrays, one a step, a dict, an object.
        (["y: N x T x n_out"], [Y, (filled(2, 6), WITH_START, filled(7))], 1),
        (["y: N x T x n_out"], [Y, [(filled(2, 6), filled(2, 6)), (filled(2, 6), filled(2, 6))]], 1),
        (["y: N x T x n_out"], [Y, {"x": filled(2, 6)}], 1),
        (["y: N x T x n_out"], [Y, Opaque("an object of type Cache")], 1),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, LAST, (filled(2, 6), filled(7))], 1),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, (filled(2, 6), LAST)], None),
        (["y: N x T x n_out"], [{"x": filled(2, 6)}, Y], None),
        (["y: N x T x n_out"], [H, (filled(2, 6), Y)], None),
        (["y: N x T x n_out"], [Y, [[1, 2], [3, 4]]], None),
        # The last states of two layers or directions in one array, as torch returns them.
        (["y: N x T x n_out", "h: N x n_h last", "h: N x n_h first"], [Y, np.stack([LAST, H[:, 0]])], 0),
        (["y: N x T x n_out", "h: N x n_h last", "h: N x n_h first"], [Y, np.stack([LAST] * 3)], None),
        (["y: N x T x n_out"], [Y, filled(2, 6)], None),
        (["y: N x T x n_out"], [Y, filled(2, 4, 4)], None),
        (["y: N x T x n_out"], [Y, H.ravel()], None),
        (["y: N x T x n_out"], [H, Y], None),
        (["y: N x T x n_out"], H, None),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, LAST], 0),
        (["y: N x T x n_out", "h: N x n_h last"], [[Y, LAST]], 0),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, [LAST]], 0),
        (["y: N x T x n_out", "h: N x n_h last"], {"h": LAST, "y": Y}, 0),
        (["y: N x T x n_out", "h: N x n_h last"], [lists(Y), lists(LAST)], 0),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, LAST, LAST], 1),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, [LAST, LAST]], 1),
        (["y: N x T x n_out", "h: N x n_h last"], [LAST, Y], None),
        (["y: N x T x n_out", "h: N x n_h last"], [Y], None),
        (["h: N x n_h last", "h: N x n_h first"], np.stack([LAST, H[:, 0]]), 0),
        (["h: N x n_h last", "h: N x n_h first"], [lists(LAST), lists(H[:, 0]), lists(LAST)], 1),
        (["h: N x n_h last", "h: N x n_h first"], np.stack([LAST, H[:, 0], LAST]), None),
    ],
)
def test_what_was_asked_is_found_in_what_came(returns: list[str], came: Any, unasked: int | None) -> None:
    _, asked = of(returns)
    if unasked is None:
        # Arrays of which no table can be made are unreadable at once.
        with contextlib.suppress(Unreadable):
            assert not read(value(came), asked, "f").fits
        return
    found = read(value(came), asked, "f")
    assert found.fits
    assert (found.unasked, found.is_single) == (unasked, False)
    right = {"y: N x T x n_out": Y.swapaxes(0, 1), "h: N x n_h last": LAST, "h: N x n_h first": H[:, 0]}
    for name, array in zip(returns, found.arrays, strict=False):
        np.testing.assert_array_equal(array, right[name])


@pytest.mark.parametrize(
    ("returns", "came", "code", "words"),
    [
        (["y: N x T x n_out"], None, "returns-none", "returns None"),
        (["y: N x T x n_out"], Text("y"), "not-a-table", "wanted"),
        (["y: N x T x n_out", "h: N x n_h last"], [Y, None], "returns-none", "returns None for h"),
        (["y: N x T x n_out", "h: N x n_h last"], [None, LAST], "returns-none", "returns None for y"),
        (["y: N x T x n_out", "h: N x n_h last"], {"y": Y}, "not-a-table", "without h"),
        (["y: N x T x n_out", "h: N x n_h last"], {"q": Y}, "not-a-table", "without y and h"),
    ],
)
def test_what_holds_no_arrays_is_unreadable(returns: list[str], came: Any, code: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        read(value(came), of(returns)[1], "f")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kinds", "is_single"),
    [
        (("f8", "f8", "f8"), False),
        (("f8", "f8", "f4"), False),
        (("f4", "f8", "f8"), True),
        (("f8", "f4", "f4"), True),
    ],
)
def test_what_came_along_unasked_may_have_32_bits_and_nothing_is_allowed_for_it(
    kinds: tuple[str, ...], is_single: bool
) -> None:
    _, asked = of(["y: N x T x n_out", "h: N x n_h last"])
    parts = [
        Array(f"<{kind}", one.shape, one.astype(kind).tobytes())  # type: ignore[arg-type]
        for kind, one in zip(kinds, (Y, LAST, LAST), strict=True)
    ]
    assert read(Items(tuple(parts)), asked, "f").is_single is is_single
    single = Items((Items((Number("1.0", "float"), Number("2.0", "single"))),))
    one = wanted(NETWORK, signature(NETWORK, {}, []), {"T": 1, "n_in": 1, "n_h": 1, "n_out": 2})
    assert read(single, one, "f").is_single


@pytest.mark.parametrize(
    ("returns", "shapes", "code", "words"),
    [
        (["y: N x T x n_out"], [(4, 2, 3)], "transposed",
         "it returns shape (4, 2, 3), one row a step; wanted one row a sequence, (N, T, n_out) = (2, 4, 3)"),
        (["y: N x T x n_out"], [(3, 4, 2)], "transposed",
         "it returns shape (3, 4, 2), one row an entry of y; wanted one row a sequence, "
         "(N, T, n_out) = (2, 4, 3)"),
        (["y: N x T x n_out"], [(2, 3, 4)], "transposed",
         "it returns (N, n_out, T) = (2, 3, 4), wanted (N, T, n_out) = (2, 4, 3)"),
        (["y: N x T x n_out"], [(2, 4)], "wrong-shape",
         "it returns shape (2, 4), wanted (N, T, n_out) = (2, 4, 3)"),
        (["y: N x T x n_out"], [(2, 4, 5)], "wrong-shape",
         "it returns shape (2, 4, 5), wanted (N, T, n_out) = (2, 4, 3)"),
        (["y: N x T x n_out"], [(2, 4, 3), (7, 7)], "wrong-shape", "it returns 2 arrays, wanted y alone"),
        (["y: N x T x n_out", "h: N x n_h last"], [(2, 4, 3)], "wrong-shape",
         "it returns one array, wanted 2: y, h"),
        (["y: N x T x n_out", "h: N x n_h last"], [(2, 4, 3), (5, 2)], "transposed",
         "h has shape (5, 2), one row an entry of h; wanted one row a sequence, (N, n_h) = (2, 5)"),
        (["y: N x T x n_out", "h: N x n_h last"], [(2, 4, 3), (2, 5), (7, 7)], "wrong-shape",
         "it returns 3 arrays, wanted 2: y, h; beyond them (7, 7)"),
        (["y", "y", "y"], [(4, 3), (4, 3)], "wrong-shape", "it returns 2 arrays, wanted 3: y, y, y"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_told_by_its_axes(
    returns: list[str], shapes: list[Shape], code: str, words: str
) -> None:
    made = signature(NETWORK, BATCH if "N" in returns[0] else {}, returns)
    assert misshapen(made, wanted(NETWORK, made, SIZES), tuple(shapes)) == (code, words)


@pytest.mark.parametrize(
    ("sizes", "shape", "words"),
    [
        # Where two sizes are the same number no axis is told that could be another.
        ({"N": 2, "T": 2, "n_out": 3}, (3, 2, 2), "one row an entry of y; wanted one row a sequence"),
        ({"N": 2, "T": 2, "n_out": 3}, (2, 3, 2), "it returns shape (2, 3, 2), wanted (N, T, n_out)"),
        ({"N": 2, "T": 3, "n_out": 3}, (3, 2, 3), "it returns shape (3, 2, 3), wanted (N, T, n_out)"),
        ({"N": 3, "T": 2, "n_out": 2}, (2, 3, 2), "it returns shape (2, 3, 2), wanted (N, T, n_out)"),
    ],
)
def test_axes_are_named_where_the_sizes_leave_no_doubt(
    sizes: dict[str, int], shape: Shape, words: str
) -> None:
    made = signature(NETWORK, BATCH, ["y: N x T x n_out"])
    code, said = misshapen(made, wanted(NETWORK, made, SIZES | sizes), (shape,))
    assert code == "transposed"
    assert words in said


def test_of_axes_that_could_change_places_in_two_ways_none_is_named() -> None:
    made = signature(NETWORK, BATCH, ["y: N x T x n_out x 1"])
    asked = wanted(NETWORK, made, SIZES | {"T": 3})
    text = "it returns shape (2, 3, 1, 3), wanted (N, T, n_out, 1) = (2, 3, 3, 1)"
    assert misshapen(made, asked, ((2, 3, 1, 3),)) == ("transposed", text)
    asked = wanted(NETWORK, made, SIZES)
    text = "it returns (N, T, 1, n_out) = (2, 4, 1, 3), wanted (N, T, n_out, 1) = (2, 4, 3, 1)"
    assert misshapen(made, asked, ((2, 4, 1, 3),)) == ("transposed", text)


def test_a_single_axis_is_written_with_a_comma() -> None:
    made = signature(NETWORK, {}, ["y: n_out last"])
    _, said = misshapen(made, wanted(NETWORK, made, SIZES), ((4,),))
    assert said == "it returns shape (4,), wanted (n_out,) = (3,)"


@pytest.mark.parametrize(
    "names",
    [
        ("h", "y"),
        ("next_h", "next_y"),
        ("h_new", "y_t"),
        ("h'", "y'"),
        ("H", "Y"),
        ("hnext", "y_prime"),
        ("h", "y_t"),
    ],
)
def test_what_is_returned_may_be_named_as_of_the_next_step(names: tuple[str, str]) -> None:
    _, asked = of(["h: N x T x n_h", "y: N x T x n_out"])
    came = value({names[1]: Y, "prev_h": H + 1, names[0]: H})
    found = read(came, asked, "f")
    assert found.fits
    for array, right in zip(found.arrays, (H, Y), strict=True):
        # The standard order has the steps first.
        assert np.array_equal(array, right.swapaxes(0, 1))


@pytest.mark.parametrize(
    "names",
    [
        ("next_h", "h_new", "y"),
        ("H", "next_H", "y"),
        ("hidden", "y"),
        ("prev_h", "y"),
        ("h", "next_h", "next_y"),
    ],
)
def test_a_name_that_could_be_two_or_none_is_refused(names: tuple[str, ...]) -> None:
    _, asked = of(["h: N x T x n_h", "y: N x T x n_out"])
    with pytest.raises(Unreadable):
        read(value(dict.fromkeys(names, H)), asked, "f")


def test_the_only_thing_that_is_returned_may_have_any_name() -> None:
    _, asked = of(["y: N x T x n_out"])
    assert read(value({"outputs": Y}), asked, "f").fits
