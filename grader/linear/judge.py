"""Weights judged: read once and decided once, whether they are numbers or hold free symbols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from grader.linear.arrangement import Structure, arrangement
from grader.linear.decision import Decision, Tier, decide
from grader.linear.question import LinearParams, target_system
from grader.linear.reading import LinearNetwork, LinearSizes, Weights, exact_network, read_weights
from grader.linear.symbolic.entries import read_formulas
from grader.model.value import Value
from reference.linear_system import LinearSystem

if TYPE_CHECKING:
    from grader.linear.symbolic.decision import SymbolicDecision


class JudgedNetwork(NamedTuple):
    """Weights as they were read, and what was decided about them.

    Args:
        weights: In the order of the arrangement; where a formula stood there is a placeholder number.
        network: The network; at a sample of its symbols where it has any.
        decision: For all inputs of all lengths, and all values of its symbols.
        symbolic: More about weights that hold formulas; None where all are numbers.
        has_biases: Whether its network has biases, which are a state of the system that is always 1.
    """

    weights: Weights
    network: LinearNetwork
    decision: Decision
    symbolic: SymbolicDecision | None = None
    has_biases: bool = False

    @property
    def is_right(self) -> bool:
        """Whether it does what is asked."""
        return self.decision.tier is not Tier.WRONG

    @property
    def n_states(self) -> int:
        """Size of its state."""
        return self.network.system.n_states - self.has_biases


def judge_answer(params: LinearParams, fields: Mapping[str, Value]) -> JudgedNetwork:
    """Decide the weights among the fields of an answer.

    Args:
        params: The question.
        fields: The fields by name, others than weights among them.

    Raises:
        Unreadable: If they are no network, or hold formulas that cannot be read or computed.
    """
    own = {name: value for name, value in fields.items() if name in params.weight_names}
    return judge_weights(params.form, params.sizes, own, target_system(params), params.starts_at_zero)


def judge_weights(
    structure: Structure,
    sizes: LinearSizes,
    fields: Mapping[str, Value],
    target: LinearSystem,
    starts_at_zero: bool = False,
) -> JudgedNetwork:
    """Decide the weights among the fields.

    Args:
        structure: Which network's they are.
        sizes: Inputs and outputs as asked for, and the state size where the question fixes it.
        fields: The weights by name, and nothing else.
        target: What is asked.
        starts_at_zero: Whether the question fixes s0 = 0 and does not ask for it.

    Raises:
        Unreadable: If they are no network, or hold formulas that cannot be read or computed.
    """
    written = read_formulas(fields)
    weights = read_weights(structure, sizes, written.fields, starts_at_zero)
    has_biases = arrangement(structure).has_biases
    if not written.trees:
        network = exact_network(structure, weights)
        return JudgedNetwork(weights, network, decide(network, target), has_biases=has_biases)
    # Most answers are numbers: they need not wait for the algebra to be loaded.
    from grader.linear.symbolic.decision import decide_symbolic

    symbolic = decide_symbolic(structure, written, weights, target)
    return JudgedNetwork(weights, symbolic.network, symbolic.decision, symbolic, has_biases)
