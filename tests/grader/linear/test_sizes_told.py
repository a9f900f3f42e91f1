"""Which sizes of weights are wanted, in words, and how long their numbers may be together."""

from __future__ import annotations

import pytest

from grader.errors import Unreadable
from grader.linear import structure
from grader.linear.structure import LinearSizes, network_of, read_weights
from grader.model.value import Text


def fields_of(kind, n, **changed):
    ones = {
        "rnn-a": {"s0": (1, n), "Wss": (n, n), "Wsx": (n, 3), "Wo": (2, n)},
        "rnn-b": {"s0": (1, n), "Wssx": (n, n + 3), "Wox": (2, n + 3)},
    }[kind]
    made = {
        name: "[" + "; ".join([" ".join("1" * columns)] * rows) + "]"
        for name, (rows, columns) in ones.items()
    }
    return {name: Text(text) for name, text in {**made, **changed}.items()}


@pytest.mark.parametrize(
    ("kind", "changed", "told"),
    [
        ("rnn-a", {"Wss": "[1 2 3; 4 5 6]"}, "a 2 x 3 matrix where n x n was wanted"),
        ("rnn-a", {"Wss": "[1; 2]"}, "a 2 x 1 matrix where n x n was wanted"),
        ("rnn-b", {"Wssx": "[1 2; 3 4]"}, "a 2 x 2 matrix where n x (n + 3) was wanted"),
        ("rnn-b", {"Wssx": "[1 2 3 4; 5 6 7 8]"}, "a 2 x 4 matrix where n x (n + 3) was wanted"),
    ],
)
def test_where_the_state_may_have_any_size_its_matrix_is_told_by_it(kind, changed, told):
    with pytest.raises(Unreadable) as refused:
        read_weights(kind, LinearSizes(inputs=3, outputs=2, states=None), fields_of(kind, 2, **changed))
    assert told in str(refused.value)
    assert refused.value.code == "shape"


@pytest.mark.parametrize("text", ["word", "[word]"])
def test_a_word_says_no_size_by_which_the_others_would_be_at_fault(text):
    with pytest.raises(Unreadable) as refused:
        read_weights("rnn-a", LinearSizes(inputs=3, outputs=2, states=None), fields_of("rnn-a", 2, Wss=text))
    assert (refused.value.where, refused.value.code) == ("Wss", "shape")


@pytest.mark.parametrize("kind", ["rnn-a", "rnn-b"])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_size_of_the_state_is_that_of_its_matrix(kind, n):
    sizes = LinearSizes(inputs=3, outputs=2, states=None)
    assert network_of(kind, read_weights(kind, sizes, fields_of(kind, n))).system.n_states == n


@pytest.mark.parametrize("text", ["1", "[1]", "[[1]]", "1/2", "a"])
def test_one_entry_is_a_state_of_one_number_however_it_stands(text):
    sizes, fields = LinearSizes(inputs=3, outputs=2, states=None), fields_of("rnn-a", 1, Wss=text)
    if text == "a":
        with pytest.raises(Unreadable):
            read_weights("rnn-a", sizes, fields)
    else:
        assert read_weights("rnn-a", sizes, fields)[1][0][0].text == text.strip("[]")


@pytest.mark.parametrize(("n", "work"), [(1, 4), (2, 4), (3, 6), (5, 10)])
@pytest.mark.parametrize("less", [0, 1])
def test_numbers_may_be_so_long_that_a_step_is_worked_out_in_time(n, work, less, monkeypatch):
    """A one has two bits, above and below; they count once a state, and twice where there is one alone."""
    weights = read_weights("rnn-a", LinearSizes(inputs=3, outputs=2, states=n), fields_of("rnn-a", n))
    monkeypatch.setattr(structure, "MAX_WORK", work - less)
    if less:
        with pytest.raises(Unreadable) as refused:
            network_of("rnn-a", weights)
        assert refused.value.code == "too-large"
    else:
        assert network_of("rnn-a", weights).system.n_states == n
