"""What is asked: how many weights a network has, in numbers or as formulas in its sizes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

import msgspec

from grader.answers.claims import number_of_things
from grader.errors import Unreadable
from grader.formula.marking.growth import right_growth
from grader.formula.marking.question import WrittenMistake
from grader.formula.marking.reading import formula_text
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.tree import Constant, Formula, substituted
from grader.model.control import Control
from grader.model.control import FormulaControl as FormulaControl
from grader.model.kind import Asks, Params
from grader.model.text import joined
from grader.model.value import Text, Value
from grader.networks.counting.blocks import Block, blocks_of, count_formula
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network

TOTAL = "parameters"
ORDER = "order"
# 12,345 is a count, 12.345 too: a share of a weight is none.
THOUSANDS = re.compile(r"\s*\d{1,3}(?:[,.'’ _\u00a0\u202f]\d{3})+\s*")
EXAMPLE = "n_h*(n_in + 1)"


class OtherNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A network that a question may be mistaken for.

    Args:
        network: What it is; with the same sizes.
        id: Stable kebab-case word for the mistake.
        message: What is wrong, to the student.
    """

    network: NetworkTable
    id: str
    message: str


class CountParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `count`.

    Args:
        network: Whose weights are counted: all that it declares as parameters; start values that are no
            parameters are none. Left out where an order of growth alone is asked.
        asked: What each field counts: "parameters" for all, or the name of a parameter, or the name of a
            variable for what stands in its equation.
        sizes: How long each named size is, where numbers are asked for; left out, formulas in the sizes are.
            Or a list of the names of sizes beside the network's.
        big_o: For each field an order of growth in the sizes, "T*n_h^2": right is every formula that is
            Theta of it as all sizes grow. One text alone is that of the field "order".
        aliases: Other names of sizes: {H = "n_h"}.
        others: Networks that this one may be mistaken for.
        mistakes: Further wrong formulas that are recognised.
        slip_credit: Least share of a field's points for a count that one known mistake explains; its square
            for two.
        seed: For the points of comparison.
    """

    network: NetworkTable | None = None
    asked: tuple[str, ...] | None = None
    sizes: dict[str, int] | tuple[str, ...] = msgspec.field(default_factory=dict)
    big_o: dict[str, str] | str = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)
    others: tuple[OtherNetwork, ...] = ()
    mistakes: tuple[WrittenMistake, ...] = ()
    slip_credit: Fraction = Fraction(0)
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.slip_credit < 1:
            raise ValueError(f"slip_credit is {self.slip_credit}; it is a share from 0 to below 1")
        if self.network is None:
            _check_alone(self)
        else:
            _check_network(self, network_of(self.network))
        if both := sorted(set(self.orders) & set(self.counts)):
            raise ValueError(f"big_o: {both[0]!r} is asked as a number of weights, too")
        for name in self.aliases.values():
            if name not in self.size_names:
                raise ValueError(f"aliases: {name!r} is none of the sizes {joined(sorted(self.size_names))}")
        for name in self.size_names:
            if not name.isidentifier() or names_of(self).symbol(name) != name:
                raise ValueError(f"sizes: {name!r} is no name, or is spelled like another one")
        for field, text in self.orders.items():
            right_growth(f"big_o.{field}", text, names_of(self))
        for one in self.mistakes:
            _check_mistake(self, one)

    @property
    def counts(self) -> tuple[str, ...]:
        """The fields that ask how many weights there are."""
        if self.network is None:
            return ()
        return (TOTAL,) if self.asked is None else self.asked

    @property
    def orders(self) -> Mapping[str, str]:
        """The right order of growth of the fields that ask for one."""
        if isinstance(self.big_o, str):
            return {ORDER: self.big_o}
        return self.big_o

    @property
    def lengths(self) -> Mapping[str, int]:
        """How long each size is; empty where formulas are asked."""
        return self.sizes if isinstance(self.sizes, dict) else {}

    @property
    def size_names(self) -> frozenset[str]:
        """The names that formulas may be written in."""
        own = frozenset() if self.network is None else frozenset(sizes_of(network_of(self.network)))
        return own | frozenset(self.sizes)


def _check_alone(params: CountParams) -> None:
    """Refuse what goes with a network, where there is none."""
    if not params.orders:
        raise ValueError('name a network whose weights are counted, or an order of growth: big_o = "T*n_h"')
    if params.asked or params.others:
        raise ValueError("asked and others go with a network")
    if not params.sizes or isinstance(params.sizes, dict):
        raise ValueError('sizes: name those of the order of growth: sizes = ["T", "n_h"]')


def _check_network(params: CountParams, network: Network) -> None:
    if TOTAL in (*network.parameters, *network.by_name):
        raise ValueError(f"network: {TOTAL!r} is what all weights together are asked as; take another name")
    if not (params.counts or params.orders) or len(set(params.counts)) < len(params.counts):
        raise ValueError("asked names nothing, or something twice")
    for name in params.counts:
        if not counted_in(network, name):
            known = [*network.parameters, *(one.name for one in network.equations)]
            raise ValueError(
                f"asked: {name!r} has no weights to count; wanted {TOTAL}, {joined(known, ' or ')}"
            )
    known_sizes = sizes_of(network)
    for name, size in params.lengths.items():
        if name not in known_sizes:
            raise ValueError(
                f"sizes: {name!r} is none of the network's; they are {joined(sorted(known_sizes))}"
            )
        if size < 1:
            raise ValueError(f"sizes.{name} is {size}; a vector has at least 1 entry")
    if params.lengths and (missing := sorted(known_sizes - params.lengths.keys())):
        raise ValueError(f"sizes: {joined(missing)} left out; give all of them, or none for formulas")
    for other in params.others:
        if unknown := sizes_of(network_of(other.network)) - known_sizes:
            raise ValueError(f"others.{other.id}: {min(unknown)} is no size of the network")


def _check_mistake(params: CountParams, one: WrittenMistake) -> None:
    if one.field not in (*params.counts, *params.orders):
        raise ValueError(f"mistakes: {one.field!r} is not asked")
    if one.mutant:
        raise ValueError(f"mistakes.{one.id}: what is counted wrongly is written as a formula")
    if one.field in params.orders:
        right_growth(f"mistakes.{one.id}", one.formula, names_of(params))
        return
    try:
        parse_formula(one.formula, names_of(params))
    except Unreadable as error:
        raise ValueError(f"mistakes.{one.id}: {error}") from None


def sizes_of(network: Network) -> set[str]:
    """Names of the sizes that its parameters have."""
    return {name for shape in network.parameters.values() for size in shape for name in size.names}


def counted_in(network: Network, asked: str) -> tuple[Block, ...]:
    """The weights that a field counts.

    Args:
        network: Whose.
        asked: "parameters", the name of a parameter, or that of a variable.
    """
    return tuple(block for block in blocks_of(network) if asked in (TOTAL, block.parameter, block.equation))


def table_in(params: CountParams) -> NetworkTable:
    """The network whose weights are counted, where something is."""
    assert params.network is not None
    return params.network


def network_in(params: CountParams) -> Network:
    """The network that a question names, read."""
    return network_of(table_in(params))


def asks(params: CountParams) -> Asks:
    """One field for each count and each order of growth."""
    return Asks(fields=(*params.counts, *params.orders))


def controls(params: CountParams) -> dict[str, Control]:
    """A formula in the sizes for each count and each order."""
    names = names_of(params)
    counts = dict.fromkeys(params.counts, FormulaControl(names.symbols, names.aliases))
    return {**counts, **dict.fromkeys(params.orders, FormulaControl(names.symbols, names.aliases, "order"))}


def names_of(params: CountParams) -> Names:
    """The sizes, as names that a formula may use."""
    return Names(tuple(sorted(params.size_names)), tuple(params.aliases.items()))


def given_formula(params: CountParams, value: Value, name: str) -> tuple[Formula, str]:
    """What a student counts, and its text.

    Args:
        params: The question.
        value: As handed in.
        name: The field.

    Raises:
        Unreadable: If it is no formula in the sizes.
    """
    value = number_of_things(value)
    if isinstance(value, Text) and THOUSANDS.fullmatch(value.text):
        value = Text(re.sub(r"\D", "", value.text))
    text = formula_text(value, name, EXAMPLE)
    return at_sizes(params, parse_formula(text, names_of(params), side_by_side=True)), text


def at_sizes(params: CountParams, formula: Formula) -> Formula:
    """A formula with the question's sizes put in, where it has some."""
    return substituted(formula, {name: Constant(Fraction(size)) for name, size in params.lengths.items()})


def right_formula(params: CountParams, asked: str) -> Formula:
    """The right count of a field."""
    return at_sizes(params, count_formula(counted_in(network_in(params), asked)))
