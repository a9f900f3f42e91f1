"""Of which sizes a network function is tried on, and which an author may name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from grader.kinds.code.sizes import all_different, check_sizes, long, one_of_a_kind, smallest, square
from grader.networks.equations.declaration import NetworkTable, network_of

AXES = [(*front, *"abcde"[:n]) for front in ((), ("T",), ("N",), ("N", "T")) for n in range(1, 6)]


@pytest.mark.parametrize("axes", AXES)
def test_all_sizes_differ_twice_in_two_orders(axes: tuple[str, ...]) -> None:
    one, other = all_different(axes)
    for sizes in (one, other):
        assert tuple(sizes) == axes
        # The smallest numbers from 2 on, of which steps have the largest.
        assert sorted(sizes.values()) == list(range(2, 2 + len(axes)))
        assert sizes.get("T", 99) == max(sizes.values()) or "T" not in axes
    others = [axis for axis in axes if axis != "T"]
    assert [one[axis] for axis in others] == sorted(one[axis] for axis in others)
    assert [other[axis] for axis in others] == [one[axis] for axis in reversed(others)]


@pytest.mark.parametrize("axes", AXES)
def test_each_size_is_1_alone_where_the_others_are_small_and_not(axes: tuple[str, ...]) -> None:
    found = list(one_of_a_kind(axes))
    assert [[axis for axis in axes if sizes[axis] == 1] for sizes in found] == [[axis] for axis in axes]
    for alone, sizes in zip(axes, found, strict=True):
        assert tuple(sizes) == axes
        others = [sizes[axis] for axis in axes if axis not in (alone, "T")]
        assert others == [2, 3, 4, 2, 3, 4][: len(others)]
        assert sizes.get("T", 4) == (1 if alone == "T" else 4)


@pytest.mark.parametrize("axes", AXES)
def test_squares_are_equal_and_many_steps_are_thirty(axes: tuple[str, ...]) -> None:
    assert square(axes) == dict.fromkeys(axes, 3)
    found = long(axes)
    assert tuple(found) == axes
    for axis in axes:
        assert found[axis] == 30 if axis == "T" else 2 <= found[axis] <= 4


def network(equations: Sequence[str], **changed: Any) -> Any:
    table = {
        "inputs": {"x": "n_in"},
        "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "V": "n_out x n_h"},
        "equations": equations,
    }
    return network_of(msgspec.convert(table | changed, NetworkTable))


FED_BACK = network(["h(t) = tanh(U @ x(t) + W @ h(t-1))", "y(t) = V @ h(t)"])
BACKWARD = network(["h(t) = tanh(U @ x(t) + W @ h(t+1))", "y(t) = V @ h(t)"])
FORWARD = network(
    ["h(t) = tanh(U @ x(t))", "y(t) = V @ h(t)"], parameters={"U": "n_h x n_in", "V": "n_out x n_h"}
)
JORDAN = network(
    ["h(t) = tanh(U @ x(t) + W @ y(t-1))", "y(t) = V @ h(t)"],
    parameters={"U": "n_h x n_in", "W": "n_h x n_out", "V": "n_out x n_h"},
)


@pytest.mark.parametrize(
    ("net", "wide"),
    [(FED_BACK, {"n_h": 2}), (BACKWARD, {"n_h": 2}), (FORWARD, {}), (JORDAN, {"n_h": 2, "n_out": 2})],
)
@pytest.mark.parametrize("has_steps", [True, False])
def test_the_smallest_have_one_step_then_two_then_states_of_two(
    net: Any, wide: dict[str, int], has_steps: bool
) -> None:
    axes = (*(("T",) if has_steps else ()), "n_in", "n_h", "n_out")
    ones = dict.fromkeys(axes, 1)
    two = ones | ({"T": 2} if has_steps else {})
    wanted = [ones] + ([two] if has_steps else []) + ([two | wide] if wide else [])
    assert list(smallest(net, axes)) == wanted


ONE_STEP = {"T": 1, "a": 2}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([ONE_STEP], None),
        ([{"T": 1, "a": 1}, {"T": 3, "a": 2}], None),
        ([{"T": 1, "a": 50}], None),
        ([{"T": 1, "a": 51}], r"sizes\[0\].a is 51; wanted 1 to 50"),
        ([ONE_STEP, {"T": 3, "a": 0}], r"sizes\[1\].a is 0; wanted 1 to 50"),
        ([{"T": 1, "a": 1}, {"T": 2, "a": 2}], "at least one needs T and a all different"),
        ([{"T": 3, "a": 2}], "at least one needs T = 1"),
        ([{"T": 1}], r"sizes\[0\].a is missing"),
        ([ONE_STEP, {"T": 1, "a": 2, "b": 3}], r"sizes\[1\].b is unknown; they are T, a"),
    ],
)
def test_sizes_of_an_author_show_what_small_ones_hide(given: list[dict[str, int]], words: str | None) -> None:
    if words is None:
        check_sizes(given, ("T", "a"))
    else:
        with pytest.raises(ValueError, match=words):
            check_sizes(given, ("T", "a"))


def test_without_steps_none_has_to_be_one() -> None:
    check_sizes([{"a": 2, "b": 3}], ("a", "b"))
    check_sizes([{"a": 2}], ("a",))
    with pytest.raises(ValueError, match="needs a, b and c all different"):
        check_sizes([{"a": 2, "b": 3, "c": 2}], ("a", "b", "c"))
