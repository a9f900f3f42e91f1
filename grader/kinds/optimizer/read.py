"""What a step of an optimiser did, from what it returned and what became of its arguments."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from grader.answers.arrays import from_numpy, to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.kinds.optimizer.match import Moment, split
from grader.model.value import Array, Fields, Items, Nothing, Value
from grader.training.task import FloatArray
from reference.adam import AdamState
from reference.bptt import Parameters

Shapes: TypeAlias = tuple[tuple[int, ...], ...]
Form: TypeAlias = Literal["dict", "list", "array"]
FORMS: tuple[Form, ...] = ("dict", "list", "array")
NAMES = Parameters._fields


class After(NamedTuple):
    """The state after a step, flat, and whether the arguments were changed in place to get it."""

    state: AdamState
    is_in_place: bool


def handed(flat: FloatArray, form: Form, shapes: Shapes) -> Value:
    """The arrays as they are handed to the function."""
    if form == "array":
        return from_numpy(flat)
    arrays = {name: from_numpy(array) for name, array in split(flat, shapes)._asdict().items()}
    return Fields(dict(arrays)) if form == "dict" else Items(tuple(arrays.values()))


def read_after(value: Value, moment: Moment, form: Form, where: str) -> After:
    """The state after the step.

    Args:
        value: Items of what was returned and the five arguments after the call.
        moment: The step.
        form: How the arrays were handed over.
        where: The function's name, for messages.

    Raises:
        Unreadable: If it is not what such a function gives back.
    """
    assert isinstance(value, Items)
    returned, params, _, m, v, _ = value.items
    shapes = moment.shapes
    in_place = AdamState(*(_flat(one, shapes, where) for one in (params, m, v)))
    match returned:
        case Nothing():
            if all(np.array_equal(a, b) for a, b in zip(in_place, moment.state, strict=True)):
                hint = "return (params, m, v), or change the arrays in place with -= and [...] ="
                raise Unreadable("it returns None and changes nothing", hint, where, "no-effect")
            return After(in_place, is_in_place=True)
        case Fields(fields=fields) if {"params", "m", "v"} <= set(fields):
            given = (fields["params"], fields["m"], fields["v"])
            return After(AdamState(*(_flat(one, shapes, where) for one in given)), is_in_place=False)
        case Items(items=items) if len(items) >= 3 and all(_is_state(one, form, shapes) for one in items[:3]):
            return After(AdamState(*(_flat(one, shapes, where) for one in items[:3])), is_in_place=False)
    if _is_state(returned, form, shapes):
        return After(in_place._replace(theta=_flat(returned, shapes, where)), is_in_place=False)
    lost = _lost(returned) if form == "dict" else ""
    found = f"a dict that it returns has no {lost}" if lost else f"it returns {describe(returned)}"
    raise Unreadable(found, "return (params, m, v)", where, "not-a-state")


def _lost(returned: Value) -> str:
    """Names that are absent from the dicts that came back; empty where these are no dicts of arrays."""
    dicts = returned.items if isinstance(returned, Items) else (returned,)
    lost = {
        name
        for one in dicts
        if isinstance(one, Fields) and set(NAMES) & set(one.fields)
        for name in set(NAMES) - set(one.fields)
    }
    return ", ".join(name for name in NAMES if name in lost)


def _is_state(value: Value, form: Form, shapes: Shapes) -> bool:
    match value:
        case Fields(fields=fields):
            return form == "dict" and set(NAMES) <= set(fields)
        case Items(items=items):
            return form == "list" and len(items) == len(NAMES)
        case Array(shape=shape):
            return form == "array" and shape == (sum(math.prod(one) for one in shapes),)
    return False


def _flat(value: Value, shapes: Shapes, where: str) -> FloatArray:
    match value:
        case Fields(fields=fields):
            arrays = [(name, fields[name]) for name in NAMES if name in fields]
        case Items(items=items):
            arrays = list(zip(NAMES, items, strict=False))
        case _:
            flat, size = to_numpy(value, where).ravel(), sum(map(math.prod, shapes))
            if flat.size != size:
                text = f"an array comes back with {flat.size} numbers, it went in with {size}"
                raise Unreadable(text, "each is stepped by itself, entry by entry", where, "shape")
            return flat
    if len(arrays) != len(NAMES):
        raise Unreadable(
            "not all five arrays come back", f"wanted {', '.join(NAMES)}", where, "missing-weight"
        )
    return np.concatenate(
        [_shaped(array, shape, name) for (name, array), shape in zip(arrays, shapes, strict=True)]
    )


def _shaped(value: Value, shape: tuple[int, ...], name: str) -> FloatArray:
    array = to_numpy(value, name)
    if array.shape != shape:
        text = f"it comes back with shape {array.shape}, it went in with shape {shape}"
        raise Unreadable(text, "each array is stepped by itself, entry by entry", name, "shape")
    return array.ravel()
