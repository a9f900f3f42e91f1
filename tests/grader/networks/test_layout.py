"""Layouts of arrays against moving one entry after another by its index."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from grader.networks.equations.sizes import read_shape
from grader.networks.layout import ArrayLayout, axes_of, read_axes, size_of, split_return

SIZES = {"T": 2, "N": 3, "n": 4, "m": 5}
LEFT_OUT = {"T": 1, "N": 1}


def layouts():
    for standard in (("T", "N", "n"), ("N", "n"), ("n", "m"), ("n", "n"), ("n",), ()):
        for own in itertools.permutations(standard):
            for left_out in ((), ("T",), ("N",), ("T", "N")):
                axes = tuple(axis for axis in own if axis not in left_out)
                if not left_out or len(axes) + len(left_out) == len(own):
                    yield standard, axes
                    yield standard, ("1", *axes)
                    yield standard, (*axes, "1")


@pytest.mark.parametrize(("standard", "own"), list(dict.fromkeys(layouts())))
def test_each_entry_comes_to_its_own_place_and_back(standard, own):
    layout = ArrayLayout(standard, own)
    whole = [SIZES[axis] if axis in own else LEFT_OUT[axis] for axis in standard]
    array = np.arange(float(np.prod(whole, dtype=int))).reshape(whole)
    shape = tuple(1 if axis == "1" else SIZES[axis] for axis in own)
    assert layout.shape(SIZES) == shape
    found = layout.laid_out(array, SIZES)
    assert found.shape == shape
    for index in np.ndindex(*whole):
        # Of two axes with one name the first stands for the first.
        left = list(zip(standard, index, strict=True))
        at = []
        for axis in own:
            if axis == "1":
                at.append(0)
                continue
            pair = next(one for one in left if one[0] == axis)
            left.remove(pair)
            at.append(pair[1])
        assert found[tuple(at)] == array[index]
    assert np.array_equal(layout.in_standard_order(found, SIZES), array)


@pytest.mark.parametrize(
    ("text", "standard", "axes"),
    [
        ("N x T x n", ("T", "N", "n"), ("N", "T", "n")),
        ("T x n", ("T", "N", "n"), ("T", "n")),
        ("n", ("T", "N", "n"), ("n",)),
        ("1 x n", ("N", "n"), ("1", "n")),
        ("n x 1 x 1", ("n",), ("n", "1", "1")),
        ("number", (), ()),
        (" number ", ("T", "N"), ()),
        ("n x n", ("n", "n"), ("n", "n")),
        ("2*n", ("2*n",), ("2*n",)),
        ("n*2", ("2*n",), ("2*n",)),
        ("n", ("n", "1"), ("n",)),
    ],
)
def test_axes_are_read_in_any_order_without_steps_or_sequences(text, standard, axes):
    assert read_axes(text, standard, "returns") == axes


@pytest.mark.parametrize(
    ("text", "standard", "said"),
    [
        ("N x N x n", ("T", "N", "n"), "N is there twice"),
        ("n x n", ("n", "m"), "n is there twice"),
        ("k", ("n",), "k is no axis of it; its axes are n"),
        ("n", (), "its axes are number"),
        ("T x N", ("T", "N", "n"), "leaves out n"),
        ("number", ("n",), "leaves out n"),
        ("n - 1", ("n",), "returns: 'n - 1' is no size"),
    ],
)
def test_axes_that_are_not_those_of_the_declaration_are_refused(text, standard, said):
    with pytest.raises(ValueError, match="returns: ") as told:
        read_axes(text, standard, "returns")
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("h", ("h", None, "")),
        ("h: N x T x n_h", ("h", "N x T x n_h", "")),
        (" c : N x n_h last ", ("c", "N x n_h", "last")),
        ("c first", ("c", None, "first")),
        ("", None),
        ("2h", None),
        ("h last first", None),
    ],
)
def test_what_is_returned_is_a_name_its_axes_and_of_which_step(text, parts):
    if parts is None:
        with pytest.raises(ValueError, match="wanted texts such as"):
            split_return(text)
    else:
        assert split_return(text) == parts


def test_sizes_of_axes_and_layouts_in_words():
    assert [size_of(axis, SIZES) for axis in ("T", "n", "4*n", "n + m", "1")] == [2, 4, 16, 9, 1]
    assert axes_of(read_shape("2*n x m")) == ("2*n", "m")
    assert [str(ArrayLayout(("n", "m"), own)) for own in (("n", "m"), ("n",), ())] == ["(n, m)", "(n,)", "()"]
