"""What all variants share that are run together: inputs, parameters, sizes, ways to round on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Size
from grader.networks.running.compiled import Axes, Values, leading_axes, size_values
from grader.networks.running.functions import Array

# Which variables are rounded on the way, and to how many places.
Path: TypeAlias = Mapping[str, int]
IN_FULL: Path = {}


class MergedGiven(NamedTuple):
    """What all variants share.

    Args:
        network: The right one.
        inputs: (T, 1, P, n), where P may be 1.
        parameters: By name.
        n_steps: T.
        middle: P.
        sizes: What each named size is.
        rounded: For a variable the paths that round it, and the powers of ten of their places, (p, 1).
    """

    network: Network
    inputs: dict[str, Array]
    parameters: dict[str, Array]
    n_steps: int
    middle: int
    sizes: dict[str, int]
    rounded: dict[str, tuple[npt.NDArray[np.intp], Array]]

    @classmethod
    def of(cls, network: Network, inputs: Values, parameters: Values, paths: Sequence[Path]) -> MergedGiven:
        """Everything as arrays with a middle axis."""
        x = {name: np.asarray(inputs[name], dtype=np.float64) for name in network.inputs}
        p = {name: np.asarray(value, dtype=np.float64) for name, value in parameters.items()}
        axes = tuple(v.shape for v in x.values()), tuple(p[name].shape for name in network.parameters)
        lead = leading_axes(network, *axes)
        if len(paths) > 1 and lead not in ((), (1,)):
            raise ValueError("several sequences are run in full, not by several paths")
        return cls(
            network,
            {name: (v if v.ndim > 2 else v[:, None])[:, None] for name, v in x.items()},
            p,
            len(next(iter(x.values()))) if x else int(p["T"]),
            max(1, len(paths), *lead),
            size_values(network, *axes),
            _rounded(paths),
        )

    def axes(self, name: str, shapes: Mapping[str, tuple[Size, ...]]) -> Axes:
        """(P, n) of a variable at one step, (n, m) of a matrix."""
        own = tuple(size.at(self.sizes) for size in shapes[name]) or (1,)
        return own if len(own) > 1 else (self.middle, *own)


def _rounded(paths: Sequence[Path]) -> dict[str, tuple[npt.NDArray[np.intp], Array]]:
    found: dict[str, tuple[npt.NDArray[np.intp], Array]] = {}
    for name in dict.fromkeys(name for path in paths for name in path):
        columns = [k for k, path in enumerate(paths) if name in path]
        scales = np.array([[10.0 ** paths[k][name]] for k in columns])
        found[name] = np.array(columns), scales
    return found
