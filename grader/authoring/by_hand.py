"""Drafts of questions to answer by hand: outputs to a few decimals, the number of weights, their shapes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.authoring.draft import (
    MOST_WRONG,
    PLACES,
    DraftExample,
    DraftQuestion,
    NotDrafted,
    equations_of,
    written_left,
)
from grader.authoring.other_numbers import one_decimal_numbers
from grader.networks.counting.blocks import blocks_of, count_at
from grader.networks.counting.mistakes import count_mistakes, telling_sizes
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Shape
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import Mutant, apply
from grader.networks.running.compiled import compiled

N_STEPS = 3
UNITS = 2
DRAWS = 6
Values = Mapping[str, Any]
Run = Callable[[Values], Mapping[str, Any]]


def trace_draft(network: Network, name: str) -> DraftQuestion:
    """A question on the outputs of three steps, with numbers that tell known mistakes apart."""
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
        prompt=f"{equations_of(network)}\nWork out {asked} by hand for\n{_listed(values)}\n"
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
    sizes = dict.fromkeys(sorted(network.size_names), UNITS)

    def some(*shape: int) -> Any:
        return one_decimal_numbers(rng, shape)

    values = {
        name: some(N_STEPS, *(size.at(sizes) for size in shape)) for name, shape in network.inputs.items()
    }
    for name, shape in network.parameters.items():
        values[name] = some(*(size.at(sizes) for size in shape))
    return values


def _running(network: Network, values: Values) -> Iterator[tuple[Mutant, Run]]:
    """The known mistakes that can be computed for these sizes."""
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
    """How many different answers the known mistakes give, to the asked decimal places."""
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


def _listed(values: Values) -> str:
    return ",\n".join(f"`{name} = {value}`" for name, value in values.items()) + "."


def _described(network: Network, name: str) -> str:
    words = network.words.get(name)
    called = f"{words}, {name}" if words else name
    if network.by_name[name].is_static:
        return f"{called}, after all steps"
    return f"{called}(t), one row for each step" if network.shapes[name] else f"{called}(t) at each step"


def count_draft(network: Network, name: str) -> DraftQuestion:
    """A question on the number of trainable parameters, for sizes that tell known mistakes apart."""
    if not network.weights:
        raise NotDrafted("it has no weights")
    sizes, blocks = telling_sizes(network), blocks_of(network)
    total = count_at(blocks, sizes)
    products = [_product(network.weights[one], sizes) for one in network.weights]
    by_name = " + ".join(
        " * ".join(f"({size})" for size in shape) or "1" for shape in network.weights.values()
    )
    examples = [
        DraftExample("The number", f"{{id}} = dict(parameters={total})", True),
        DraftExample("Worked out", f'{{id}} = {{"parameters": "{" + ".join(products)}"}}', True),
        DraftExample("By names", f'{{id}} = "{by_name}"', True),
    ]
    seen = {total}
    for mistake in count_mistakes(network):
        number = count_at(mistake.effect(blocks), sizes)
        if number not in seen and number > 0 and len(seen) <= MOST_WRONG:
            seen.add(number)
            answer = f"{{id}} = dict(parameters={number})"
            examples.append(DraftExample(_title(mistake.message), answer, mistake=mistake.id))
    given = ", ".join(f"`{one} = {size}`" for one, size in sizes.items())
    of = f" for {given}" if given else ""
    return DraftQuestion(
        id="count",
        points=2,
        prompt=f"How many weights and biases does the network have to train{of}?",
        check={"kind": "count", "network": name, **({"sizes": sizes} if sizes else {})},
        fields={"parameters": "how many there are in all, a number"},
        hints=("Write down the shape of every matrix and of every bias first.",),
        examples=examples,
    )


def shape_draft(network: Network, name: str) -> DraftQuestion:
    """A question on the shapes of all weights, in the names of the sizes."""
    shapes = {one: tuple(map(str, shape)) for one, shape in network.weights.items() if shape}
    if not shapes:
        raise NotDrafted("it has no weights with a shape")
    texts = {one: " x ".join(shape) for one, shape in shapes.items()}
    flipped = {one: " x ".join(shape[::-1]) for one, shape in shapes.items()}
    examples = [
        DraftExample("As text", _dict(texts), True),
        DraftExample("As tuples", "{id} = " + repr(shapes), True),
        DraftExample("All transposed", _dict(flipped)),
        DraftExample("One left out", _dict(dict(list(texts.items())[1:] or texts.items()))),
    ]
    for one, shape in shapes.items():
        if len(shape) == 2 and shape[0] != shape[1]:
            wrong = {**texts, one: flipped[one]}
            examples.append(DraftExample(f"{one} transposed", _dict(wrong), mistake="matrix-transposed"))
            square = {**texts, one: f"{shape[1]} x {shape[1]}"}
            examples.append(DraftExample(f"{one} taken for square", _dict(square)))
            break
    examples.append(DraftExample("Numbers for names", "{id} = " + repr(dict.fromkeys(shapes, (97, 89)))))
    return DraftQuestion(
        id="shapes",
        points=max(1, len(shapes) // 2),
        prompt=f"Which shapes have the parameters of the network? Answer by the names {_names(network)}.",
        check={"kind": "shape", "network": name},
        fields={one: f"the shape of {one}" for one in shapes},
        hints=("Which vector is a matrix multiplied by, and which comes out?",),
        examples=examples,
    )


def _dict(texts: Mapping[str, str]) -> str:
    return "{id} = " + repr(dict(texts))


def _names(network: Network) -> str:
    return ", ".join(f"`{name}`" for name in sorted(network.size_names))


def _product(shape: Shape, sizes: Mapping[str, int]) -> str:
    return "*".join(str(size.at(sizes)) for size in shape) or "1"


def _title(message: str) -> str:
    return message.split(";")[0].split(":")[0].rstrip(".")
