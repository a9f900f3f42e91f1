"""Weights as a student would write them, turned into what a judge is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.model.value import Formula, Items, Number, Text, Value


def to_plain(thing: Any) -> Value:
    match thing:
        case Formula() | Number():
            return thing
        case np.ndarray():
            return from_numpy(thing)
        case list() | tuple():
            return Items(tuple(map(to_plain, thing)))
        case str():
            return Text(thing)
        case Fraction():
            return Number(str(thing), "rational")
        case float():
            return Number(repr(thing), "float")
    return Number(str(thing), "int")


@pytest.fixture(scope="session")
def plain_fields() -> Callable[[Mapping[str, Any]], dict[str, Value]]:
    return lambda weights: {name: to_plain(weight) for name, weight in weights.items()}
