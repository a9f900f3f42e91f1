"""Of which sizes a gradient function is tried on, for networks with any number of sizes of their own."""

from __future__ import annotations

import pytest

from grader.kinds.gradient.trials import check_sizes, chosen, long, loud, small

AXES = [(*front, *"abcdefghi"[:n]) for front in (("T",), ("N", "T")) for n in range(10)]
FRONT = {"N", "T"}


@pytest.mark.parametrize("axes", AXES)
def test_no_two_sizes_of_an_instance_are_alike(axes: tuple[str, ...]) -> None:
    for sizes in (*chosen(axes, lambda _: True), loud(axes), long(axes)):
        assert tuple(sizes) == axes
        assert len(set(sizes.values())) == len(axes)
        assert min(sizes.values()) >= 2
    # People stop on the way back after fifty steps at most.
    assert long(axes)["T"] >= 60


@pytest.mark.parametrize("axes", [axes for axes in AXES if "i" not in axes])
def test_small_instances_have_each_size_1_once_and_never_inputs_of_one_shape(axes: tuple[str, ...]) -> None:
    ones, two_steps, *each = small(axes)
    assert ones == dict.fromkeys(axes, 1)
    assert two_steps == {**ones, "T": 2}
    assert [[axis for axis in axes if sizes[axis] == 1] for sizes in each] == [[axis] for axis in axes]
    for sizes in each:
        assert len(set(sizes.values())) == len(axes)
    inputs = [tuple(sizes[axis] for axis in axes if axis in (*FRONT, "a")) for sizes in small(axes)]
    assert len(set(inputs)) == len(inputs) or "a" not in axes


def test_of_the_orders_of_sizes_the_first_is_taken_that_tells_slips_apart() -> None:
    axes = ("N", "T", "a", "b", "c")
    numbers = [[4, 6, 5, 8, 9, 10, 12, 13], [3, 4, 7, 6, 8, 9, 10, 12]]
    for row, (n_seqs, n_steps) in enumerate([(3, 7), (5, 11)]):
        for at, number in enumerate(numbers[row]):
            wanted = [numbers[row][(at + k) % 8] for k in range(3)]
            found = chosen(axes, lambda sizes, number=number: sizes["a"] == number)[row]
            assert list(found.values()) == [n_seqs, n_steps, *wanted]
        first = chosen(axes, lambda _: True)[row]
        assert chosen(axes, lambda _: False)[row] == first


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"T": 3, "a": 4}, None),
        ({"T": 2, "a": 64}, None),
        ({"T": 1, "a": 4}, "different numbers from 2 to 64"),
        ({"T": 65, "a": 4}, "different numbers from 2 to 64"),
        ({"T": 4, "a": 4}, "different numbers from 2 to 64"),
        ({"T": 3}, r"sizes\[1\].a is missing"),
        ({"T": 3, "a": 4, "q": 5}, r"sizes\[1\].q is unknown; they are T, a"),
    ],
)
def test_sizes_of_an_author_are_all_there_and_differ(given: dict[str, int], words: str | None) -> None:
    every = [{"T": 5, "a": 6}, given]
    if words is None:
        check_sizes(every, ("T", "a"))
    else:
        with pytest.raises(ValueError, match=words):
            check_sizes(every, ("T", "a"))
