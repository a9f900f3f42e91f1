"""What the gradients in backward equations are called, by what they are gradients of.

Of a variable h, `e_h` is its error, which the loss alone sends to it; `d_h` the gradient at its value, with
what comes back from elsewhere; `dz_h` the gradient at the sum inside its activation; `back_h` what goes back
to it at the step before. Of a parameter W, `dW` is the gradient.
"""

from __future__ import annotations

ERROR, AT_VALUE, AT_SUM, SENT_BACK = "e_", "d_", "dz_", "back_"
"""How the names begin."""

ON_THE_WAY = (AT_VALUE, AT_SUM, SENT_BACK)
"""The beginnings of names between the errors and the gradients of parameters."""


def error_at(variable: str) -> str:
    """What the loss alone sends to a variable."""
    return ERROR + variable


def gradient_at(variable: str) -> str:
    """The gradient at a variable's value."""
    return AT_VALUE + variable


def gradient_at_sum(variable: str) -> str:
    """The gradient at the sum inside a variable's activation."""
    return AT_SUM + variable


def sent_back_to(variable: str) -> str:
    """What goes back to a variable at the step before."""
    return SENT_BACK + variable


def gradient_of(parameter: str) -> str:
    """The gradient of a parameter."""
    return f"d{parameter}"


def variable_of(gradient: str) -> str:
    """The variable at which something on the way back stands."""
    start = next((one for one in (ERROR, *ON_THE_WAY) if gradient.startswith(one)), "")
    return gradient.removeprefix(start)
