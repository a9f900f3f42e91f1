"""Networks and targets for the tests of the product search, and the same in plain loops."""

from __future__ import annotations

from fractions import Fraction
from operator import mul

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.student import Reading, Student
from grader.networks.automaton.target import NetworkTarget
from grader.networks.automaton.whole_numbers import Whole
from grader.networks.equations.network import network

BITS, PAIRS = [[0], [1]], [[0, 0], [0, 1], [1, 0], [1, 1]]
HALF = Fraction(1, 2)

ADDER = {"U": [[1, 1]] * 3, "W": [[0, 1, 0]] * 3, "b": [-1, -2, -3], "V": [[1, -1, 1]], "c": [-1]}
PARITY = {"U": [[1], [1]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]}
DETECTOR = {
    "U": [[1], [0], [1]],
    "W": [[0, 0, 0], [1, 0, 0], [-1, 1, 0]],
    "b": [-1, -1, -2],
    "V": [[0, 0, 1]],
    "c": [-1],
}

TARGETS = {
    "adder": {
        "inputs": {"x": "2"},
        "equations": [
            "total(t) = part(x(t), 1, 2) + part(x(t), 2, 2) + k(t-1)",
            "k(t) = step(total(t) - 2)",
            "y(t) = total(t) - 2 * k(t)",
        ],
    },
    "parity": {
        "inputs": {"x": "1"},
        "sizes": {"y": "1"},
        "equations": ["y(t) = mod(x(t) + y(t-1), 2)"],
    },
    "101": {"inputs": {"x": "1"}, "equations": ["y(t) = step(x(t) - x(t-1) + x(t-2) - 2)"]},
}


def adder_outputs(word):
    """The sum bits, by the carry."""
    carry, outputs = 0, []
    for a, b in word:
        total = a + b + carry
        carry = total // 2
        outputs.append(total % 2)
    return outputs


def parity_outputs(word):
    """Whether the number of ones so far is odd."""
    return [sum(bit for (bit,) in word[: t + 1]) % 2 for t in range(len(word))]


def detector_outputs(word):
    """Whether the last three bits are 101."""
    bits = [bit for (bit,) in word]
    return [int(bits[max(0, t - 2) : t + 1] == [1, 0, 1]) for t in range(len(bits))]


def with_equations(hidden="step", output="step(V @ h(t) + c)"):
    """The step network with other functions."""
    return network(
        {
            "inputs": {"x": "n_in"},
            "parameters": {
                "U": "n_h x n_in",
                "W": "n_h x n_h",
                "b": "n_h",
                "V": "n_out x n_h",
                "c": "n_out",
            },
            "equations": [f"h(t) = {hidden}(U @ x(t) + W @ h(t-1) + b)", f"y(t) = {output}"],
        }
    )


def student(weights, letters, net=None, arithmetic=Whole, threshold=None):
    """A network with its weights, as the search takes it."""
    exact = {name: fractions(value) for name, value in weights.items()}
    sizes = {"n_in": len(weights["U"][0]), "n_h": len(weights["U"]), "n_out": len(weights["V"])}
    parameters = {name: arithmetic.of(value) for name, value in exact.items()}
    machine = Machine(net or with_equations(), parameters, sizes, arithmetic)
    read = [{"x": arithmetic.of(fractions(letter))} for letter in letters]
    return Student(machine, read, (Reading("y", threshold, threshold),), arithmetic)


def sigmoid_student(weights, letters):
    """The same of sigmoid units, read at one half."""
    return student(weights, letters, with_equations("sigmoid", "sigmoid(V @ h(t) + c)"), Enclosure, HALF)


def target(name, letters):
    """A target by its equations."""
    net = network(TARGETS[name])
    machine = Machine(net, {}, {}, Whole)
    return NetworkTarget(machine, [{"x": Whole.of(fractions(letter))} for letter in letters], ["y"])


def fractions(value):
    """Nested lists of numbers or texts as exact numbers."""
    if isinstance(value, list | tuple):
        return tuple(fractions(one) for one in value)
    return Fraction(str(value))


def step(weights, h, letter):
    """The next state and the output of a network of step units, in plain loops."""
    U, W, b, V, c = (weights[name] for name in "UWbVc")
    after = [
        int(sum(u * x for u, x in zip(U[i], letter, strict=True)) + sum(map(mul, W[i], h)) + b[i] >= 0)
        for i in range(len(b))
    ]
    return after, int(sum(map(mul, V[0], after)) + c[0] >= 0)


def run(weights, word):
    """The outputs of a network of step units."""
    exact = {name: fractions(value) for name, value in weights.items()}
    h, outputs = [0] * len(exact["b"]), []
    for letter in word:
        h, y = step(exact, h, letter)
        outputs.append(y)
    return outputs


def shortest_failing(weights, outputs, letters, most):
    """The length of a shortest word on whose last letter a network is wrong; None up to `most`."""
    exact = {name: fractions(value) for name, value in weights.items()}
    level = [((), [0] * len(exact["b"]))]
    for length in range(1, most + 1):
        after = []
        for word, h in level:
            for letter in letters:
                state, y = step(exact, h, letter)
                longer = (*word, letter)
                if y != outputs(longer)[-1]:
                    return length
                after.append((longer, state))
        level = after
    return None
