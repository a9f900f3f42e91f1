"""The JSON Schema of an exercise file, made from its types, for editors that complete it."""

from __future__ import annotations

import functools
import json
import types
from fractions import Fraction
from typing import Any, Union, get_args, get_origin

import msgspec

from grader.networks.equations.declaration import NetworkTable
from grader.specs.question import Kinds, WrittenExercise, WrittenQuestion

REFERENCE = "#/$defs/{name}"


def exercise_schema(kinds: Kinds) -> dict[str, Any]:
    """The schema; each kind has its own keys in `[question.check]`.

    Args:
        kinds: Which kinds of question there are.
    """
    of_kinds: list[type[msgspec.Struct]] = [kinds.find(name).params for name in kinds.names]
    structs = [WrittenExercise, WrittenQuestion, *map(_writable, of_kinds)]
    (whole, question, *params), definitions = msgspec.json.schema_components(
        structs, schema_hook=_other, ref_template=REFERENCE
    )
    of_kind = dict(zip(kinds.names, map(_name, params), strict=True))
    for kind, name in of_kind.items():
        one = definitions[name]
        one["properties"] = {"kind": {"const": kind}, **one["properties"]}
        one["required"] = ["kind", *one.get("required", [])]
    check = {"oneOf": [{"$ref": REFERENCE.format(name=name)} for name in of_kind.values()]}
    definitions[_name(question)]["properties"]["check"] = check
    schema: dict[str, Any] = _with_sorted_choices({**whole, "$defs": definitions})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _with_sorted_choices(value: Any) -> Any:
    """The same schema; in which order choices stand depends on the version of msgspec."""
    if isinstance(value, list):
        return [_with_sorted_choices(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {key: _with_sorted_choices(one) for key, one in value.items()}
    if isinstance(made.get("anyOf"), list):
        made["anyOf"] = sorted(made["anyOf"], key=lambda one: json.dumps(one, sort_keys=True))
    return made


@functools.cache
def _writable(struct: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The same type with defaults that JSON can hold, also in what is inside it."""
    fields = [
        (one.encode_name, _with_writable(one.type), _default(one)) for one in msgspec.structs.fields(struct)
    ]
    is_closed = struct.__struct_config__.forbid_unknown_fields
    made = msgspec.defstruct(struct.__name__, fields, kw_only=True, forbid_unknown_fields=is_closed)
    made.__doc__ = struct.__doc__
    return made


def _with_writable(annotation: Any) -> Any:
    if annotation is NetworkTable:
        return str | _writable(annotation)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return _writable(annotation)
    origin, inner = get_origin(annotation), tuple(map(_with_writable, get_args(annotation)))
    if origin in (tuple, list, dict):
        return origin[inner]
    return Union[inner] if origin in (Union, types.UnionType) else annotation  # noqa: UP007 - made at run time


def _default(one: msgspec.structs.FieldInfo) -> Any:
    if one.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=one.default_factory)
    if one.default is msgspec.NODEFAULT:
        return msgspec.field()
    return msgspec.field(default=msgspec.to_builtins(one.default, enc_hook=str))


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _other(annotation: type) -> dict[str, Any]:
    if annotation is Fraction:
        return {"type": ["number", "string"], "description": 'An exact number: 1, 0.5 or "1/3".'}
    raise NotImplementedError(annotation)
