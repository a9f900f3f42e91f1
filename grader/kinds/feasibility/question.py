"""What is asked: whether a linear network can do it, and what shows that."""

from __future__ import annotations

from fractions import Fraction

from grader.linear.arrangement import arrangement
from grader.linear.question import LinearParams, needed_states
from grader.model.control import Control, Line, NumbersControl, WordsControl, YesNo
from grader.model.kind import Asks

REASONS = ("certificate", "required_rank", "max_rank", "state_size")


class FeasibilityParams(LinearParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `feasibility`.

    Args:
        flag_credit: Share of the points for the bare yes or no.
    """

    flag_credit: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not arrangement(self.form).is_free:
            raise ValueError(
                "network: whether it is possible is computed where every entry of A, B, C and D is a weight"
                " of its own; ask for weights with kind 'linear_system'"
            )
        if not 0 <= self.flag_credit <= 1:
            raise ValueError(f"flag_credit is {self.flag_credit}; it is a share from 0 to 1")

    @property
    def is_possible(self) -> bool:
        """Whether a network of the structure and size exists that does it."""
        return self.state_size is None or self.state_size >= needed_states(self)


def asks(params: FeasibilityParams) -> Asks:
    """Nothing is required by name: weights alone claim "yes", a certificate alone claims "no"."""
    if not params.is_possible:
        return Asks(optional=("possible", *REASONS, *params.weight_names, "reason"))
    size = ("state_size",) if params.state_size is None else ()
    return Asks(optional=("possible", *size, *params.weight_names, "reason"))


def controls(params: FeasibilityParams) -> dict[str, Control]:
    """Yes or no, and lines for numbers; a table for weights would tell their shapes."""
    weights = dict.fromkeys(params.weight_names, NumbersControl(takes_formulas=True))
    numbers = dict.fromkeys(("required_rank", "max_rank", "state_size"), Line())
    return {
        "possible": YesNo(),
        **weights,
        **numbers,
        "certificate": WordsControl(),
        "reason": WordsControl(),
    }
