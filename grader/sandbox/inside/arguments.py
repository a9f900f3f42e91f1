"""From plain values to what a student's function is called with; fresh objects every time."""

import base64
from typing import Any

import numpy as np

Plain = dict[str, Any]


def argument(value: Plain) -> Any:
    """A new Python object for a plain value."""
    return MAKERS[value["t"]](value)


def array(value: Plain) -> Any:
    """A writable array of its own."""
    raw = base64.b64decode(value["data"])
    return np.frombuffer(raw, dtype=np.dtype(value["dtype"])).reshape(value["shape"]).copy()


def number(value: Plain) -> int | float | complex:
    """An int, float or complex; a rational becomes a float."""
    kind, text = value["kind"], value["text"]
    if kind == "int":
        return int(text)
    if kind == "complex":
        return complex(text)
    if kind == "rational":
        top, bottom = text.split("/")
        return int(top) / int(bottom)
    return float(text)


MAKERS: dict[str, Any] = {
    "none": lambda value: None,
    "flag": lambda value: value["value"],
    "text": lambda value: value["text"],
    "number": number,
    "array": array,
    "items": lambda value: [argument(item) for item in value["items"]],
    "fields": lambda value: {name: argument(item) for name, item in value["fields"].items()},
    "generator": lambda value: np.random.default_rng(value["seed"]),
}
