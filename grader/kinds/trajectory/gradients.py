"""Gradients of the network that is trained, right and with each known mistake, from its equations."""

from __future__ import annotations

import functools

from grader.model.mistake import Mistake
from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import Arrays, GradientInstance
from grader.networks.backward.loss import read_loss
from grader.networks.backward.together import forward_values
from grader.networks.equations.declaration import network_of
from grader.networks.identity import Identical
from grader.networks.library import library_network
from grader.networks.mutants.backward.catalogue import gradient_mutants, with_kept_names
from grader.networks.mutants.backward.context import Context, WrongPasses, context_of
from grader.networks.mutants.backward.evaluation import wrong_gradients
from grader.training.task import FloatArray
from reference.bptt import Parameters, bptt, forward

NETWORK, LOSS, OUTPUT, TARGET = "library/elman-linear", "mean(sum((y - d)**2))", "y", "d"


class GradientWay:
    """A way to compute gradients.

    Args:
        wrong: What the mistake in it does; None for none.
    """

    def __init__(self, wrong: WrongPasses | None = None) -> None:
        self.wrong = wrong

    @property
    def reach(self) -> int | None:
        """How many steps an error goes back; None for all."""
        return None if self.wrong is None else self.wrong.reach

    def gradients(self, x: FloatArray, wanted: FloatArray, params: Parameters) -> Parameters:
        """The gradients that come out.

        Args:
            x: (n_seqs, T, n_in).
            wanted: (n_seqs, T, n_out).
            params: The network.
        """
        if self.wrong is None:
            return bptt(x, wanted, params)
        inputs, targets = {"x": x.transpose(1, 0, 2)}, {TARGET: wanted.transpose(1, 0, 2)}
        instance = GradientInstance(inputs, targets, params._asdict())
        found = wrong_gradients(_context(), self.wrong, instance, self._values(x, params))
        return Parameters(**found)

    def outputs(self, x: FloatArray, params: Parameters) -> FloatArray:
        """The outputs (n_seqs, T, n_out) of the forward pass, mistakes included."""
        if self.wrong is None:
            return forward(x, params).y
        return self._values(x, params)[OUTPUT].transpose(1, 0, 2)

    def _values(self, x: FloatArray, params: Parameters) -> Arrays:
        assert self.wrong is not None
        return _forward_values(Identical(self.wrong), Identical(x), Identical(params))


@functools.lru_cache(maxsize=1)
def _forward_values(
    wrong: Identical[WrongPasses], x: Identical[FloatArray], params: Identical[Parameters]
) -> Arrays:
    """What the forward pass gives; kept for the way back, and no longer: of all mistakes it is 15 MiB."""
    return forward_values(wrong.one.forward, {"x": x.one.transpose(1, 0, 2)}, params.one._asdict())


RIGHT = GradientWay()


@functools.cache
def gradient_mistakes() -> tuple[Mistake[GradientWay], ...]:
    """The known mistakes that have a name of their own, and errors that stop on the way back."""
    context = _context()
    named = with_kept_names(gradient_mutants(context), context.network)
    return tuple(
        Mistake(one.id, one.message, GradientWay(one.effect))
        for one in named
        if one.has_kept_name or one.effect.is_truncated
    )


@functools.cache
def _context() -> Context:
    network = network_of(library_network(NETWORK).network)
    return context_of(backward_pass(network, read_loss(network, LOSS)))
