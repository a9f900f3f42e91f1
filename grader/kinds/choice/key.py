"""The key of a choice: which options are right, and why others are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.kinds.choice.question import ChoiceParams
from grader.model.kind import Key

HIDDEN = ("right", "pairs", "why")


def written(params: ChoiceParams) -> Iterator[Key]:
    """What is right, and what reasons tell of it.

    Args:
        params: The question.
    """
    if params.style == "matching":
        yield Key(place="pairs", what="the option of each item")
    else:
        yield Key(place="right", what="the right option" if params.style == "one" else "what is right")
    for id in params.why:
        yield Key(place=f"why.{id}", what="why it is not so")


def without(check: Mapping[str, Any], params: ChoiceParams) -> dict[str, Any]:
    """The check with a blank key: always the first option, none, or all as they are shown.

    Args:
        check: The table.
        params: The same, decoded.
    """
    kept = {key: value for key, value in check.items() if key not in HIDDEN}
    options = list(params.options)
    match params.style:
        case "one":
            return {**kept, "right": options[:1]}
        case "ordering":
            return {**kept, "right": options}
        case "matching":
            return {**kept, "pairs": dict.fromkeys(params.items, options[0])}
    return kept
