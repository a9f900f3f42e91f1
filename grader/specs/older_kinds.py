"""Kinds of former versions, read as the kinds that have replaced them.

Files that authors have written stay readable; everything behind this module knows the present kinds only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.networks.library import PREFIX

Check = dict[str, Any]
# The network whose gradients were asked before any could be, and what its sizes were called.
TRAINED = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
    "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y_hat(t) = V.T @ h(t) + c"],
}
SIZES = {"n_seqs": "N", "n_steps": "T"}
# The two networks of the former kinds, and for each the one that it is mistaken for.
OTHER = {"elman": "jordan", "jordan": "elman"}
VALUES = ("x", "U", "W", "V", "b", "c")


def as_present(check: Check) -> Check:
    """The check table, in the form of the present kind; one of a present kind is given back as it is.

    Args:
        check: A `[question.check]` table. Mistakes in it stay, for the present kind to report.
    """
    kind = check.get("kind")
    read = OLDER.get(kind) if isinstance(kind, str) else None
    return check if read is None else read(check)


def _gradient(check: Check) -> Check:
    """The gradients of an Elman network with a linear output and the squared error."""
    if "network" in check or "loss" in check:
        return check
    sizes = check.get("sizes")
    if isinstance(sizes, list) and all(isinstance(one, dict) for one in sizes):
        sizes = [{SIZES.get(name, name): size for name, size in one.items()} for one in sizes]
    return {
        "function": "bptt",
        **check,
        "network": TRAINED,
        "loss": "mean(sum((y_hat - y)**2))",
        "arguments": {"x": "N x T x n_in", "y": "N x T x n_out"},
        **({} if sizes is None else {"sizes": sizes}),
    }


def _sequence(check: Check) -> Check:
    """The outputs of an Elman or Jordan network, by hand."""
    cell = check.get("cell")
    if cell not in OTHER:
        return check
    kept = {key: value for key, value in check.items() if key not in ("kind", "cell", "other_W", *VALUES)}
    if "other_W" in check:
        other = OTHER[cell]
        kept["others"] = [{"network": PREFIX + other, "name": other, "values": {"W": check["other_W"]}}]
    values = {name: check[name] for name in VALUES if name in check}
    return {"kind": "trace", "network": PREFIX + cell, "values": values, "asked": ["y"], **kept}


def _behaviour(check: Check) -> Check:
    """The outputs of an Elman or Jordan network as code."""
    cell = str(check.get("reference"))
    kept = {key: value for key, value in check.items() if key not in ("kind", "reference", "instance")}
    others = [{"name": other, "network": PREFIX + other} for known, other in OTHER.items() if known == cell]
    values = check.get("instance", {})
    return {"kind": "code", "network": PREFIX + cell, "others": others, "values": values, **kept}


OLDER: Mapping[str, Callable[[Check], Check]] = {
    "behaviour": _behaviour,
    "gradient": _gradient,
    "sequence": _sequence,
}
