"""Drafts that ask for code, with the network as a function in numpy, as a student might write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.authoring.draft import MOST_WRONG, PLACES, DraftExample, DraftQuestion, NotDrafted, equations_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.printing import written
from grader.networks.equations.sizes import Size
from grader.networks.equations.tree import (
    Function,
    Node,
    Over,
    Parameter,
    Signal,
    signals_of,
    transform,
    walk,
)
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import Mutant, apply

NUMPY = "import numpy as np\n"
OF_SEVERAL = "def {}(u, *others):\n    for v in others:\n        u = np.{}(u, v)\n    return u"
FUNCTIONS = {
    "sigmoid": "def sigmoid(u):\n    return 1 / (1 + np.exp(-u))",
    "relu": "def relu(u):\n    return np.maximum(u, 0)",
    "step": "def step(u):\n    return np.where(np.asarray(u) >= 0, 1.0, 0.0)",
    "softmax": "def softmax(u):\n    return np.exp(u - np.max(u)) / np.exp(u - np.max(u)).sum()",
    "softplus": "def softplus(u):\n    return np.log1p(np.exp(u))",
    "halftanh": "def halftanh(u):\n    return np.tanh(u / 2)",
    "stack": "def stack(*parts):\n    return np.concatenate([np.atleast_1d(part) for part in parts])",
    "part": "def part(u, k, n):\n    return np.split(u, n)[k - 1]",
    "max": OF_SEVERAL.format("max", "maximum"),
    "min": OF_SEVERAL.format("min", "minimum"),
    "mod": "mod = np.mod",
}
FROM_NUMPY = ("tanh", "exp", "log", "sqrt", "sign")
KNOWN = {*FUNCTIONS, *FROM_NUMPY, "abs"}


def code_draft(network: Network, name: str) -> DraftQuestion:
    """A function for one sequence of any length and sizes."""
    function, arguments = name, (*network.inputs, *network.start_arguments, *network.weights)
    call = f"{function}({', '.join(arguments)})"
    source = python_source(network, function, arguments)
    as_lists = source.rpartition("    return ")[0] + _listed_return(network)
    examples = [
        DraftExample("Step by step", source, True),
        DraftExample("Lists come back", as_lists, True),
    ]
    for mutant, text in _wrong_sources(network, function, arguments):
        if len(examples) < 2 + MOST_WRONG:
            examples.append(DraftExample(mutant.message.rstrip("."), text, mistake=mutant.id))
    taken = ", ".join(f"{one}: {_shape(network, one)}" for one in arguments)
    given = ", ".join(f"{one}: {_returned(network, one)}" for one in network.output)
    return DraftQuestion(
        id=f"{function}_code",
        points=4,
        prompt=f"{equations_of(network)}\nWrite this as a function {call} for one sequence of $T$ steps. "
        f"It takes {taken}. It returns {given}.",
        check={"kind": "code", "network": name, "function": function},
        signature=call,
        hints=("Write one step first; then put it into a loop, and keep what the next step needs.",),
        examples=examples,
    )


def _wrong_sources(
    network: Network, function: str, arguments: tuple[str, ...]
) -> Iterator[tuple[Mutant, str]]:
    kinds = set()
    for mutant in mutants(network, "as-code", PLACES):
        if mutant.kind in kinds:
            continue
        try:
            yield mutant, python_source(apply(network, mutant), function, arguments)
        except (NotDrafted, NetworkError):
            continue
        kinds.add(mutant.kind)


def _listed_return(network: Network) -> str:
    every = [
        f"[np.asarray({name}[t]).tolist() for t in range(1, T + 1)]"
        if not network.by_name[name].is_static
        else f"np.asarray({name}).tolist()"
        for name in network.output
    ]
    return f"    return {', '.join(every)}"


def _shape(network: Network, name: str) -> str:
    if name in network.inputs:
        sizes = network.inputs[name]
        return f"(T, {sizes[0]})" if sizes else "(T,)"
    shape = network.parameters[name]
    return "a number" if not shape else f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _returned(network: Network, name: str) -> str:
    shape = network.shapes[name]
    if network.by_name[name].is_static:
        return f"({shape[0]},)" if shape else "a number"
    return f"(T, {shape[0]})" if shape else "(T,)"


def python_source(network: Network, function: str, arguments: tuple[str, ...]) -> str:
    """The source of a function over one sequence.

    Args:
        network: What it computes; its output comes back, one after the other.
        function: Its name.
        arguments: Their names, in order; inputs are (T, n), parameters as declared.

    Raises:
        NotDrafted: If a mutant has put something into it that people do not write like that.
    """
    used = {
        one.name for eq in network.equations for _, one in walk(eq.right_side) if isinstance(one, Function)
    }
    if unknown := used - KNOWN:
        raise NotDrafted(min(unknown))
    lines = [NUMPY, *(f"{name} = np.{name}\n" for name in FROM_NUMPY if name in used)]
    lines += [f"{text}\n" for name, text in FUNCTIONS.items() if name in used]
    body = "\n".join(f"    {line}" if line else "" for line in _body(network))
    return "\n".join([*lines, f"def {function}({', '.join(arguments)}):", body])


def _body(network: Network) -> Iterator[str]:
    first = next(iter(network.inputs), None)
    if first is None:
        raise NotDrafted("no input")
    yield f"T = len({first})"
    for name in network.inputs:
        back, ahead = _reach(network, name)
        yield f"{name} = dict(enumerate({name}, 1))"
        for step in (*range(1 - back, 1), *(f"T + {k}" for k in range(1, ahead + 1))):
            yield f"{name}[{step}] = 0 * {name}[1]"
    for equation in network.equations:
        if not equation.is_static:
            yield f"{equation.name} = {{}}"
    for group in network.groups:
        own = [network.by_name[name] for name in group.names]
        if group.kind == "static":
            yield from (f"{one.name} = {_right_side(one, network)}" for one in own)
            continue
        for one in own:
            yield from _starts(one, network)
        yield "for t in range(T, 0, -1):" if group.kind == "backward" else "for t in range(1, T + 1):"
        yield from (f"    {one.name}[t] = {_right_side(one, network)}" for one in own)
    returned = [
        name if network.by_name[name].is_static else f"np.array([{name}[t] for t in range(1, T + 1)])"
        for name in network.output
    ]
    yield f"return {', '.join(returned)}"


def _starts(equation: Equation, network: Network) -> Iterator[str]:
    name = equation.name
    back, ahead = _reach(network, name)
    steps = (*range(1 - back, 1), *(f"T + {k}" for k in range(1, ahead + 1)))
    if not steps:
        return
    shape = network.shapes[name]
    zero = f"np.zeros({_length(shape[0], network)})" if shape else "0.0"
    start = network.start.get(name)
    value = zero if start is None else _text(start, network)
    whole = value if start is None or not shape else f"{zero} + {value}"
    yield from (f"{name}[{step}] = {whole}" for step in steps)


def _reach(network: Network, name: str) -> tuple[int, int]:
    lags = [one.lag for eq in network.equations for one in signals_of(eq.right_side) if one.name == name]
    return max([0, *lags]), max([0, *(-lag for lag in lags)])


def _length(size: Size, network: Network) -> str:
    """A size in terms of an array that has it."""
    terms = []
    for name, times in size.form:
        if not name:
            terms.append(str(times))
            continue
        place = _place(name, network)
        terms.append(place if times == 1 else f"{times} * ({place})")
    return " + ".join(terms)


def _place(name: str, network: Network) -> str:
    """The axis of a parameter that has a size, or a multiple of it."""
    axes = [
        (parameter, axis, one)
        for parameter, shape in network.weights.items()
        for axis, one in enumerate(shape)
        if one.names == {name} and len(one.form) == 1
    ]
    if not axes:
        raise NotDrafted(f"no array is as long as {name}")
    parameter, axis, size = min(axes, key=lambda found: found[2].form[0][1])
    times = size.form[0][1]
    return f"{parameter}.shape[{axis}]" + (f" // {times}" if times > 1 else "")


def _right_side(equation: Equation, network: Network) -> str:
    return _text(equation.right_side, network)


def _text(node: Node, network: Network) -> str:
    over: dict[str, str] = {}

    def placed(one: Node) -> Node:
        match one:
            case Signal(edge=edge, pick=pick) if edge or pick:
                raise NotDrafted("a mutant's signal")
            case Over(how, arg):
                key = f"over{len(over)}_"
                over[key] = _over(how, _text(arg, network))
                return Parameter(key)
        return one

    text = written(transform(node, placed), style="python")
    names = "|".join(map(re.escape, (*network.inputs, *network.by_name)))
    text = re.sub(rf"\b({names})\((t|T|\d+)(?:([-+])(\d+))?\)", _indexed, text)
    for key, value in over.items():
        text = text.replace(key, value)
    return text


def _indexed(found: re.Match[str]) -> str:
    name, step, sign, number = found.groups()
    return f"{name}[{step}]" if sign is None else f"{name}[{step} {sign} {number}]"


def _over(how: str, text: str) -> str:
    every = f"[{text} for t in range(1, T + 1)]"
    match how:
        case "mean" | "sum":
            return f"np.{how}({every}, axis=0)"
        case "first" | "last":
            return f"{every}[{0 if how == 'first' else -1}]"
    raise NotDrafted(how)
