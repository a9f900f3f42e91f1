"""What is known of a question whose key stays with the course: what to hand in."""

from __future__ import annotations

from grader.model.control import Control, WordsControl
from grader.model.kind import Asks, Params
from grader.model.run import Call


class WithheldParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `withheld`, which `rnngrade author release` writes.

    Args:
        fields: What is asked for.
        optional: What may be handed in besides.
        parts: Keys inside the only field.
        function: In place of fields the name of a function.
    """

    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    function: str | None = None

    def __post_init__(self) -> None:
        if bool(self.function) is bool(self.fields or self.optional):
            raise ValueError("give either fields or a function")


def asks(params: WithheldParams) -> Asks:
    """The fields or the function."""
    return Asks(
        fields=params.fields,
        optional=params.optional,
        undescribed=params.optional,
        function=params.function,
        parts=params.parts,
    )


def controls(params: WithheldParams) -> dict[str, Control]:
    """Words: of what is right nothing is known."""
    return dict.fromkeys((*params.fields, *params.optional), WordsControl())


def probes(params: WithheldParams) -> tuple[Call, ...]:
    """One call without arguments: whether there is such a function; what comes of it does not count."""
    return (Call(question="", function=()),) if params.function else ()
