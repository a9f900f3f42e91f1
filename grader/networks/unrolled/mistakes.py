"""Wrong formulas that people give for values and derivatives of an unrolled network."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

from msgspec.structs import replace

from grader.formula.tree import Formula, symbols_in
from grader.model.mistake import Mistake
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function, walk
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import Mutant, apply
from grader.networks.running.arithmetic import NotExact
from grader.networks.unrolled.arithmetic import Duals, SlopeMistake
from grader.networks.unrolled.unroll import LOSS, AskedValue, Unrolling


def mistaken(unrolling: Unrolling, asked: AskedValue, symbols: tuple[str, ...]) -> Iterator[Mistake[Formula]]:
    """The wrong formulas of all known mistakes, as far as they can be written.

    Args:
        unrolling: The network, and the loss.
        asked: What is asked of it.
        symbols: By which a derivative may be taken.
    """
    makers = _slopes if asked.by else _values
    for id, message, make in makers(unrolling, asked, symbols):
        # A rounded value is no formula, and a mutant may not go with everything.
        with contextlib.suppress(NotExact, NetworkError):
            yield Mistake(id, message, make())


_Made = tuple[str, str, Callable[[], Formula]]


def _values(unrolling: Unrolling, asked: AskedValue, symbols: tuple[str, ...]) -> Iterator[_Made]:
    if asked.step > 1:
        early = replace(asked, step=asked.step - 1)
        yield "step-too-early", "That is the value one step earlier.", partial(unrolling.value, early)
    if asked.of == LOSS:
        yield from _of_others(unrolling, asked, unrolling.value)
    # What is asked for may be no output of the network: then it is, here.
    of = unrolling.network if asked.of == LOSS else replace(unrolling.network, output=(asked.of,))
    for mutant in mutants(of, "by-hand", 0):
        yield (
            mutant.id,
            mutant.message,
            partial(_mutated, unrolling, of, mutant, asked),
        )


def _mutated(unrolling: Unrolling, network: Network, mutant: Mutant, asked: AskedValue) -> Formula:
    """What a mutant hands in for what is asked: its output, which may be another variable."""
    changed = apply(network, mutant)
    of = asked.of if asked.of == LOSS else changed.output[0]
    return replace(unrolling, network=changed).value(replace(asked, of=of))


def _of_others(
    unrolling: Unrolling, asked: AskedValue, make: Callable[[AskedValue], Formula]
) -> Iterator[_Made]:
    """The same of another variable: the state for the output, the output for the loss."""
    what = "derivative" if asked.by else "value"
    for name, (variable, step) in unrolling.values.items():
        if variable != asked.of and (
            step in (0, asked.step) or (asked.of == LOSS and _stands(unrolling, name))
        ):
            other = AskedValue(variable, step, asked.by)
            yield (
                f"of-{variable}",
                f"That is the {what} of {name}, not of {asked.of}{asked.step or ''}.",
                partial(make, other),
            )


def _stands(unrolling: Unrolling, name: str) -> bool:
    return unrolling.loss is not None and name in symbols_in(unrolling.loss)


def _slopes(unrolling: Unrolling, asked: AskedValue, symbols: tuple[str, ...]) -> Iterator[_Made]:
    for back in range(1, unrolling.n_steps):
        steps = "one step" if back == 1 else f"{back} steps"
        yield (
            f"truncated-{back}",
            f"The gradient stops after {steps} back; {asked.by} acts through earlier steps, too.",
            partial(unrolling.slope, asked, steps_back=back),
        )
    for symbol in symbols:
        if symbol != asked.by:
            by = replace(asked, by=symbol)
            yield f"by-{symbol}", f"That is the derivative by {symbol}.", partial(unrolling.slope, by)
    whole = replace(asked, by="")
    yield "not-differentiated", f"That is {whole.field} itself.", partial(unrolling.value, whole)
    yield from _of_others(unrolling, asked, unrolling.slope)
    yield from _chain_rules(unrolling, asked)


def _chain_rules(unrolling: Unrolling, asked: AskedValue) -> Iterator[_Made]:
    for variable, function in _activations(unrolling.network):
        for kind, message in _slope_mistakes(variable, function):
            yield (
                f"{variable}-slope-{kind}",
                message,
                partial(unrolling.slope, asked, _at(kind, variable)),
            )
        for step in range(1, unrolling.n_steps + 1):
            yield (
                f"{variable}-slope-missing-at-{step}",
                f"The derivative of {function} is missing at step {step}.",
                partial(unrolling.slope, asked, _at("missing", variable, step)),
            )


def _at(kind: SlopeMistake, variable: str, step: int | None = None) -> Callable[[str, int], Duals]:
    def duals(name: str, at: int) -> Duals:
        return Duals(kind) if name == variable and step in (None, at) else Duals()

    return duals


def _slope_mistakes(variable: str, function: str) -> Iterator[tuple[SlopeMistake, str]]:
    yield "missing", f"The derivative of {function} is missing in {variable}."
    if function == "tanh":
        yield "sigmoid", "a (1 - a) is the derivative of the sigmoid; tanh has another."
        yield "not-squared", "The derivative of tanh has the square of its value in it."
    else:
        yield "tanh", "1 - a^2 is the derivative of tanh; the sigmoid has another."


def _activations(network: Network) -> Iterator[tuple[str, str]]:
    for equation in network.equations:
        names = [one.name for _, one in walk(equation.right_side) if isinstance(one, Function)]
        for name in dict.fromkeys(names):
            if name in ("tanh", "sigmoid"):
                yield equation.name, name
