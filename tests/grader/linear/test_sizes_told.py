"""Which sizes of weights are wanted, in words, and how long their numbers may be together."""

from __future__ import annotations

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.linear import reading
from grader.linear.arrangement import structure_of
from grader.linear.reading import LinearSizes, exact_network, read_weights
from grader.model.value import Text
from grader.networks.library import library_network


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


@pytest.mark.parametrize(
    ("text", "code"), [("word", "shape"), ("[word]", "not-a-number"), ("[[word]]", "not-a-number")]
)
def test_a_word_says_no_size_by_which_the_others_would_be_at_fault(text, code):
    with pytest.raises(Unreadable) as refused:
        read_weights("rnn-a", LinearSizes(inputs=3, outputs=2, states=None), fields_of("rnn-a", 2, Wss=text))
    assert (refused.value.where, refused.value.code) == ("Wss", code)


def test_all_weights_that_are_missing_or_no_numbers_are_told_at_once():
    fields = fields_of("rnn-a", 2, Wss="word", Wsx="[a b c; a b c]")
    del fields["s0"]
    with pytest.raises(Unreadable) as refused:
        read_weights("rnn-a", LinearSizes(inputs=3, outputs=2, states=2), fields)
    assert refused.value.code == "missing-field"
    assert refused.value.message == (
        "s0 is missing; Wsx: the text 'a' where a number was wanted; "
        "Wss: the text 'word' where a number was wanted"
    )
    assert str(refused.value).count("write numbers such as") == 1


@pytest.mark.parametrize("kind", ["rnn-a", "rnn-b"])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_size_of_the_state_is_that_of_its_matrix(kind, n):
    sizes = LinearSizes(inputs=3, outputs=2, states=None)
    assert exact_network(kind, read_weights(kind, sizes, fields_of(kind, n))).system.n_states == n


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
    monkeypatch.setattr(reading, "MAX_WORK", work - less)
    if less:
        with pytest.raises(Unreadable) as refused:
            exact_network("rnn-a", weights)
        assert refused.value.code == "too-large"
    else:
        assert exact_network("rnn-a", weights).system.n_states == n


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
@pytest.mark.parametrize(("kind", "name"), [("rnn-a", "Wss"), ("rnn-b", "Wssx")])
def test_an_empty_matrix_is_no_network_without_a_state(kind, name, shape):
    fields = fields_of(kind, 2) | {name: from_numpy(np.zeros(shape))}
    with pytest.raises(Unreadable) as refused:
        read_weights(kind, LinearSizes(inputs=3, outputs=2, states=None), fields)
    assert (refused.value.where, refused.value.code) == (name, "shape")


def ones(kind, n):
    shapes = {"rnn-a": {"Wss": (n, n), "Wsx": (n, 1), "Wo": (1, n)}, "rnn-b": {"Wssx": (n, n + 1)}}[kind]
    shapes |= {"s0": (n,)} | ({"Wox": (1, n + 1)} if kind == "rnn-b" else {})
    return {name: from_numpy(np.ones(shape)) for name, shape in shapes.items()}


@pytest.mark.parametrize(
    ("kind", "n", "asked", "code"),
    [
        ("rnn-a", 64, None, None),
        ("rnn-a", 64, 64, None),
        ("rnn-a", 64, 2, None),
        ("rnn-b", 63, None, None),
        ("rnn-a", 65, None, "too-large"),
        ("rnn-a", 65, 65, "too-large"),
        ("rnn-a", 65, 2, "too-large"),
        # A question asks for at most so many, too.
        ("rnn-a", 2, 64, None),
        ("rnn-a", 2, 65, "too-large"),
    ],
)
def test_a_state_has_at_most_64_numbers(kind, n, asked, code):
    sizes, fields = LinearSizes(inputs=1, outputs=1, states=asked), ones(kind, n)
    if code is None:
        assert len(read_weights(kind, sizes, fields)[0][0]) == n
        return
    with pytest.raises(Unreadable) as refused:
        read_weights(kind, sizes, fields)
    assert refused.value.code == code


@pytest.mark.parametrize(("n", "code"), [(1, None), (3, None), (64, None), (65, "shape")])
def test_a_column_tells_the_size_of_a_state_that_no_matrix_has(n, code):
    """With s_t = a * s_t-1 + (1 - a) * (B x_t) it is the length of B, up to 64; 2 are asked for."""
    form = structure_of(library_network("library/diagonal-ssm").network)
    shapes = {"s0": (n,), "a": (n,), "B": (n, 1), "C": (1, n)}
    fields = {name: from_numpy(np.ones(shape)) for name, shape in shapes.items()}
    if code is None:
        for asked in (None, 2):
            assert len(read_weights(form, LinearSizes(asked, 1, 1), fields)[0][0]) == n
        return
    with pytest.raises(Unreadable, match="2 numbers") as refused:
        read_weights(form, LinearSizes(2, 1, 1), fields)
    assert refused.value.code == code
    with pytest.raises(Unreadable, match="a state of 65 numbers"):
        read_weights(form, LinearSizes(None, 1, 1), fields)
