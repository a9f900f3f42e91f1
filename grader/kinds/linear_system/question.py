"""What is asked: the weights of a linear network."""

from __future__ import annotations

from typing import Literal

from grader.linear.arrangement import START
from grader.linear.question import LinearParams, needed_states
from grader.model.control import Control, NumbersControl
from grader.model.kind import Asks


class LinearSystemParams(LinearParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `linear_system`.

    Args:
        initial_state: "answer" if s0 is part of the answer, "zero" if the network starts from zero and s0
            is not asked.
    """

    initial_state: Literal["answer", "zero"] = "answer"

    def __post_init__(self) -> None:
        super().__post_init__()
        needed = needed_states(self)
        if self.state_size is not None and self.state_size < needed:
            raise ValueError(
                f"state_size is {self.state_size}, but a network of this structure needs at least {needed} "
                "states to output the target; ask whether it is possible with kind 'feasibility'"
            )

    @property
    def starts_at_zero(self) -> bool:
        """Whether s0 = 0 is fixed and not part of the answer."""
        return self.initial_state == "zero" or super().starts_at_zero


def asks(params: LinearSystemParams) -> Asks:
    """The weights of the structure; s0 only where it is part of the answer."""
    names = params.weight_names
    return Asks(fields=tuple(name for name in names if name != START or not params.starts_at_zero))


def controls(params: LinearSystemParams) -> dict[str, Control]:
    """Numbers or formulas, in an arrangement that is part of the answer."""
    return dict.fromkeys(params.weight_names, NumbersControl(takes_formulas=True))
