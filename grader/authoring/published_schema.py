"""A JSON Schema as it is published: the same whichever version of msgspec made it."""

from __future__ import annotations

import inspect
from typing import Any


def published(schema: Any) -> Any:
    """The same schema; some versions of msgspec keep the indentation that a docstring has in its source.

    Args:
        schema: A schema or a part of one, as JSON holds it.
    """
    if isinstance(schema, list):
        return [published(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: published(one) for key, one in schema.items()}
    if isinstance(made.get("description"), str):
        made["description"] = inspect.cleandoc(made["description"])
    return made
