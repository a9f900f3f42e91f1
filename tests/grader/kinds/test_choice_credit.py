"""Credit of pairs, places and statements over every answer, and which keys can be meant."""

from __future__ import annotations

import itertools
from fractions import Fraction
from string import ascii_lowercase
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.choice.judge import judge
from grader.kinds.choice.question import ChoiceParams, asks, controls, shown, shown_with_controls, shuffled
from grader.model.control import Pick, PickEach
from grader.model.kind import Answer, Judgement
from grader.model.value import Fields, Flag, Items, Text, Value

GATES = {"keep": "the forget gate", "write": "the input gate", "read": "the output gate"}
ITEMS = {"old": "scales c", "new": "scales g"}


def params_of(**table: Any) -> ChoiceParams:
    return msgspec.convert({"options": GATES, **table}, ChoiceParams)


def judged(value: Value, **table: Any) -> Judgement[Any]:
    return judge(params_of(**table), Answer(fields={"choice": value}))


def share(right: int, wrong: int, total: int, credit: str, negative: bool) -> Fraction:
    """By hand: all or nothing, or a part for each, less a part for each that is wrong, never below none."""
    if credit == "all":
        return Fraction(int(right == total))
    return Fraction(max(0, right - (wrong if negative else 0)), total)


CREDITS = [("all", False), ("each", False), ("each", True)]


@pytest.mark.parametrize(("credit", "negative"), CREDITS)
def test_pairs_earn_by_how_many_are_right(credit: str, negative: bool) -> None:
    key = {"old": "read", "new": "keep"}
    for first, second in itertools.product([*GATES, None], repeat=2):
        given = {name: one for name, one in (("old", first), ("new", second)) if one is not None}
        right = sum(key[name] == one for name, one in given.items())
        outcome = judged(
            Fields({name: Text(one) for name, one in given.items()}),
            style="matching",
            items=ITEMS,
            pairs=key,
            credit=credit,
            negative=negative,
        ).outcome
        assert outcome.fraction == share(right, len(given) - right, 2, credit, negative)
        (evidence,) = outcome.evidence
        assert evidence.chosen == given
        assert evidence.n_right == (right if credit == "each" else msgspec.UNSET)
        assert [one.code for one in outcome.feedback] == ([] if outcome.fraction == 1 else ["wrong"])
        if outcome.feedback and credit == "each":
            are = "is" if right == 1 else "are"
            assert outcome.feedback[0].message.startswith(f"{right} of 2 items {are} right. ")


@pytest.mark.parametrize(("credit", "negative"), CREDITS)
def test_places_earn_by_how_many_are_right(credit: str, negative: bool) -> None:
    key = ("read", "keep", "write")
    for order in itertools.permutations(GATES):
        right = sum(a == b for a, b in zip(order, key, strict=True))
        judgement = judged(
            Items(tuple(map(Text, order))), style="ordering", right=key, credit=credit, negative=negative
        )
        assert judgement.outcome.fraction == share(right, 3 - right, 3, credit, negative)
        assert (judgement.facts.n_right, judgement.facts.n_wrong, judgement.facts.total) == (
            right,
            3 - right,
            3,
        )


@pytest.mark.parametrize(("credit", "negative"), CREDITS)
def test_statements_earn_by_how_many_are_right(credit: str, negative: bool) -> None:
    key, why = {"keep", "read"}, {id: f"because of {id}" for id in GATES}
    for flags in itertools.product([True, False, None], repeat=3):
        given = {id: flag for id, flag in zip(GATES, flags, strict=True) if flag is not None}
        wrong = [id for id, flag in given.items() if flag != (id in key)]
        right = len(given) - len(wrong)
        outcome = judged(
            Fields({id: Flag(flag) for id, flag in given.items()}),
            style="true-false",
            right=sorted(key),
            credit=credit,
            negative=negative,
            why=why,
        ).outcome
        assert outcome.fraction == share(right, len(wrong), 3, credit, negative)
        reasons = [(one.message, one.level) for one in outcome.feedback if one.code == "why"]
        letters = dict(zip(GATES, "ABC", strict=True))
        assert reasons == [(f"{letters[id]}: because of {id}", "working") for id in wrong]


@pytest.mark.parametrize(
    ("word", "flag"),
    [
        ("right", True),
        ("Correct!", True),
        ("wrong.", False),
        (" incorrect ", False),
        ("yes", True),
        ("F", False),
    ],
)
def test_a_statement_is_right_or_true_correct_or_not(word: str, flag: bool) -> None:
    judgement = judged(Fields({"keep": Text(word)}), style="true-false", right=["keep"], credit="each")
    assert judgement.facts.chosen == {"keep": flag}
    assert judgement.outcome.fraction == Fraction(int(flag), 3)


@pytest.mark.parametrize("chosen", [("write",), ("keep", "write"), ("write", "read"), ()])
def test_only_what_was_wrongly_chosen_is_explained(chosen: tuple[str, ...]) -> None:
    outcome = judged(
        Items(tuple(map(Text, chosen))), style="several", right=["keep"], why={"write": "It adds."}
    ).outcome
    told = [one.message for one in outcome.feedback if one.code == "why"]
    assert told == (["B: It adds."] if "write" in chosen else [])


def test_an_option_that_is_named_twice_counts_once_and_a_place_does_not() -> None:
    twice = Items((Text("A"), Text("keep")))
    assert judged(twice, right=["keep"]).outcome.fraction == 1
    assert judged(twice, style="several", right=["keep"]).outcome.fraction == 1
    for written, told in (
        ("A B", "C left out"),
        ("A B C A", "stands there twice"),
        ("A A A", "B and C left out"),
    ):
        with pytest.raises(Unreadable, match=told):
            judged(Text(written), style="ordering", right=list(GATES))


@pytest.mark.parametrize("chosen", ["", "A B"])
def test_one_option_is_wanted(chosen: str) -> None:
    with pytest.raises(Unreadable, match="where one was wanted"):
        judged(Items(tuple(map(Text, chosen.split()))), right=["keep"])


def test_the_order_shown_is_kept_where_it_is_the_student_s_own() -> None:
    for shuffle in (True, False):
        (evidence,) = judged(Text("A"), right=["keep"], shuffle=shuffle).outcome.evidence
        assert evidence.order == (list(GATES) if shuffle else msgspec.UNSET)


FOUR = {"one": "first", "two": "second", "three": "third", "four": "fourth"}


@pytest.mark.parametrize("pinned", [(), ("four",), ("one", "three"), tuple(FOUR)])
def test_shuffled_options_move_but_for_the_pinned_ones(pinned: tuple[str, ...]) -> None:
    params = params_of(options=FOUR, right=["one"], shuffle=True, pinned=pinned)
    seen = set()
    for numbers in itertools.permutations(range(4 - len(pinned))):
        moved = shuffled(params, lambda ids, at=numbers: tuple(ids[i] for i in at))
        assert moved.options.items() == FOUR.items()
        places = list(moved.options)
        assert all(places.index(id) == list(FOUR).index(id) for id in pinned)
        seen.add(tuple(places))
    assert len(seen) == len(list(itertools.permutations(range(4 - len(pinned)))))
    still = params_of(options=FOUR, right=["one"])
    assert shuffled(still, lambda ids: ids[::-1]) is still


@pytest.mark.parametrize(
    ("table", "parts"),
    [
        ({"right": ["keep"]}, ()),
        ({"style": "true-false"}, (*GATES, "A", "B", "C", "a", "b", "c")),
        ({"style": "matching", "items": ITEMS, "pairs": dict.fromkeys(ITEMS, "keep")}, (*ITEMS, "1", "2")),
    ],
)
def test_what_stands_in_the_place_of_the_field(table: dict[str, Any], parts: tuple[str, ...]) -> None:
    found = asks(params_of(**table, field="letters"))
    assert (found.fields, found.parts) == (("letters",), parts)


LETTERED = {"keep": "A. the forget gate", "write": "B. the input gate", "read": "C. the output gate"}


@pytest.mark.parametrize(
    ("table", "control"),
    [
        ({"right": ["keep"]}, Pick(GATES, is_one=True)),
        ({"style": "several"}, Pick(GATES, is_one=False)),
        ({"style": "true-false"}, PickEach(GATES, {"true": "true", "false": "false"}, is_list=True)),
        (
            {"style": "matching", "items": ITEMS, "pairs": dict.fromkeys(ITEMS, "keep")},
            PickEach(ITEMS, LETTERED),
        ),
        (
            {"style": "ordering", "right": list(GATES)},
            PickEach({"1": "place 1", "2": "place 2", "3": "place 3"}, LETTERED, is_list=True),
        ),
    ],
)
def test_controls_and_lists_of_a_page(table: dict[str, Any], control: Pick | PickEach) -> None:
    params = params_of(**table)
    assert controls(params) == {"choice": control}
    stands_in_a_list = table.get("style") in ("matching", "ordering")
    assert ("**A.** the forget gate" in shown_with_controls(params)) is stands_in_a_list
    lines = shown(params).split("\n\n")
    items = ["**1.** scales c", "**2.** scales g"] if "items" in table else []
    assert lines[:-1] == [*items, "**A.** the forget gate", "**B.** the input gate", "**C.** the output gate"]


EACH = {"style": "several", "credit": "each"}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"right": ["keep"]}, "All points or none."),
        (EACH, "Each option counts the same. Choosing nothing earns nothing unless nothing is right."),
        (
            {"style": "true-false", "credit": "each", "negative": True},
            "Each statement counts the same; one that is wrong takes off as much, never below 0 in all.",
        ),
    ],
)
def test_how_points_are_given_is_said(table: dict[str, Any], words: str) -> None:
    assert shown(params_of(**table)).endswith(words)


def many(count: int) -> dict[str, str]:
    return {f"o{at}": f"text {letter}{letter}" for at, letter in enumerate((ascii_lowercase * 2)[:count])}


MATCHING = {"style": "matching", "items": ITEMS, "pairs": dict.fromkeys(ITEMS, "keep")}
RIGHT = {"right": ["keep"]}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({**RIGHT, "field": "my choice"}, "name of a field"),
        ({"options": many(1), "right": ["o0"]}, "there are 1; wanted 2"),
        ({"options": many(2), "right": ["o0"]}, None),
        ({"options": many(1), "style": "true-false"}, None),
        ({"options": {}, "style": "true-false"}, "there are 0; wanted 1"),
        ({"options": many(26), "right": ["o0"]}, None),
        ({"options": {**many(26), "more": "more"}, "right": ["o0"]}, "there are 27"),
        ({"options": {"12": "x y", "bb": "y z"}, "right": ["bb"]}, "mixed up"),
        ({"options": {"a1": "x y", "bb": "y z"}, "right": ["bb"]}, None),
        ({"options": {"aa": " ", "bb": "y z"}, "right": ["bb"]}, "no text"),
        (MATCHING, None),
        ({**MATCHING, "items": {"o": "x", "new": "y"}}, "mixed up"),
        ({**MATCHING, "right": ["keep"]}, "written in pairs"),
        ({**MATCHING, "pairs": {"old": "keep"}}, "of each item"),
        ({**MATCHING, "pairs": {**MATCHING["pairs"], "third": "keep"}}, "of each item"),
        ({**MATCHING, "pairs": {**MATCHING["pairs"], "new": "kep"}}, "no option"),
        ({**MATCHING, "why": {"keep": "x"}}, "wrong by itself"),
        ({**MATCHING, "items": {}}, "needs both"),
        ({**RIGHT, "items": ITEMS}, "are for matching"),
        ({**RIGHT, "pairs": {"old": "keep"}}, "are for matching"),
        ({**RIGHT, "why": {"wrte": "x"}}, "no option"),
        ({**RIGHT, "why": {"write": "x"}}, None),
        ({"right": ["keep", "read"]}, "right names 2"),
        ({"style": "several", "right": ["keep", "keep"]}, "twice"),
        ({"style": "several", "right": []}, None),
        ({"style": "ordering", "right": list(GATES)}, None),
        ({"style": "ordering", "right": list(GATES), "why": {"keep": "x"}}, "wrong by itself"),
        ({"style": "true-false", "right": ["keep"], "why": {"keep": "x"}}, None),
        ({"style": "several", "right": ["keep"], "why": {"keep": "x"}}, "this option is right"),
        ({**EACH, "negative": True}, None),
        ({"style": "several", "negative": True}, "only with credit"),
        ({**RIGHT, "shuffle": True, "pinned": ["keep"]}, None),
        ({**RIGHT, "options": {**GATES, "both": "Both the above"}, "shuffle": True}, "those above"),
        ({**RIGHT, "options": {**GATES, "both": "Both the above"}}, None),
        (
            {**RIGHT, "options": {**GATES, "both": "Both the above"}, "shuffle": True, "pinned": ["both"]},
            None,
        ),
        ({"options": {"aa": "A", "bb": "B"}, "right": ["aa"]}, None),
        ({"options": {"aa": "b) x", "bb": "y z"}, "right": ["aa"], "shuffle": True}, "taken for a letter"),
        ({"options": {"aa": "k) x", "bb": "y z"}, "right": ["aa"], "shuffle": True}, None),
        ({"options": {"(a)": "x y", "bb": "y z"}, "right": ["bb"]}, None),
        ({"options": {"(a)": "x y", "bb": "y z"}, "right": ["bb"], "shuffle": True}, "taken for a letter"),
    ],
)
def test_a_key_is_refused_only_where_it_cannot_be_meant(table: dict[str, Any], told: str | None) -> None:
    if told is None:
        params_of(**table)
    else:
        with pytest.raises(msgspec.ValidationError, match=told):
            params_of(**table)
