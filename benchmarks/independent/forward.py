"""Every network of the library against torch's modules and scipy's simulation, on random weights.

    PYTHONPATH=. /tmp/independent/bin/python benchmarks/independent/forward.py

Must hold: no error above 1e-12. Networks that torch has no module for are written with its tensor operations.
Each function gives what some variables are, by the name of its network in the library.
"""

# ruff: noqa: D103

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import torch
from scipy.signal import dlsim

from grader.networks.equations.declaration import network_of
from grader.networks.library import library_names, library_network
from grader.networks.running.compiled import compiled

torch.set_default_dtype(torch.float64)
CLOSE = 1e-12
STEPS, SEQUENCES = 12, 5
SIZES = {"n_in": 3, "n_h": 4, "n_out": 2, "n_1": 4, "n_2": 5, "m": 3, "n": 4, "k": 2}
Tensors: TypeAlias = Mapping[str, torch.Tensor]
ForwardPass: TypeAlias = Callable[[torch.Tensor, Tensors], dict[str, torch.Tensor]]


def module(kind: type, weights: Mapping[str, torch.Tensor], **options: Any) -> torch.nn.Module:
    """A recurrent module of torch with these weights; biases that are not given are zero."""
    n_in, n_h = weights["weight_ih_l0"].shape[1], weights["weight_hh_l0"].shape[1]
    made = kind(n_in, n_h, **options)
    with torch.no_grad():
        for name, own in made.named_parameters():
            own.copy_(weights.get(name, torch.zeros_like(own)))
    return made


def simple(
    x: torch.Tensor, U: torch.Tensor, W: torch.Tensor, b: torch.Tensor | None, **options: Any
) -> torch.Tensor:
    """Hidden states of torch.nn.RNN."""
    weights = {"weight_ih_l0": U, "weight_hh_l0": W} | ({} if b is None else {"bias_ih_l0": b})
    return module(torch.nn.RNN, weights, **options)(x)[0]


def elman(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    h = simple(x, p["U"].T, p["W"].T, p["b"])
    return {"h": h, "y": torch.sigmoid(h @ p["V"] + p["c"])}


def elman_linear(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    h = simple(x, p["U"].T, p["W"].T, p["b"])
    return {"h": h, "y": torch.nn.functional.linear(h, p["V"].T, p["c"])}


def jordan(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    cell = torch.nn.RNNCell(p["U"].shape[0] + p["W"].shape[0], p["U"].shape[1], nonlinearity="tanh")
    with torch.no_grad():
        cell.weight_ih.copy_(torch.cat([p["U"], p["W"]]).T)
        cell.bias_ih.copy_(p["b"])
        cell.weight_hh.zero_()
        cell.bias_hh.zero_()
    y, outputs, none = x.new_zeros(x.shape[1], p["c"].shape[0]), [], x.new_zeros(x.shape[1], p["b"].shape[0])
    for v in x:
        y = torch.sigmoid(cell(torch.cat([v, y], dim=1), none) @ p["V"] + p["c"])
        outputs.append(y)
    return {"y": torch.stack(outputs)}


def packed(p: Tensors, letter: str, gates: str) -> torch.Tensor:
    return torch.cat([p[f"{letter}{gate}"] for gate in gates])


def gru_reset_after(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    zero = torch.zeros_like(p["bh"])
    weights = {
        "weight_ih_l0": packed(p, "W", "rzn"),
        "weight_hh_l0": packed(p, "U", "rzn"),
        "bias_ih_l0": packed(p, "b", "rzn"),
        "bias_hh_l0": torch.cat([zero, zero, p["bh"]]),
    }
    return {"h": module(torch.nn.GRU, weights)(x)[0]}


def gru(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    """Torch has no GRU whose reset gate acts before the product: its operations alone."""
    linear, h, states = torch.nn.functional.linear, x.new_zeros(x.shape[1], p["bz"].shape[0]), []
    for v in x:
        z, r = (torch.sigmoid(linear(v, p[f"W{g}"], p[f"b{g}"]) + linear(h, p[f"U{g}"])) for g in "zr")
        h = torch.lerp(torch.tanh(linear(v, p["Wn"], p["bn"]) + linear(r * h, p["Un"])), h, z)
        states.append(h)
    return {"h": torch.stack(states)}


def lstm_weights(p: Tensors) -> dict[str, torch.Tensor]:
    return {
        "weight_ih_l0": packed(p, "W", "ifgo"),
        "weight_hh_l0": packed(p, "U", "ifgo"),
        "bias_ih_l0": packed(p, "b", "ifgo"),
    }


def lstm(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    made = module(torch.nn.LSTM, lstm_weights(p))
    cells = [made(x[: t + 1])[1][1][0] for t in range(len(x))]
    return {"h": made(x)[0], "c": torch.stack(cells)}


def lstm_packed(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    n_in = x.shape[-1]
    weights = {"weight_ih_l0": p["W"][:, :n_in], "weight_hh_l0": p["W"][:, n_in:], "bias_ih_l0": p["b"]}
    return {"h": module(torch.nn.LSTM, weights)(x)[0]}


def lstm_peephole(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    linear = torch.nn.functional.linear
    h = c = x.new_zeros(x.shape[1], p["bi"].shape[0])
    states = []
    for v in x:
        i, f, g, o = (linear(v, p[f"W{k}"], p[f"b{k}"]) + linear(h, p[f"U{k}"]) for k in "ifgo")
        c, before = torch.sigmoid(f + p["pf"] * c) * c, c
        c = torch.addcmul(c, torch.sigmoid(i + p["pi"] * before), torch.tanh(g))
        h = torch.sigmoid(o + p["po"] * c) * torch.tanh(c)
        states.append(h)
    return {"h": torch.stack(states)}


def stacked(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    first = simple(x, p["U1"], p["W1"], p["b1"])
    second = simple(first, p["U2"], p["W2"], p["b2"])
    return {"h1": first, "h2": second, "y": torch.softmax(second @ p["V"].T + p["c"], dim=-1)}


def bidirectional(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    weights = {
        "weight_ih_l0": p["Uf"], "weight_hh_l0": p["Wf"], "bias_ih_l0": p["bf"],
        "weight_ih_l0_reverse": p["Ub"], "weight_hh_l0_reverse": p["Wb"], "bias_ih_l0_reverse": p["bb"],
    }  # fmt: skip
    h = module(torch.nn.RNN, weights, bidirectional=True)(x)[0]
    return {"y": torch.nn.functional.linear(h, p["V"], p["c"])}


def last_step(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    h = simple(x, p["U"], p["W"], None, nonlinearity="relu")
    return {"h": h, "y": torch.softmax(h[-1] @ p["V"].T + p["c"], dim=-1)}


def pooled(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    return {"y": torch.sigmoid(simple(x, p["U"], p["W"], None).mean(dim=0) @ p["V"].T)}


def encoder_decoder(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    encoder = module(torch.nn.RNN, {"weight_ih_l0": p["U"], "weight_hh_l0": p["W"]})
    decoder = module(torch.nn.RNN, {"weight_ih_l0": p["A"], "weight_hh_l0": p["B"]})
    previous = torch.cat([torch.zeros_like(p["d"][:1]), p["d"][:-1]])
    s = decoder(previous, encoder(x)[1])[0]
    return {"s": s, "y": torch.softmax(s @ p["V"].T, dim=-1)}


def leaky(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    h, states = x.new_zeros(x.shape[1], p["b"].shape[0]), []
    for v in x:
        h = torch.lerp(h, torch.tanh(torch.addmm(p["b"], v, p["Win"].T) + h @ p["W"].T), p["a"])
        states.append(h)
    states_ = torch.stack(states)
    return {"h": states_, "y": torch.cat([states_, x], dim=-1) @ p["V"].T}


def narx(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    none = x.new_zeros(x.shape[1], p["V"].shape[0])
    outputs = [none, none]
    befores = torch.cat([torch.zeros_like(x[:1]), x[:-1]])
    weights = torch.cat([p["U"], p["U1"], p["W1"], p["W2"]], dim=1)
    for v, before in zip(x, befores, strict=True):
        outputs.append(
            torch.tanh(torch.cat([v, before, outputs[-1], outputs[-2]], dim=1) @ weights.T) @ p["V"].T
        )
    return {"y": torch.stack(outputs[2:])}


def step_units(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    at_zero, h, outputs = torch.tensor(1.0), x.new_zeros(x.shape[1], p["b"].shape[0]), []
    for v in x:
        h = torch.heaviside(torch.addmm(p["b"], v, p["U"].T) + h @ p["W"].T, at_zero)
        outputs.append(torch.heaviside(h @ p["V"].T + p["c"], at_zero))
    return {"y": torch.stack(outputs)}


def linear_system(
    A: torch.Tensor, B: torch.Tensor, C: torch.Tensor, D: torch.Tensor, s0: torch.Tensor, x: torch.Tensor
) -> torch.Tensor:
    """Outputs of the new state, by scipy, whose outputs read the old: y_t = C A s_(t-1) + (C B + D) x_t."""
    system = (A.numpy(), B.numpy(), (C @ A).numpy(), (C @ B + D).numpy(), 1.0)
    each = [dlsim(system, x[:, n].numpy(), x0=s0.numpy())[1] for n in range(x.shape[1])]
    return torch.from_numpy(np.stack(each, axis=1))


def rnn_a(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    D = torch.zeros(p["Wo"].shape[0], x.shape[-1])
    return {"g": linear_system(p["Wss"], p["Wsx"], p["Wo"], D, p["s0"], x)}


def rnn_b(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    n = len(p["s0"])
    A, B, C, D = p["Wssx"][:, :n], p["Wssx"][:, n:], p["Wox"][:, :n], p["Wox"][:, n:]
    return {"g": linear_system(A, B, C, D, p["s0"], x)}


def ssm(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    return {"y": linear_system(p["A"], p["B"], p["C"], p["D"], p["s0"], x)}


def diagonal_ssm(x: torch.Tensor, p: Tensors) -> dict[str, torch.Tensor]:
    B = (1 - p["a"])[:, None] * p["B"]
    D = torch.zeros(p["C"].shape[0], x.shape[-1])
    return {"y": linear_system(torch.diag(p["a"]), B, p["C"], D, torch.zeros_like(p["a"]), x)}


# Networks without weights, on whole numbers: the tests compare them with whole-number arithmetic.
TARGETS = ("adder", "parity")
INDEPENDENT: dict[str, ForwardPass] = {
    "bidirectional": bidirectional,
    "diagonal-ssm": diagonal_ssm,
    "elman": elman,
    "elman-linear": elman_linear,
    "encoder-decoder": encoder_decoder,
    "gru": gru,
    "gru-reset-after": gru_reset_after,
    "jordan": jordan,
    "last-step": last_step,
    "leaky": leaky,
    "lstm": lstm,
    "lstm-packed": lstm_packed,
    "lstm-peephole": lstm_peephole,
    "narx": narx,
    "pooled": pooled,
    "rnn-a": rnn_a,
    "rnn-b": rnn_b,
    "ssm": ssm,
    "stacked": stacked,
    "step-units": step_units,
}


def worst_error(name: str, seed: int) -> float:
    """The largest error of a network on one random instance."""
    net = network_of(library_network(f"library/{name}").network)
    rng = np.random.default_rng(seed)
    p = {name: _drawn(rng, [size.at(SIZES) for size in shape]) for name, shape in net.parameters.items()}
    lead = (STEPS, SEQUENCES)
    x = {
        name: _drawn(rng, [*lead, *(size.at(SIZES) for size in shape)]) for name, shape in net.inputs.items()
    }
    values = compiled(net)(x, p)
    given = {k: torch.from_numpy(np.asarray(v)) for k, v in {**p, **x}.items()}
    with torch.no_grad():
        wanted = INDEPENDENT[name](given["x"], given)
    for variable, value in wanted.items():
        if values[variable].shape != tuple(value.shape):
            raise SystemExit(
                f"{name}: {variable} has shape {values[variable].shape}, wanted {tuple(value.shape)}"
            )
    return max(float(np.abs(values[variable] - value.numpy()).max()) for variable, value in wanted.items())


def _drawn(rng: np.random.Generator, axes: list[int]) -> np.ndarray:
    """Numbers from -1 to 1; a number by itself is a share."""
    return rng.uniform(-1 if axes else 0, 1, axes)


def main() -> None:
    """Print the worst error of each network over ten instances."""
    missing = {*library_names()} - {f"library/{name}" for name in (*INDEPENDENT, *TARGETS)}
    if missing:
        raise SystemExit(f"nothing to compare with: {', '.join(sorted(missing))}")
    worst = {name: max(worst_error(name, seed) for seed in range(10)) for name in INDEPENDENT}
    for name, error in worst.items():
        print(f"{name:16s} {error:.1e}")
    if max(worst.values()) > CLOSE:
        raise SystemExit(f"an error above {CLOSE}")


if __name__ == "__main__":
    main()
