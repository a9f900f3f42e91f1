"""CPU time of running networks and their known mistakes, beside the same by hand and one by one.

    python benchmarks/networks.py

Must hold: at most 0.5 ms a mistake to list it, change the equations, compile and run them, the first time;
all those of an LSTM on four steps, with all roundings and the simulated slips, in 60 ms. Times are CPU times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.library import library_network
from grader.networks.mutants.evidence import least_wrong_entries
from grader.networks.mutants.explaining import (
    in_pairs,
    paths_of_mistakes,
    right_table_of,
    singles,
    table_of,
)
from grader.networks.running.compiled import compiled, executed
from grader.networks.running.merged import run_merged

SIZES = {"n_in": 2, "n_h": 2, "n_out": 1}
PLACES = 2


def instance(net: Network, lead: tuple[int, ...], sizes: dict[str, int]) -> tuple[Any, Any]:
    """Random inputs and parameters, by name."""
    rng = np.random.default_rng(1)

    def drawn(axes: tuple[int, ...], shape: Any) -> Any:
        return rng.uniform(-1, 1, (*axes, *(size.at(sizes) for size in shape)))

    return (
        {name: drawn(lead, shape) for name, shape in net.inputs.items()},
        {name: drawn((), shape) for name, shape in net.parameters.items()},
    )


def least(run: Callable[[], Any], repeats: int, before: Callable[[], Any] = lambda: None) -> float:
    """The least CPU time of some runs, in milliseconds."""
    times = []
    for _ in range(repeats):
        before()
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return 1e3 * min(times)


def elman_by_hand(x: Any, p: Any) -> Any:
    """As a person writes it in numpy."""
    a, h, states = x["x"] @ p["U"] + p["b"], np.zeros((*x["x"].shape[1:-1], len(p["b"]))), []
    for v in a:
        h = np.tanh(v + h @ p["W"])
        states.append(h)
    return 1 / (1 + np.exp(-(np.array(states) @ p["V"] + p["c"])))


def lstm_by_hand(x: Any, p: Any) -> Any:
    """As a person writes it in numpy."""
    a = {k: x["x"] @ p[f"W{k}"].T + p[f"b{k}"] for k in "ifog"}
    h = c = np.zeros((*x["x"].shape[1:-1], len(p["bi"])))
    states = []
    for t in range(len(x["x"])):
        i, f, o = (1 / (1 + np.exp(-(a[k][t] + h @ p[f"U{k}"].T))) for k in "ifo")
        c = f * c + i * np.tanh(a["g"][t] + h @ p["Ug"].T)
        h = o * np.tanh(c)
        states.append(h)
    return np.array(states)


def runs() -> None:
    """One run beside numpy by hand."""
    print("one run                 ours      by hand    ratio")
    for name, by_hand in (("elman", elman_by_hand), ("lstm", lstm_by_hand)):
        net = network_of(library_network(f"library/{name}").network)
        for lead, sizes in (((4,), SIZES), ((100,), SIZES), ((100, 64), {"n_in": 8, "n_h": 32, "n_out": 4})):
            x, p = instance(net, lead, sizes)
            run = compiled(net)
            many = 200 // lead[0]
            ours = least(lambda run=run, x=x, p=p, many=many: [run(x, p) for _ in range(many)], 20) / many
            hand = least(lambda x=x, p=p, many=many, f=by_hand: [f(x, p) for _ in range(many)], 20) / many
            print(f"{name:6s} {lead!s:12s} {1e3 * ours:8.0f} us {1e3 * hand:8.0f} us {ours / hand:8.2f}")


def tables() -> None:
    """All mistakes of a network in one run, beside one by one."""
    print("\nmistakes          list  first table  again  k   one by one")
    for name, asked in (("elman", "y"), ("jordan", "y"), ("gru", "h"), ("lstm", "h"), ("lstm-peephole", "h")):
        net = replace(network_of(library_network(f"library/{name}").network), output=(asked,))
        x, p = instance(net, (4,), SIZES)
        paths = paths_of_mistakes(net, PLACES)
        listed = least(lambda net=net: singles(net, "by-hand", PLACES), 10)
        known = singles(net, "by-hand", PLACES)
        table = table_of(net, known, x, p, paths)
        first = least(lambda: table_of(net, known, x, p, paths), 10, executed.cache_clear)  # noqa: B023
        again = least(lambda: table_of(net, known, x, p, paths), 10)  # noqa: B023
        right = {k: v[0] for k, v in right_table_of(net, x, p, paths).values.items()}
        slips = least(lambda: least_wrong_entries(net, table.values, right, x, p, PLACES), 5)  # noqa: B023
        changed = [one.made_in(net) for one in known]
        alone = least(lambda: [compiled(one)(x, p) for one in changed], 3, executed.cache_clear)  # noqa: B023
        print(
            f"{name:14s} {len(known):3d} {listed:5.0f} ms {first:7.0f} ms {again:6.0f} ms {slips:3.0f} ms "
            f"{alone:6.0f} ms {(listed + first) / len(known):8.2f} ms a mistake by {len(paths)} paths; "
            f"first wrong answer {listed + first + slips:.0f} ms"
        )


def pairs() -> None:
    """Pairs of mistakes, which are bounded."""
    print("\npairs                      table   all in full, for comparison")
    for name in ("elman", "gru", "lstm"):
        net = network_of(library_network(f"library/{name}").network)
        x, p = instance(net, (4,), SIZES)
        known = in_pairs(singles(net, "by-hand", PLACES))
        paths = paths_of_mistakes(net, PLACES)
        table = least(lambda: table_of(net, known, x, p, paths), 1)  # noqa: B023
        changed = [made for one in known for made in [one.made_in(net)] if made is not None]
        together = least(lambda: run_merged(net, changed, x, p), 2)  # noqa: B023
        print(f"{name:14s} {len(known):5d} {table:8.0f} ms {together:8.0f} ms")


if __name__ == "__main__":
    runs()
    tables()
    pairs()
