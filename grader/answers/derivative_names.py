"""What people call the derivative of a loss by w: dw, dL_dw, ∂L/∂w, ∂w, grad_w, w_grad."""

from __future__ import annotations

import re

# Of a loss, a cost or an error, whatever its letter.
BY = re.compile(r"d(?:L|J|E|C|[Ll]oss|[Cc]ost|[Ee]rror)_?/?d_?(\w{1,30})")
GRADIENT = re.compile(r"grad(?:ient)?_?(?:of_)?(\w{1,30})|(\w{1,30}?)_?grad(?:ient)?")


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
