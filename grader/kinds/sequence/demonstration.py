"""A sequence question that shows every known mistake, for the examples that misconceptions carry.

The instance was found by hill climbing over one-decimal weights: at 2 decimal places all known mistakes,
those about rounding too, give different outputs.
"""

from __future__ import annotations

from grader.kinds.sequence.question import Matrix, SequenceParams
from grader.networks.misconception import Network

W: dict[Network, Matrix] = {"elman": ((-3.0, -0.4), (-2.1, 2.2)), "jordan": ((-3.1, 1.3),)}


def demonstration(network: Network) -> SequenceParams:
    """The question for one of the two networks."""
    return SequenceParams(
        cell=network,
        x=((1, 0, 0), (-0.5, 0, 0), (0, 1, 1.5), (-1, -2, 0), (1, -0.5, 1.5)),
        U=((0.6, -1), (0.3, -1.3), (0.4, 0.4)),
        W=W[network],
        other_W=W["jordan" if network == "elman" else "elman"],
        V=((2.4,), (1.8,)),
        b=(-0.7, 0.8),
        c=(-0.2,),
    )
