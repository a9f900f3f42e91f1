"""Drafts that ask how many weights a network has, and which shapes they have."""

from __future__ import annotations

from collections.abc import Mapping

from grader.authoring.draft import DraftExample, DraftQuestion, NotDrafted
from grader.networks.counting.blocks import blocks_of, count_at, size_names
from grader.networks.counting.mistakes import count_mistakes, telling_sizes
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Shape

MOST_WRONG = 6


def count_draft(network: Network, name: str) -> DraftQuestion:
    """How many numbers there are to train, for sizes that tell mistakes apart."""
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
    """The shapes of all weights, by the names of the sizes."""
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
    return ", ".join(f"`{name}`" for name in size_names(network))


def _product(shape: Shape, sizes: Mapping[str, int]) -> str:
    return "*".join(str(size.at(sizes)) for size in shape) or "1"


def _title(message: str) -> str:
    return message.split(";")[0].split(":")[0].rstrip(".")
