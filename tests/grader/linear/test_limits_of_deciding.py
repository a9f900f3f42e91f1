"""How far off an output may be, just inside and just outside of each limit."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from grader.linear import decision
from grader.linear.decision import Tier, decide, decision_by_places, is_right
from grader.linear.marking import credit
from grader.linear.reading import LinearNetwork
from reference.equivalence import Place, markov_entries
from reference.linear_system import LinearSystem, bits

BIT = F(1, 10**30)


def system(a="1/2", b=1, c=1, d=0, s0=0):
    return LinearSystem(*(((F(x),),) for x in (a, b, c, d)), (F(s0),))


def network(written, nearby=None, widest=None, is_rounded=True, dusted=None):
    return LinearNetwork(written, nearby or written, widest or written, is_rounded, False, dusted)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("wanted", "scale", "error", "tier"),
    [
        # Up to 1e-12 of the larger of 1 and the scale is rounded, up to a borderline of 1e-5 is that.
        (1, 1, F(1, 10**12), Tier.ROUNDED),
        (1, 1, F(1, 10**12) + BIT, Tier.BORDERLINE),
        (0, F(1, 2), F(1, 10**12), Tier.ROUNDED),
        (0, F(1, 2), F(1, 10**12) + BIT, Tier.BORDERLINE),
        (1, 10**3, F(1, 10**9), Tier.ROUNDED),
        (1, 10**3, F(1, 10**9) + BIT, Tier.BORDERLINE),
        (1, 1, F(1, 10**5), Tier.BORDERLINE),
        (1, 1, F(1, 10**5) + BIT, Tier.WRONG),
        (0, 1, F(1, 10**5), Tier.BORDERLINE),
        (0, 1, F(1, 10**5) + BIT, Tier.WRONG),
        # Beside 1000 it is a hundredth, however large the numbers that cancel are.
        (1000, 1000, F(1, 100), Tier.BORDERLINE),
        (1000, 1000, F(1, 100) + BIT, Tier.WRONG),
        (-1000, 1000, F(1, 100), Tier.BORDERLINE),
        (1000, 10**9, F(1, 100), Tier.BORDERLINE),
        (1000, 10**9, F(1, 100) + BIT, Tier.WRONG),
        # A scale that is smaller than what is wanted leaves less.
        (1000, 1, F(1, 10**5), Tier.BORDERLINE),
        (1000, 1, F(1, 10**5) + BIT, Tier.WRONG),
    ],
)
def test_an_error_is_rounded_borderline_or_wrong_by_its_size(wanted, scale, error, tier, sign):
    ours, bound = wanted + sign * error, F(1, 10**5)
    assert decision._tier_of_rounded(F(ours), F(wanted), F(scale), scale + 2 * error, bound) is tier
    # As much as the numbers' own rounding can do, and no more.
    assert decision._tier_of_rounded(F(ours), F(wanted), F(scale), scale + error, bound) is tier
    short = decision._tier_of_rounded(F(ours), F(wanted), F(scale), scale + error - BIT, bound)
    assert short is Tier.WRONG


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("size", [1, -1, F(1, 2), 1000, -1000])
def test_after_long_a_borderline_output_is_off_by_a_thousandth_at_most(size, sign):
    """What is wanted of the response to x_1 at every step, and to the start, is the size, or 0."""
    target = system(1, 1, size)
    for error, tier in ((F(1, 1000), Tier.BORDERLINE), (F(1, 1000) + BIT, Tier.WRONG)):
        written = system(1, 1, size + sign * error * max(1, abs(size)))
        tiers = {Place(1, 1, 0): Tier.BORDERLINE, Place(2, 1, 0): Tier.ROUNDED}
        decision._hold_for_long(written, target, tiers)
        assert tiers == {Place(1, 1, 0): tier, Place(2, 1, 0): Tier.ROUNDED}


@pytest.mark.parametrize(("rate", "tier"), [(F("1.00000998"), Tier.BORDERLINE), (F("1.000011"), Tier.WRONG)])
def test_long_is_a_hundred_steps(rate, tier):
    """(1 + r)^99 - 1 is 988.5e-6 for the first, and 1090e-6 for the other: a thousandth lies between."""
    tiers = {Place(1, 1, 0): Tier.BORDERLINE}
    decision._hold_for_long(system(rate), system(1), tiers)
    assert tiers == {Place(1, 1, 0): tier}


def test_an_output_that_is_wrong_already_keeps_what_rounding_may_explain():
    tiers = {Place(1, 1, 0): Tier.BORDERLINE, Place(2, 1, 0): Tier.WRONG}
    decision._hold_for_long(system(2), system(1), tiers)
    assert tiers == {Place(1, 1, 0): Tier.BORDERLINE, Place(2, 1, 0): Tier.WRONG}


def two(d, a="1/2"):
    """Two states and one output; d is dust in the direct path."""
    half, one, nothing = F(a), F(1), F(0)
    return LinearSystem(
        ((half, nothing), (nothing, half)), ((one,), (nothing,)), ((one, one),), ((F(d),),), (nothing,) * 2
    )


@pytest.mark.parametrize(("less", "tier"), [(0, Tier.ROUNDED), (1, Tier.WRONG)])
def test_dust_is_looked_at_where_a_hundred_steps_are_little_work(less, tier, monkeypatch):
    """The bits of the longest numbers, times the entries of the matrix."""
    made = network(two("6e-17"), dusted=network(two(0), is_rounded=False), is_rounded=False)
    length = bits(made.system, 400)
    monkeypatch.setattr(decision, "MAX_DUST_WORK", length * 2 * 2 - less)
    assert decide(made, two(0)).tier is tier


def test_without_its_dust_a_network_has_to_be_right_at_every_step():
    """Without it only what is shown at once is right; the dust hides nothing."""
    made = network(two("6e-17", "0.3"), dusted=network(two(0, "0.3"), is_rounded=False), is_rounded=False)
    assert decide(made, two(0)).tier is Tier.WRONG
    assert not is_right(made, two(0))


def test_what_is_right_as_written_is_shown_as_written():
    shown = decide(network(system(), nearby=system("1/3")), system())
    assert shown.tier is Tier.EXACT
    assert shown.got_nearby == shown.wanted == markov_entries(system(), 3)
    rational = decide(network(system("0.50000000001"), nearby=system()), system())
    assert (rational.tier, rational.got_nearby) == (Tier.RATIONALISED, rational.wanted)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("size", "is_silent"), [(BIT, True), (BIT + BIT**2, False)])
def test_an_output_is_silent_up_to_the_noise(size, is_silent, sign):
    """The state is the noise and is forgotten at once; asked is 1."""
    wanted = system(0)
    place = Place(1, 1, 0)
    made = decision_by_places(network(system(0, sign * size)), wanted, {place}, {place}, Tier.EXACT, BIT)
    (output,) = made.outputs
    assert output.is_silent is is_silent
    assert (output.tier, output.first_right, output.later_right, output.start_right) == (
        Tier.WRONG,
        False,
        True,
        True,
    )
    assert made.counterexample is not None
    assert credit(made.outputs) == (0 if is_silent else F(1, 2) * (F(4, 10) + F(2, 10)))


@pytest.mark.parametrize(
    ("wrong", "parts"),
    [
        ([Place(1, 1, 0)], (False, True, True)),
        ([Place(2, 1, 0)], (True, False, True)),
        ([Place(3, 1, 0)], (True, False, True)),
        ([Place(1, 0, 0)], (True, True, False)),
        ([Place(3, 0, 0)], (True, True, False)),
        ([Place(1, 1, 0), Place(2, 0, 0)], (False, True, False)),
        ([], (True, True, True)),
    ],
)
def test_an_output_is_right_in_parts_by_where_it_is_wrong(wrong, parts):
    made = decision_by_places(network(system()), system(), set(wrong), set(), Tier.RATIONALISED, BIT)
    (output,) = made.outputs
    assert (output.first_right, output.later_right, output.start_right) == parts
    assert output.tier is (Tier.WRONG if wrong else Tier.RATIONALISED)
    assert made.counterexample is None


def test_an_output_beside_one_with_a_third_stays_exact():
    def made(third):
        half, one, nothing = F(1, 2), F(1), F(0)
        return LinearSystem(((half,),), ((one,),), ((one,), (third,)), ((nothing,), (nothing,)), (nothing,))

    written = made(F("0.3333333333333333"))
    found = decide(network(written, nearby=made(F(1, 3))), made(F(1, 3)))
    assert [output.tier for output in found.outputs] == [Tier.EXACT, Tier.RATIONALISED]
