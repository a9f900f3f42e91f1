"""Drafts that ask to run a network: by hand to so many decimals, and as code."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring.draft import DraftExample, DraftQuestion, NotDrafted
from grader.authoring.other_numbers import drawn
from grader.authoring.python_source import python_source
from grader.networks.counting.blocks import size_names
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.printing import latex_name, written
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import Mutant, apply
from grader.networks.running.compiled import compiled

N_STEPS = 3
PLACES = 2
UNITS = 2
DRAWS = 6
MOST_WRONG = 6
Values = Mapping[str, Any]


def trace_draft(network: Network, name: str) -> DraftQuestion:
    """The outputs for three steps by hand, with numbers that tell mistakes apart."""
    if not network.inputs:
        raise NotDrafted("it has no input")
    draws = [_drawn(network, seed) for seed in range(DRAWS)]
    known = list(_running(network, draws[0]))
    values = max(draws, key=lambda one: _different(network, known, one))
    right = _results(_runner(network), network.output, values)
    every = _results(_runner(network), tuple(network.by_name), values)
    examples = [
        DraftExample("Two decimal places", _answer(_rounded(right, PLACES)), True),
        DraftExample("All digits", _answer(_rounded(right, 12)), True),
        DraftExample("With all intermediate values", _answer(_rounded(every, PLACES + 2)), True),
    ]
    seen, kinds = {str(_rounded(right, PLACES))}, set[str]()
    for mutant, run in known:
        if mutant.kind in kinds:
            continue
        with np.errstate(all="ignore"):
            wrong = _rounded(_results(run, _handed_in(network, mutant), values, network.output), PLACES)
        if str(wrong) not in seen and len(seen) <= MOST_WRONG and _is_finite(wrong):
            seen.add(str(wrong))
            kinds.add(mutant.kind)
            examples.append(DraftExample(mutant.message.rstrip("."), _answer(wrong), mistake=mutant.id))
    asked = " and ".join(f"${written_left(one, network.by_name[one].is_static)}$" for one in network.output)
    return DraftQuestion(
        id="trace",
        points=4,
        prompt=f"{_equations(network)}\nWork out {asked} by hand for\n{_listed(values)}\n"
        f"Give {PLACES} decimal places, and keep two more on the way.",
        check={
            "kind": "trace",
            "network": name,
            "places": PLACES,
            "values": values,
            "asked": list(network.output),
        },
        fields={one.name: _described(network, one.name) for one in network.equations},
        hints=("Make a table with one row for each step, and a column for each variable.",),
        examples=examples,
    )


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
        prompt=f"{_equations(network)}\nWrite this as a function {call} for one sequence of $T$ steps. "
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


Run = Callable[[Values], Mapping[str, Any]]


def _runner(network: Network) -> Run:
    run = compiled(network)

    def results(values: Values) -> Mapping[str, Any]:
        inputs = {name: np.asarray(values[name], dtype=float).reshape(N_STEPS, -1) for name in network.inputs}
        others = {
            name: np.asarray(values[name], dtype=float) for name in network.parameters if name in values
        }
        found: Mapping[str, Any] = run(inputs, others)
        return found

    return results


def _drawn(network: Network, seed: int) -> dict[str, Any]:
    """Numbers of one decimal, none of them zero."""
    rng = np.random.default_rng(seed)
    sizes = dict.fromkeys(size_names(network), UNITS)

    def some(*shape: int) -> Any:
        return drawn(rng, shape)

    values = {
        name: some(N_STEPS, *(size.at(sizes) for size in shape)) for name, shape in network.inputs.items()
    }
    for name, shape in network.parameters.items():
        values[name] = some(*(size.at(sizes) for size in shape))
    return values


def _running(network: Network, values: Values) -> Iterator[tuple[Mutant, Run]]:
    """The mistakes that give something for these sizes."""
    for mutant in mutants(network, "by-hand", PLACES):
        run = _runner(apply(network, mutant))
        with contextlib.suppress(ValueError), np.errstate(all="ignore"):
            run(values)
            yield mutant, run


def _results(
    run: Run, names: tuple[str, ...], values: Values, called: tuple[str, ...] = ()
) -> dict[str, Any]:
    found = run(values)
    return {known: np.asarray(found[name]) for name, known in zip(names, called or names, strict=True)}


def _handed_in(network: Network, mutant: Mutant) -> tuple[str, ...]:
    return apply(network, mutant).output


def _different(network: Network, known: list[tuple[Mutant, Run]], values: Values) -> int:
    """How many different answers the mistakes give, to the asked places."""
    with np.errstate(all="ignore"):
        wrong = [
            _rounded(_results(run, _handed_in(network, mutant), values, network.output), PLACES)
            for mutant, run in known
        ]
    return len({str(one) for one in wrong})


def _rounded(found: Mapping[str, Any], places: int) -> dict[str, Any]:
    return {name: (np.round(value, places) + 0.0).tolist() for name, value in found.items()}


def _is_finite(found: Mapping[str, Any]) -> bool:
    return all(np.isfinite(np.asarray(one, dtype=float)).all() for one in found.values())


def _answer(found: Mapping[str, Any]) -> str:
    return "{id} = dict(\n" + "".join(f"    {name}={value},\n" for name, value in found.items()) + ")"


def _equations(network: Network) -> str:
    lines = [
        f"$${written_left(one.name, one.is_static)} = {written(one.right_side, style='latex')}$$"
        for one in network.equations
    ]
    return "\n".join(["A network computes, for the steps $t = 1, 2, \\dots$,", *lines])


def written_left(name: str, is_static: bool) -> str:
    """The left side of an equation, in LaTeX."""
    return latex_name(name) + ("" if is_static else "(t)")


def _listed(values: Values) -> str:
    return ",\n".join(f"`{name} = {value}`" for name, value in values.items()) + "."


def _described(network: Network, name: str) -> str:
    words = network.words.get(name)
    called = f"{words}, {name}" if words else name
    if network.by_name[name].is_static:
        return f"{called}, after all steps"
    return f"{called}(t), one row for each step" if network.shapes[name] else f"{called}(t) at each step"


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
