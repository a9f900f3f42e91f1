"""A list that is kept packed is the same list."""

import tracemalloc

import pytest

from grader.model.submission import SubmittedFiles
from grader.submissions.packed import IN_PART, Packed

NUMBERS = range(2 * IN_PART + 3)


@pytest.mark.parametrize("count", [0, 1, IN_PART, IN_PART + 1])
def test_length_and_order_are_those_of_what_it_was_made_of(count):
    assert list(Packed(iter(range(count)))) == list(range(count))
    assert len(Packed(range(count))) == count
    assert bool(Packed(range(count))) is (count > 0)


@pytest.mark.parametrize("at", [0, -1, IN_PART - 1, IN_PART, 2 * IN_PART, -2 * IN_PART])
def test_an_item_is_where_a_list_has_it(at):
    assert Packed(NUMBERS)[at] == NUMBERS[at]


@pytest.mark.parametrize("at", [len(NUMBERS), -len(NUMBERS) - 1])
def test_there_is_no_item_outside(at):
    with pytest.raises(IndexError):
        Packed(NUMBERS)[at]


@pytest.mark.parametrize(
    "at", [slice(3), slice(IN_PART - 1, IN_PART + 1), slice(None, None, -7), slice(-3, None), slice(9, 2)]
)
def test_a_slice_is_that_of_a_list(at):
    assert Packed(NUMBERS)[at] == list(NUMBERS[at])


def test_paths_that_are_no_text_stay_as_they_are():
    one = SubmittedFiles(student="ada", paths=("\udcff/answer.py",), is_late=False, members=("ada", "bela"))
    assert list(Packed([one])) == [one]


def test_a_large_class_takes_some_bytes_for_each():
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        names = (f"student{number:06}" for number in range(20_000))
        kept = Packed(SubmittedFiles(student=name, paths=(f"{name}.json",)) for name in names)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / len(kept) < 30
