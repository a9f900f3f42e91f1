"""How messages about mistakes speak of variables, terms and functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.model.text import joined
from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.equations.tree import Node, Signal

# What a function is called where something goes through it.
NAMES = {
    "tanh": "tanh",
    "sigmoid": "the sigmoid",
    "relu": "ReLU",
    "softmax": "softmax",
    "step": "a step",
    "sign": "the sign",
    "exp": "exp",
    "softplus": "softplus",
    "hard tanh": "hard tanh",
    "hard sigmoid": "the hard sigmoid",
}
TERM, FACTOR = 1, 2


def variable(network: Network, name: str) -> str:
    """h(t), or y where there is one value for all steps."""
    one = network.by_name.get(name)
    return name if one is not None and one.is_static else f"{name}(t)"


def called(network: Network, name: str) -> str:
    """The input gate i(t): a variable with what the author calls it."""
    return (
        f"{network.words[name]} {variable(network, name)}"
        if name in network.words
        else variable(network, name)
    )


def listed(items: Iterable[str]) -> str:
    """Names in a sentence, each once: "A, b and c"."""
    return joined(dict.fromkeys(items))


def where(network: Network, equations: Sequence[str]) -> str:
    """The variables in whose equations something stands."""
    names = list(dict.fromkeys(equations))
    return called(network, names[0]) if len(names) == 1 else listed(variable(network, name) for name in names)


def capital(text: str) -> str:
    """A sentence that starts with a word of the author's starts with a capital; a symbol stays as it is."""
    return text[0].upper() + text[1:] if text.startswith(("the ", "a ", "an ")) else text


def whole(node: Node) -> str:
    """An equation or a part of one that stands by itself: 1 - z(t)."""
    return written(node)


def term(node: Node) -> str:
    """W^T h(t-1), in brackets where a term needs them."""
    return written(node, TERM)


def factor(node: Node) -> str:
    """(1 - z(t)), in brackets where a factor needs them."""
    return written(node, FACTOR)


def at(name: str, lag: int) -> str:
    """h(t-1)."""
    return written(Signal(name, lag))


def slug(text: str) -> str:
    """A part of an id: wt-h-t-1 for W^T h(t-1)."""
    letters = "".join(
        letter if letter.isalnum() or letter == "_" else "-" for letter in text.replace("^T", "t")
    )
    return "-".join(part for part in letters.split("-") if part).lower()
