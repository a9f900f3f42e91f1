"""Which names a formula may use, in the spellings that students give them."""

from __future__ import annotations

import difflib
import functools
import re

import msgspec

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "φ": "phi", "ϕ": "phi", "ψ": "psi", "ω": "omega", "Δ": "Delta", "∂": "partial",
}  # fmt: skip
FUNCTION_NAMES = {
    "tanh": "tanh", "sigmoid": "sigmoid", "sigma": "sigmoid", "expit": "sigmoid", "logistic": "sigmoid",
    "exp": "exp", "log": "log", "ln": "log", "sqrt": "sqrt", "cosh": "cosh", "sinh": "sinh", "sech": "sech",
    "abs": "abs", "Abs": "abs",
}  # fmt: skip
EULER = ("e", "E")
INDEXED = re.compile(r"(.*?[^\W\d])(\d+)")


class Names(msgspec.Struct, frozen=True):
    """The symbols of a question.

    Args:
        symbols: As they are declared.
        aliases: Pairs of another spelling and the symbol that it stands for.
    """

    symbols: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()

    def symbol(self, written: str) -> str | None:
        """The symbol that a spelling stands for: x1, x_1, x_{1} or x₁; None if there is none."""
        exact, loose = _tables(self)
        plain = plain_name(written)
        return exact.get(plain) or loose.get(plain.lower())

    def indexed(self, written: str, index: str) -> str | None:
        """The symbol of x[1] or x(1), where x is no symbol itself."""
        return None if self.symbol(written) else self.symbol(f"{written}{index}")

    def function(self, written: str) -> str | None:
        """The function of that name; None if there is none, or a symbol has the name."""
        return None if self.symbol(written) else FUNCTION_NAMES.get(plain_name(written).lower())

    def is_euler(self, written: str) -> bool:
        """Whether the name is the number e."""
        return written in EULER and self.symbol(written) is None

    def suggestion(self, written: str) -> str:
        """What an unknown name may have been meant to be, as the end of a sentence."""
        plain = plain_name(written)
        known = [*self.symbols, *(alias for alias, _ in self.aliases)]
        for name in FUNCTION_NAMES:
            if len(name) > 2 and plain.startswith(name) and self.symbol(plain[len(name) :]):
                return f"did you mean {name}({plain[len(name) :]})?"
        parts = _cut(plain, known)
        if parts and len(parts) > 1:
            return f"did you mean {'*'.join(parts)}?"
        if index := INDEXED.fullmatch(plain):
            others = [name for name in known if plain_name(name).startswith(index[1])]
            if others:
                return f"the symbols are {', '.join(self.symbols)}"
        # One letter is a symbol of another name, not half of ln.
        functions = FUNCTION_NAMES if len(plain) > 1 else ()
        near = difflib.get_close_matches(plain.lower(), [*known, *functions], n=1, cutoff=0.7)
        if near:
            return f"did you mean {near[0]}?"
        return f"the symbols are {', '.join(self.symbols)}" if self.symbols else "a number is wanted"


def is_function_name(written: str) -> bool:
    """Whether a function is called so, where no symbol is."""
    return plain_name(written).lower() in FUNCTION_NAMES


def plain_name(written: str) -> str:
    """A name without underscores and braces, Greek letters spelled out."""
    return "".join(GREEK.get(letter, letter) for letter in written if letter not in "_(){},")


@functools.lru_cache(maxsize=256)
def _tables(names: Names) -> tuple[dict[str, str], dict[str, str]]:
    """Symbols by their plain spelling, and by that in lower case where only one symbol has it."""
    exact = {plain_name(name): name for name in names.symbols}
    exact |= {plain_name(alias): name for alias, name in names.aliases}
    loose: dict[str, set[str]] = {}
    for spelling, name in exact.items():
        loose.setdefault(spelling.lower(), set()).add(name)
    return exact, {spelling: next(iter(found)) for spelling, found in loose.items() if len(found) == 1}


def _cut(written: str, known: list[str]) -> list[str] | None:
    """The known names that a name is made of, one after the other: wx1 is w and x1; None if it is not."""
    pieces = {plain_name(name): name for name in known}
    cuts: list[list[str] | None] = [[], *[None] * len(written)]
    for end in range(1, len(written) + 1):
        for start in range(max(0, end - 12), end):
            before = cuts[start]
            if before is not None and written[start:end] in pieces and len(before) < 6:
                cuts[end] = [*before, pieces[written[start:end]]]
                break
    return cuts[-1]
