"""What gradients are called, by what they are gradients of: in backward equations, and by people.

Of a variable h, `e_h` is its error, which the loss alone sends to it; `d_h` the gradient at its value, with
what comes back from elsewhere; `dz_h` the gradient at the sum inside its activation; `back_h` what goes back
to it at the step before. Of a parameter W, `dW` is the gradient. People write dw, dL_dw, ∂L/∂w, ∂w, grad_w
and w_grad.
"""

from __future__ import annotations

import re

ERROR, AT_VALUE, AT_SUM, SENT_BACK = "e_", "d_", "dz_", "back_"
"""How the names begin."""

ON_THE_WAY = (AT_VALUE, AT_SUM, SENT_BACK)
"""The beginnings of names between the errors and the gradients of parameters."""


# What people write: of a loss, a cost or an error, whatever its letter.
BY = re.compile(r"d(?:L|J|E|C|[Ll]oss|[Cc]ost|[Ee]rror)_?/?d_?(\w{1,30})")
GRADIENT = re.compile(r"grad(?:ient)?_?(?:of_)?(\w{1,30})|(\w{1,30}?)_?grad(?:ient)?")


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


def as_derivative(name: str) -> str:
    """A name in one of these spellings as dw; any other as it is.

    Args:
        name: As it was written.
    """
    plain = name.strip().replace("∂", "d").replace("∇", "grad_").replace(" ", "")
    if found := BY.fullmatch(plain):
        return f"d{found[1]}"
    if found := GRADIENT.fullmatch(plain):
        return f"d{found[1] or found[2]}"
    return plain
