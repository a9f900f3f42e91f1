"""Every operator runs in every network that comes along, whatever is asked of it, and none fails inside.

Where one did, explaining would be given up, the mark would stand, and nobody but staff would hear of it.
"""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import GradientInstance
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.library import library_names, library_network
from grader.networks.mutants.backward.catalogue import gradient_mutants
from grader.networks.mutants.backward.context import context_of
from grader.networks.mutants.backward.evaluation import Evaluation
from grader.networks.mutants.declared import own_mistakes
from grader.networks.mutants.everywhere import everywhere
from grader.networks.mutants.mutant import apply
from grader.networks.mutants.operators import families
from grader.networks.mutants.own_numbers import by_equal_sizes, digits

LIBRARY = {name: network_of(library_network(name).network) for name in library_names()}
OPERATORS = [operator for operators in families().values() for operator in operators]
ALL_TWO = dict.fromkeys(["n_in", "n_h", "n_out", "n_1", "n_2", "m", "n", "k"], 2)
SIZES = {"n_in": 3, "n_h": 4, "n_out": 2, "n_1": 4, "n_2": 5, "m": 3, "n": 4, "k": 2}
T, N = 4, 2


def asked_otherwise(network):
    """The network as it is, with each of its variables alone asked for, and with all of them."""
    names = [one.name for one in network.equations]
    for output in (network.output, *((name,) for name in names), tuple(names)):
        yield replace(network, output=output)


@pytest.mark.parametrize("name", LIBRARY)
def test_every_operator_makes_networks_or_says_why_it_cannot(name):
    count = 0
    for network in asked_otherwise(LIBRARY[name]):
        singles = [mutant for operator in OPERATORS for mutant in operator(network)]
        of_equations = (*singles, *everywhere(network, singles), *by_equal_sizes(network, ALL_TWO))
        for mutant in (*of_equations, *digits(network, 2), *own_mistakes(network)):
            count += 1
            assert failure_inside(network, mutant) is None, (mutant.id, network.output)
    assert count


def failure_inside(network, mutant):
    """What is taken for two mistakes at one place, where there is only one; a reason of its own is none."""
    try:
        apply(network, mutant)
    except NetworkError as error:
        return error.__cause__
    return None


def instance_of(network, rng):
    def values(shape):
        return rng.uniform(0.1, 0.9, tuple(size.at(SIZES) for size in shape) or (1,))

    inputs = {
        name: np.array([[values(shape) for _ in range(N)] for _ in range(T)])
        for name, shape in network.inputs.items()
    }
    parameters = {name: values(shape) for name, shape in network.parameters.items()}
    return GradientInstance(inputs, {}, parameters)


# Of step units and of networks without parameters there are no gradients.
SLOPED = [name for name, one in LIBRARY.items() if one.parameters and name != "library/step-units"]


@pytest.mark.parametrize("name", SLOPED)
def test_every_mistake_in_gradients_gives_the_same_alone_and_in_one_run_with_all(name):
    network = LIBRARY[name]
    output = network.output[0]
    loss = f"sum({output}**2)" if network.by_name[output].is_static else f"mean(sum({output}**2))"
    context = context_of(backward_pass(network, read_loss(network, loss)))
    evaluation = Evaluation(context, instance_of(network, np.random.default_rng(8)))
    with np.errstate(all="ignore"):
        mutants = gradient_mutants(context)
        effects = [one.effect for one in mutants]
        alone, together = [evaluation.gradients(one) for one in effects], evaluation.all_gradients(effects)
    for mutant, one, other in zip(mutants, alone, together, strict=True):
        assert (one is None) == (other is None), mutant.id
        for parameter in evaluation.right if one else ():
            np.testing.assert_allclose(other[parameter], one[parameter], 1e-9, 1e-12, err_msg=mutant.id)
    # With these what is sent back waits for itself: nothing can be computed first.
    circles = ("-only-to-", "-exchanged")
    assert all(
        one is not None or any(words in mutant.id for words in circles)
        for mutant, one in zip(mutants, alone, strict=True)
    )
