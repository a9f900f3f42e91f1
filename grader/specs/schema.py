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
DRAWN = "Drawn"
A_DRAWN_VALUE = {
    "type": "string",
    "pattern": r"^\{[A-Za-z_]\w*(\.[A-Za-z_][\w-]*|\[ ?\d+( ?, ?\d+)* ?\])*\}$",
    "description": "The value of a name that [variants] declares.",
}
SAME_FOR_ALL = frozenset({"Limits", "PictureTable", "VariantsTable", "DrawTable", "OptionTable"})


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
    for name in definitions.keys() - SAME_FOR_ALL - {_name(whole)}:
        definitions[name] = _with_drawn(definitions[name])
    definitions[DRAWN] = A_DRAWN_VALUE
    of_kind = dict(zip(kinds.names, map(_name, params), strict=True))
    for kind, name in of_kind.items():
        one = definitions[name]
        one["properties"] = {"kind": {"const": kind}, **one["properties"]}
        one["required"] = ["kind", *one.get("required", [])]
    check = {"oneOf": [{"$ref": REFERENCE.format(name=name)} for name in of_kind.values()]}
    definitions[_name(question)]["properties"]["check"] = check
    schema: dict[str, Any] = _with_sorted_choices({**whole, "$defs": definitions})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _with_drawn(value: dict[str, Any]) -> dict[str, Any]:
    """The schema of a table, in which the name of a drawn value may stand for anything that is no text."""
    made = dict(value)
    if "properties" in made:
        made["properties"] = {key: _or_drawn(one) for key, one in made["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            made[key] = _or_drawn(made[key])
    if "prefixItems" in made:
        made["prefixItems"] = list(map(_or_drawn, made["prefixItems"]))
    if "anyOf" in made:
        made["anyOf"] = [one if _is_text(one) else _with_drawn(one) for one in made["anyOf"]]
    return made


def _or_drawn(value: dict[str, Any]) -> dict[str, Any]:
    choices = value.get("anyOf", [value])
    if any(_is_text(one) for one in choices) or not value:
        return _with_drawn(value)
    outer = {key: one for key, one in value.items() if key in ("default", "description")}
    inner = {key: one for key, one in value.items() if key not in outer}
    reference = {"$ref": REFERENCE.format(name=DRAWN)}
    if "anyOf" in inner:
        return {**outer, **_with_drawn({"anyOf": [*inner["anyOf"], reference]})}
    return {**outer, "anyOf": [_with_drawn(inner), reference]}


def _is_text(value: dict[str, Any]) -> bool:
    types = value.get("type", ())
    takes_text = types == "string" or "string" in types
    return (takes_text and "enum" not in value) or ("$ref" in value and value["$ref"].endswith(f"/{DRAWN}"))


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
