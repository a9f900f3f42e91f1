"""What a network function returned on one instance: how it is read, and held against the right outputs."""

from __future__ import annotations

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.code.instances import Instance
from grader.kinds.code.returned import read, wanted
from grader.kinds.code.signature import signature
from grader.kinds.code.trial import TriedInstance, counterexample, examine, first_wrong
from grader.model.run import CallReading, Fault
from grader.model.value import Array, Items, Nothing, Number
from grader.networks.equations.declaration import network_of
from grader.networks.library import library_network


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


ELMAN = network_of(library_network("library/elman").network)
MADE = signature(ELMAN, {}, [])
SIZES = {"T": 4, "n_in": 2, "n_h": 3, "n_out": 2}
ONE = SIZES | {"n_out": 1}


def read_outputs(value, sizes, where):
    return read(value, wanted(ELMAN, MADE, sizes), where)


def array(*shape):
    return from_numpy(np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape) + 1)


@pytest.mark.parametrize(
    ("shape", "sizes", "has_shape"),
    [
        ((4, 2), SIZES, True),
        ((4, 2, 1), SIZES, True),
        ((4, 1, 2), SIZES, True),
        ((1, 4, 2), SIZES, True),
        ((2, 4), SIZES, False),
        ((8,), SIZES, False),
        ((4,), SIZES, False),
        ((4,), ONE, True),
        ((2,), SIZES | {"T": 1}, False),
        ((), ONE | {"T": 1}, False),
        ((4, 1), ONE, True),
        ((1, 4), ONE, False),
        ((3,), ONE, False),
        ((4, 2), ONE, False),
    ],
)
def test_outputs_are_one_row_a_step(shape, sizes, has_shape):
    outputs = read_outputs(array(*shape), sizes, "f")
    assert (outputs.fits, outputs.unasked) == (has_shape, 0)
    assert outputs.arrays[0].shape == ((sizes["T"], 1, sizes["n_out"]) if has_shape else shape)


@pytest.mark.parametrize(
    ("hidden", "is_pair"),
    [
        ((4, 3), True), ((5, 3), True), ((3,), True), ((1, 3), True), ((4, 3, 1), True), ((5, 1, 3), True),
        ((1, 3, 1), True), ((3, 3), False), ((6, 3), False), ((4, 2), False), ((3, 4), False), ((5,), False),
        ((2,), True), ((4,), False),
    ],
)  # fmt: skip
def test_of_a_pair_the_second_must_be_hidden_activations(hidden, is_pair):
    pair = Items((array(4, 2), array(*hidden)))
    try:
        outputs = read_outputs(pair, SIZES, "f")
    except Unreadable:
        assert not is_pair
    else:
        assert bool(outputs.unasked) is outputs.fits is is_pair
        assert not is_pair or outputs.arrays[0][:, 0].tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]


def test_a_pair_whose_first_is_no_output_is_none():
    assert isinstance(refusal(read_outputs, Items((array(2, 4), array(4, 3))), SIZES, "f"), Unreadable)


def test_more_of_the_network_may_follow_but_nothing_else():
    assert read_outputs(Items((array(4, 2), array(4, 3), array(3))), SIZES, "f").unasked == 2
    rows = Items((array(4, 2), array(4, 3), array(2, 2)))
    assert isinstance(refusal(read_outputs, rows, SIZES, "f"), Unreadable)


def test_a_table_of_numbers_is_one_array_and_no_row_of_it_an_answer():
    table = Items(tuple(Items((Number(text, "float"),)) for text in ("0.27", "0.73", "0.94", "0.11")))
    assert not read_outputs(table, {"T": 1, "n_in": 1, "n_h": 1, "n_out": 1}, "f").fits


def test_two_steps_in_a_list_are_no_pair():
    two = {"T": 2, "n_in": 1, "n_h": 2, "n_out": 2}
    outputs = read_outputs(Items((array(2), array(2))), two, "f")
    assert (outputs.unasked, outputs.fits) == (0, True)
    assert outputs.arrays[0][:, 0].tolist() == [[1, 2], [1, 2]]


def test_a_flat_list_of_the_steps_and_the_start_is_no_pair_for_one_neuron():
    one = SIZES | {"n_h": 1}
    assert read_outputs(Items((array(4, 2), array(4))), one, "f").unasked
    assert isinstance(refusal(read_outputs, Items((array(4, 2), array(5))), one, "f"), Unreadable)


@pytest.mark.parametrize(
    ("dtypes", "is_single"),
    [(("f8", "f8"), False), (("f4", "f8"), True), (("f8", "f4"), True), (("f4", "f4"), True)],
)
def test_one_array_of_32_bits_makes_a_pair_single(dtypes, is_single):
    made = signature(ELMAN, {}, ["y: T x n_out", "h: T x n_h"])
    parts = tuple(
        Array(f"<{dtype}", shape, np.ones(shape, dtype).tobytes())
        for shape, dtype in zip(((4, 2), (4, 3)), dtypes, strict=True)
    )
    found = read(Items(parts), wanted(ELMAN, made, SIZES), "f")
    assert (found.fits, found.is_single) == (True, is_single)


def test_who_returns_nothing_is_told_so():
    assert refusal(read_outputs, Nothing(), SIZES, "f").code == "returns-none"


ATOL = 0.5


def trial(expected, is_secret=False):
    expected = np.array(expected, dtype=float)
    sizes = {"T": len(expected), "n_in": 1, "n_h": 1, "n_out": expected.shape[1]}
    arrays = {name: np.ones(MADE.shape_of(name, sizes)) for name in MADE.arguments}
    asked = wanted(ELMAN, MADE, sizes)
    return TriedInstance(Instance(sizes, arrays), (expected[:, None],), asked, is_secret)


RIGHT = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
OFF = [[1.0, 2.0], [3.0, 6.75], [5.0, 9.5]]
FAULT = Fault(kind="error", message="ValueError: no.", where="line 3")


@pytest.mark.parametrize(
    ("results", "fault", "code", "step", "got"),
    [
        ([RIGHT, RIGHT], None, "right", None, RIGHT),
        ([RIGHT], None, "right", None, RIGHT),
        ([OFF, RIGHT], None, "counterexample", 2, OFF),
        ([RIGHT, OFF], None, "keeps-state", None, OFF),
        ([RIGHT, RIGHT, OFF], None, "keeps-state", None, OFF),
        ([RIGHT, [[1.0]]], None, "keeps-state", None, RIGHT),
        ([RIGHT], FAULT, "error", None, RIGHT),
        ([OFF], FAULT, "counterexample", 2, OFF),
        ([], FAULT, "error", None, None),
        ([], None, "not-run", None, None),
        ([np.transpose(RIGHT)], None, "transposed", None, np.transpose(RIGHT)),
        ([[[1.0]]], None, "wrong-shape", None, [[1.0]]),
    ],
)
def test_two_calls_are_held_against_what_is_right(results, fault, code, step, got):
    reading = CallReading(results=tuple(map(from_numpy, results)), fault=fault)
    found = examine("f", MADE, trial(RIGHT), reading, ATOL)
    assert (found.code, found.first_wrong_step) == (code, step)
    assert found.is_fault is (code in ("error", "not-run"))
    if got is None:
        assert found.got is None
    else:
        assert np.array_equal(found.got[0].reshape(np.shape(got)), got)


@pytest.mark.parametrize(
    ("got", "step"),
    [
        ([[1.5, 3.0], [1.5, 6.0]], None),
        ([[1.5000001, 2.0], [3.0, 4.0]], 1),
        ([[1.0, 2.0], [3.0, 6.1]], 2),
        ([[1.0, 2.0], [3.0, np.nan]], 2),
        ([[-np.inf, 2.0], [3.0, 4.0]], 1),
        ([[0.4, 2.0], [3.0, 1.9]], 1),
    ],
)
def test_the_first_wrong_step_is_the_first_that_is_off_by_more(got, step):
    got, right = (np.array(rows)[:, None] for rows in (got, RIGHT[:2]))
    found = first_wrong(MADE.returns, (got,), (right,), ATOL)
    assert (found.step if found else None) == step


def shown_for(tried, returned):
    """The counterexample where the function returned an array."""
    reading = CallReading(results=(from_numpy(returned),))
    return counterexample(MADE, examine("f", MADE, tried, reading, ATOL))


def test_a_counterexample_shows_what_was_wanted_and_what_came():
    shown = shown_for(trial(RIGHT), OFF)
    assert (shown.expected, shown.got, shown.got_shape) == (RIGHT, OFF, [3, 2])
    assert (shown.sizes, shown.first_wrong_step) == ({"T": 3, "n_in": 1, "n_h": 1, "n_out": 2}, 2)


def test_what_answers_another_question_is_not_shown():
    secret = counterexample(MADE, examine("f", MADE, trial(RIGHT, is_secret=True), CallReading(), ATOL))
    assert (secret.expected, secret.got, secret.got_shape) == (None, None, None)


@pytest.mark.parametrize(("rows", "is_whole"), [(400, True), (401, False)])
def test_a_counterexample_shows_at_most_400_numbers(rows, is_whole):
    wanted = np.zeros((rows, 1))
    shown = shown_for(trial(wanted), wanted + 1)
    assert shown.expected == (wanted.tolist() if is_whole else f"an array of shape ({rows}, 1)")


def test_a_counterexample_with_nan_is_json():
    shown = shown_for(trial(RIGHT), np.full((3, 2), np.nan))
    assert shown.got == [["nan", "nan"]] * 3


def first_by_loops(returns, got, right):
    """The first wrong place in plain loops: steps in order, at each the returns and their sequences."""
    every = [k for k, one in enumerate(returns) if one.when == "every step"]
    for t in range(4):
        for k in every:
            for n in range(3):
                if any(not abs(a - b) <= ATOL for a, b in zip(got[k][t][n], right[k][t][n], strict=True)):
                    return k, t + 1, n + 1
    for k in range(len(returns)):
        for n in range(3):
            if k not in every and any(
                not abs(a - b) <= ATOL for a, b in zip(got[k][n], right[k][n], strict=True)
            ):
                return k, 1, n + 1
    return None


def test_of_several_returns_and_sequences_the_first_wrong_place_is_that_of_plain_loops():
    made = signature(ELMAN, {"x": "N x T x n_in"}, ["h: N x n_h last", "y: N x T x n_out", "h: N x T x n_h"])
    rng = np.random.default_rng(1)
    right = (np.zeros((3, 2)), np.zeros((4, 3, 2)), np.zeros((4, 3, 2)))
    seen = set()
    for _ in range(200):
        got = tuple((rng.random(one.shape) < 0.03) * rng.choice([1.0, -1.0, 0.4, np.nan]) for one in right)
        found = first_wrong(made.returns, got, right, ATOL)
        assert (None if found is None else tuple(found)) == first_by_loops(made.returns, got, right)
        seen.add(None if found is None else found.returned)
    assert seen == {None, 0, 1, 2}


@pytest.mark.parametrize(("off", "is_wrong"), [(0.9e-4, False), (1.1e-4, True)])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_32_bits_are_allowed_a_ten_thousandth(off, is_wrong, dtype):
    tried = trial([[2.0, 0.0]])
    came = np.array([[2.0, off]], dtype=dtype)
    reading = CallReading(results=(Array(f"<{dtype}", came.shape, came.tobytes()),) * 2)
    assert (examine("f", MADE, tried, reading, 1e-6).code == "right") is (dtype == "f4" and not is_wrong)
    assert (examine("f", MADE, tried, reading, 1e-3).code) == "right"
    later = CallReading(results=(from_numpy([[2.0, 0.0]]), reading.results[0]))
    assert examine("f", MADE, tried, later, 1e-6).code == "keeps-state"


@pytest.mark.parametrize(
    ("returns", "sizes", "wrong", "words"),
    [
        (["y: N x T x n_out"], {"N": 2, "T": 3}, (0, 1, 2), "y is first wrong at t = 2 of sequence 2"),
        (["y: N x T x n_out"], {"N": 1, "T": 3}, (0, 2, 1), "y is first wrong at t = 3"),
        (["y: N x T x n_out"], {"N": 2, "T": 1}, (0, 0, 1), "y of sequence 1 is wrong"),
        (["y: N x T x n_out"], {"N": 1, "T": 1}, (0, 0, 1), "y is wrong"),
        (["y: N x n_out last"], {"N": 2, "T": 3}, (0, None, 2), "y of the last step of sequence 2 is wrong"),
        (["y: N x n_out first"], {"N": 1, "T": 3}, (0, None, 1), "y of the first step is wrong"),
        (["y: N x n_out last"], {"N": 1, "T": 1}, (0, None, 1), "y is wrong"),
        (["y: N x n_out last", "h: N x n_h last"], {"N": 2, "T": 2}, (1, None, 1),
         "h of the last step of sequence 1 is wrong"),
    ],
)  # fmt: skip
def test_it_is_told_where_a_value_is_wrong(returns, sizes, wrong, words):
    made = signature(ELMAN, {"x": "N x T x n_in"}, returns)
    full = SIZES | sizes
    n, t = full["N"], full["T"]
    sizes_of = {"y": full["n_out"], "h": full["n_h"]}
    right = [
        np.zeros((t, n, sizes_of[one.name]) if one.when == "every step" else (n, sizes_of[one.name]))
        for one in made.returns
    ]
    came = [one.copy() for one in right]
    which, step, sequence = wrong
    came[which][(sequence - 1,) if step is None else (step, sequence - 1)] = 7
    asked = wanted(ELMAN, made, full)
    arrays = {name: np.ones(made.shape_of(name, full)) for name in made.arguments}
    tried = TriedInstance(Instance(full, arrays), tuple(right), asked)
    laid_out = [
        from_numpy(one.layout.laid_out(array, full)) for one, array in zip(made.returns, came, strict=True)
    ]
    reading = CallReading(results=(Items(tuple(laid_out)) if len(laid_out) > 1 else laid_out[0],))
    found = examine("f", made, tried, reading, ATOL)
    assert (found.code, found.message) == ("counterexample", words)
    shown = counterexample(made, found)
    names = [one.name for one in made.returns]
    assert shown.got_shape == (
        list(laid_out[0].shape)
        if len(names) == 1
        else {name: list(one.shape) for name, one in zip(names, laid_out, strict=True)}
    )
