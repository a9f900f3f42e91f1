"""Orders of growth as answers: judged up to Theta, and explained without telling the right one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from grader.errors import Unreadable
from grader.explaining import explained
from grader.formula.growth.bounds import sizes_in
from grader.formula.growth.compare import Compared, GrowthOrder, compare_growth
from grader.formula.growth.of_formula import NotPositive, growth
from grader.formula.growth.paths import Along, Path, grows, leading, paths
from grader.formula.growth.reading import parse_growth
from grader.formula.growth.scale import Monomial
from grader.formula.marking.judge import Counterexample, JudgedField, not_right, undecided
from grader.formula.marking.question import KnownFormula
from grader.formula.marking.reading import READ_AS, formula_text
from grader.formula.names import Names
from grader.formula.printing import printed
from grader.formula.tree import Formula
from grader.model.outcome import Feedback
from grader.model.value import Value

EXAMPLE = "n^2"
HOW = {
    GrowthOrder.FASTER: Feedback(
        "grows-too-fast", "it grows faster than what is asked: the order wanted is the tight one."
    ),
    GrowthOrder.SLOWER: Feedback("grows-too-slowly", "it grows more slowly than what is asked."),
    GrowthOrder.OTHERWISE: Feedback("grows-otherwise", "it does not grow as what is asked."),
}


class WrongGrowth(NamedTuple):
    """An order of growth that was found wrong, the right one, and what showed it."""

    given: Formula
    right: Formula
    compared: Compared


def judge_growth(name: str, value: Value, right: Formula, names: Names) -> JudgedField:
    """Mark one order of growth.

    Args:
        name: The field.
        value: As handed in.
        right: The author's formula.
        names: The sizes.

    Raises:
        Unreadable: If it is no formula in the sizes, or has no order: it is zero or negative somewhere.
    """
    text = formula_text(value, name, EXAMPLE)
    given, is_shown = parse_growth(text, names)
    feedback = (
        (Feedback(READ_AS, f"{name} was read as {printed(given)}", level="verdict"),) if is_shown else ()
    )
    try:
        compared = compare_growth(given, right)
    except NotPositive:
        what = "it is zero or negative for some large sizes, and an order of growth is positive"
        raise Unreadable(
            what, "leave out what does not count for large sizes", name, "not-an-order"
        ) from None
    match compared.order:
        case GrowthOrder.SAME:
            return JudgedField(name, "right", feedback)
        case GrowthOrder.OPEN:
            return undecided(name, f"the order of growth of {text}: {compared.why}")
    return JudgedField(name, "wrong", (*feedback, not_right(name)), wrong=WrongGrowth(given, right, compared))


def right_growth(where: str, text: str, names: Names) -> Formula:
    """An author's order of growth.

    Raises:
        ValueError: If it is none, or one that is not decided here.
    """
    try:
        formula, _ = parse_growth(text, names)
        compared = compare_growth(formula, formula)
    except Unreadable as error:
        raise ValueError(f"{where}: {error}") from None
    except NotPositive:
        raise ValueError(f"{where}: {text!r} is zero or negative for some large sizes") from None
    if compared.order is not GrowthOrder.SAME:
        raise ValueError(f"{where}: the order of {text!r} cannot be decided: {compared.why}")
    return formula


def about_growth(name: str, wrong: WrongGrowth) -> tuple[tuple[Feedback, ...], Counterexample | None]:
    """The feedback on a wrong order of growth, and sizes that show it."""
    how = HOW[wrong.compared.order]
    clue = explained(lambda: _clue(wrong.compared)) or explained(lambda: _sizes(wrong))
    feedback = [
        not_right(name),
        *(Feedback(one.code, f"{name}: {one.message}") for one in (how, clue) if one),
    ]
    seen = explained(lambda: _along_a_path(wrong))
    if seen is None:
        return tuple(feedback), None
    at = ", ".join(f"{size} = {value}" for size, value in seen.inputs.items())
    text = f"{name}: with {at} and a growing n yours grows as {seen.got}, and what is asked {seen.expected}."
    return (*feedback, Feedback("counterexample", text, level="counterexample")), seen


def recognised_growth(known: Iterable[KnownFormula], given: Formula) -> Iterator[KnownFormula]:
    """The declared wrong orders that an answer is."""
    for one in known:
        try:
            is_that = compare_growth(given, one.effect).order is GrowthOrder.SAME
        except NotPositive:
            continue
        if is_that:
            yield one


def _clue(compared: Compared) -> Feedback | None:
    """Whether factors are missing or too many, where each side is one product of powers of sizes."""
    factors = None if compared.quotient is None else _factors(compared.quotient)
    if not factors:
        return None
    more, less = ([size for size, power in factors if sign * power > 0] for sign in (1, -1))
    if more and less:
        return Feedback("other-factor", "a factor stands in it in place of another.")
    is_logarithm = all(level > 1 for (_, level), _ in factors)
    what = (
        "a logarithm"
        if is_logarithm
        else "one factor"
        if sum(abs(p) for _, p in factors) == 1
        else "a factor"
    )
    if more:
        return Feedback("factor-too-many", f"there is {what} too many.")
    return Feedback("factor-missing", f"{what} is missing.")


def _factors(quotient: Monomial) -> list[tuple[tuple[str, int], Fraction]]:
    """Generators with their powers; empty where an exponential is among them."""
    found = []
    for product, share in quotient:
        if len(product) != 1 or product[0][0][1] < 1 or [prime for prime, _ in share] != [1]:
            return []
        found.append((product[0][0], share[0][1]))
    return found


def _sizes(wrong: WrongGrowth) -> Feedback | None:
    given, right = (set(sizes_in(growth(one).numerator)) for one in (wrong.given, wrong.right))
    if extra := given - right:
        return Feedback("extra-symbol", f"the right one does not depend on {', '.join(sorted(extra))}.")
    if right - given:
        return Feedback("missing-symbol", "the right one depends on a size that yours leaves out.")
    return None


def _along_a_path(wrong: WrongGrowth) -> Counterexample | None:
    """The first simple way for the sizes to grow in which both growths can be told and differ."""
    ours, wanted = growth(wrong.given), growth(wrong.right)
    if len(ours.denominator) > 1 or len(wanted.denominator) > 1:
        return None
    for path in paths(sizes_in({**ours.numerator, **wanted.numerator})):
        a, b = leading(ours.numerator, path), leading(wanted.numerator, path)
        sign = 0 if a is None or b is None else grows(a.exponent, b.exponent)
        if a is None or not sign:
            continue
        if got := _power_text(a.exponent):
            # As what it should grow would be the answer, where there is one size.
            expected = "more slowly" if sign > 0 else "faster"
            return Counterexample(_path_text(path), expected=expected, got=got)
    return None


def _path_text(path: Path) -> dict[str, int | str]:
    base = {0: "n", 1: "log(n)", -1: "exp(n)"}
    return {size: base[k] if w == 1 else f"{base[k]}^{_plain(w)}" for size, (k, w) in path.items()}


def _power_text(exponent: Along) -> str:
    """n^2*log(n), of what stands in the exponent of e; empty where it is nothing so simple."""
    names = {1: "n", 2: "log(n)", 3: "log(log(n))"}
    powers = {}
    for product, share in exponent.items():
        if len(product) != 1 or product[0][1] != 1 or product[0][0] not in names:
            return ""
        if [prime for prime, _ in share] != [1]:
            return ""
        powers[product[0][0]] = share[0][1]
    factors = [names[n] if p == 1 else f"{names[n]}^{_plain(p)}" for n, p in sorted(powers.items())]
    return "*".join(factors) or "a constant"


def _plain(power: Fraction) -> str:
    return str(power) if power.denominator == 1 and power > 0 else f"({power})"
