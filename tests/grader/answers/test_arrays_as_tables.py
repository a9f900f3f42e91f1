"""The entries of an array are written as numpy writes them, in its own dtype."""

import numpy as np
import pytest

from grader.answers.tables import read_table
from grader.model.value import Array, Flag


def as_table(array):
    return read_table(Array(array.dtype.str, array.shape, array.tobytes()), "q")


def floats(dtype):
    """Any bits, round numbers, and those where numpy changes to powers of ten."""
    rng = np.random.default_rng(11)
    bits = rng.integers(0, 256, size=1000 * np.dtype(dtype).itemsize, dtype=np.uint8).view(dtype)
    edges = [1e-4, -1e-4, 1e-5, 1e16, -1e16, 9999999999999998.0, 0.0, -0.0, 5e-324, np.nan, np.inf, -np.inf]
    return np.concatenate([bits, np.round(rng.standard_normal(500), 3), edges]).astype(dtype)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("dtype", "kind"), [("<f8", "float"), ("<f4", "single"), ("<c16", "complex")])
def test_floats_are_written_as_by_numpy(dtype, kind):
    table = as_table(floats(dtype))
    assert [one.text for one in table.entries] == [str(one) for one in floats(dtype)]
    assert {one.kind for one in table.entries} == {kind}


def test_whole_numbers_and_truth_values_are_read_exactly():
    numbers = np.array([[0, -1], [2**63 - 1, -(2**63)]], dtype="<i8")
    assert as_table(numbers).shape == (2, 2)
    assert [(one.text, one.kind) for one in as_table(numbers).entries] == [
        ("0", "int"), ("-1", "int"), ("9223372036854775807", "int"), ("-9223372036854775808", "int"),
    ]  # fmt: skip
    assert as_table(np.array([True, False])).entries == (Flag(True), Flag(False))
