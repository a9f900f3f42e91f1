"""The letters of a design question: the values that the inputs may take together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from grader.answers.numbers import read_number
from grader.errors import Unreadable
from grader.model.value import Text
from grader.networks.equations.network import Network

Letter: TypeAlias = dict[str, Any]
"""For each input a number, or a vector as a tuple."""

MAX_LETTERS = 64


def read_alphabet(
    network: Network, alphabet: Mapping[str, Sequence[Any]], sizes: dict[str, int]
) -> tuple[Letter, ...]:
    """The letters, in the form that the network's inputs have.

    Args:
        network: Says which inputs there are, and what is a number.
        alphabet: As the exercise file has it.
        sizes: The sizes that are known; those of the inputs are added.

    Raises:
        ValueError: If it does not fit the network.
    """
    if set(alphabet) != set(network.inputs):
        wanted = ", ".join(network.inputs)
        raise ValueError(f"alphabet: found {', '.join(alphabet) or 'nothing'}, wanted the inputs {wanted}")
    count, *others = {len(values) for values in alphabet.values()} or {0}
    if others or not 1 <= count <= MAX_LETTERS:
        raise ValueError(f"alphabet: wanted 1 to {MAX_LETTERS} values, as many for each input")
    letters: list[Letter] = [{} for _ in range(count)]
    for name, values in alphabet.items():
        shape = network.inputs[name]
        for letter, value in zip(letters, values, strict=True):
            letter[name] = _entry(value, shape, sizes, f"alphabet: {name}")
    if len({str(letter) for letter in letters}) < len(letters):
        raise ValueError("alphabet: a letter stands there twice")
    return tuple(letters)


def _entry(value: Any, shape: Sequence[Any], sizes: dict[str, int], key: str) -> Any:
    numbers = tuple(exact(one, key) for one in (value if isinstance(value, list | tuple) else (value,)))
    if not shape:
        if len(numbers) != 1:
            raise ValueError(f"{key}: found {len(numbers)} numbers, wanted one")
        return numbers[0]
    size = shape[0]
    if not size.names <= set(sizes):
        if len(size.form) != 1 or size.form[0][1] != 1:
            raise ValueError(f"{key}: the size {size} does not follow; give it under sizes")
        sizes[size.form[0][0]] = len(numbers)
    if size.at(sizes) != len(numbers):
        raise ValueError(f"{key}: found {len(numbers)} numbers, wanted {size.at(sizes)}")
    return numbers


def exact(value: Any, key: str) -> Fraction:
    """An exact number of an exercise file: 1, 0.5 or "1/3".

    Raises:
        ValueError: If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{key}: found {value!r}, wanted a number")
    try:
        return read_number(Text(str(value)), key).value
    except Unreadable as unreadable:
        raise ValueError(str(unreadable)) from None
