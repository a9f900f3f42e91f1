"""Choices against credit counted by hand over every possible answer, and what may be said of wrong ones."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.choice.judge import judge
from grader.kinds.choice.question import ChoiceParams, shown
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Array, Fields, Flag, Items, Number, Opaque, Text, Value

GATES = {"keep": "the forget gate", "write": "the input gate", "read": "the $o_t$ gate"}


def marked(value: Value, **table: Any) -> Outcome:
    params = msgspec.convert({"options": GATES, **table}, ChoiceParams)
    return judge(params, Answer(fields={"choice": value})).outcome


@pytest.mark.parametrize(
    "written", ["C", "c", "(c)", "C.", "option C", "С", "read", "the o_t  GATE.", "C) the $o_t$ gate"]
)
def test_an_option_is_found_by_letter_id_and_text(written: str) -> None:
    assert marked(Text(written), right=["read"]).fraction == 1
    assert marked(Text(written), right=["keep"]).fraction == 0


@pytest.mark.parametrize("written", ["", "D", "gate", "A) the input gate", "A or B", "ABC", "x" * 10_000])
def test_nothing_is_guessed(written: str) -> None:
    with pytest.raises(Unreadable):
        marked(Text(written), right=["keep"])


def test_texts_that_differ_in_case_only_need_to_be_written_to_the_letter() -> None:
    options = {"input": "uppercase W", "state": "uppercase w"}
    assert marked(Text("uppercase w"), options=options, right=["state"]).fraction == 1
    with pytest.raises(Unreadable, match="could mean A or B"):
        marked(Text("Uppercase W"), options=options, right=["state"])


def test_numbers_and_flags_are_read_where_options_say_them() -> None:
    options = {"two": "2", "ten": "10"}
    assert marked(Number("2.0", "float"), options=options, right=["two"]).fraction == 1
    assert marked(Flag(False), options={"yes": "True", "not": "False"}, right=["not"]).fraction == 1


def test_formulas_in_a_reason_are_read_as_people_type_them() -> None:
    outcome = marked(Text("B"), right=["keep"], why={"write": "It scales $i_t$, not $c_{t-1}$."})
    (reason,) = (one.message for one in outcome.feedback if one.code == "why")
    assert "cₜ₋₁" in reason
    assert "$" not in reason


@pytest.mark.parametrize("negative", [False, True])
def test_each_option_counts_the_same_for_every_selection_and_key(negative: bool) -> None:
    bits = list(itertools.product((False, True), repeat=3))
    for key, chosen in itertools.product(bits, bits):
        ids = [id for id, is_in in zip(GATES, chosen, strict=True) if is_in]
        right = [id for id, is_in in zip(GATES, key, strict=True) if is_in]
        agree = [a == b for a, b in zip(key, chosen, strict=True)]
        wanted = Fraction(agree.count(True), 3)
        if negative:
            wanted = max(Fraction(0), Fraction(agree.count(True) - agree.count(False), 3))
        if right and not ids:
            wanted = Fraction(0)
        value = Items(tuple(map(Text, ids)))
        table = {"style": "several", "right": right}
        assert marked(value, **table, credit="each", negative=negative).fraction == wanted
        assert marked(value, **table).fraction == (key == chosen)


def test_statements_are_answered_by_letter_as_the_prompt_shows_it() -> None:
    table = {"style": "true-false", "options": {"one": "One.", "two": "Two."}, "right": ["one"]}
    assert '{"A": True, ...}' in shown(msgspec.convert(table, ChoiceParams))
    assert marked(Fields({"A": Flag(True), "B": Flag(False)}), **table).verdict == "correct"


def test_a_statement_left_out_takes_nothing_off() -> None:
    table = {"style": "true-false", "right": ["keep"], "credit": "each", "negative": True}
    assert marked(Fields({"A": Flag(True), "b": Flag(False)}), **table).fraction == Fraction(2, 3)
    assert marked(Fields({"A": Flag(True), "b": Flag(True)}), **table).fraction == 0


def test_only_one_order_is_right() -> None:
    right = ("read", "keep", "write")
    for order in itertools.permutations(GATES):
        value = Items(tuple(map(Text, order)))
        assert marked(value, style="ordering", right=list(right)).fraction == (order == right)
        by_place = Fields({str(place): Text(one) for place, one in reversed([*enumerate(order, 1)])})
        assert marked(by_place, style="ordering", right=list(right)).fraction == (order == right)


@pytest.mark.parametrize(
    ("value", "table"),
    [
        (Text("B"), {"right": ["keep"]}),
        (Items((Text("B"), Text("C"))), {"style": "several", "right": ["keep"], "credit": "each"}),
        (Text("BAC"), {"style": "ordering", "right": ["keep", "write", "read"]}),
    ],
)
def test_a_wrong_answer_is_not_told_the_right_option(value: Value, table: dict[str, Any]) -> None:
    outcome = marked(value, **table, **({} if "ordering" in table.values() else {"why": {"write": "No."}}))
    assert outcome.fraction < 1
    told = " ".join(feedback.message for feedback in outcome.feedback)
    assert GATES["keep"] not in told
    assert not {"keep", "A", "A:"} & set(told.split())
    for feedback in outcome.feedback:
        assert feedback.level == ("counterexample" if feedback.code == "why" else "location")


@pytest.mark.parametrize(
    "value",
    [
        Fields({"1": Text("C"), "2": Text("A")}),
        Fields({"old": Text("read"), "new": Text("the forget gate")}),
        Items((Text("C"), Text("A"))),
        Items((Items((Number("2", "int"), Text("A"))), Items((Number("1", "int"), Text("C"))))),
        *map(Text, ["CA", "C A", "c, a", "1C 2A", "2A, 1C", "1: C; 2: A", "(1) C\n(2) A", "1 -> C, 2 -> A"]),
    ],
)
def test_items_are_matched_by_number_name_pair_or_in_order(value: Value) -> None:
    table = {"style": "matching", "items": {"old": "scales c", "new": "scales g"}}
    assert marked(value, **table, pairs={"old": "read", "new": "keep"}).fraction == 1
    assert marked(value, **table, pairs={"old": "keep", "new": "read"}).fraction == 0


def test_what_is_in_order_and_in_pairs_at_once_is_not_guessed() -> None:
    # "2 layers, 1 layer": the second option and the first, or 2 -> "layers" (no option), 1 -> "layer".
    options = {"one": "1 layer", "two": "2 layers", "bare": "layer", "many": "layers"}
    table = {"style": "matching", "items": {"xx": "x", "yy": "y"}, "options": options}
    pairs = {"xx": "two", "yy": "one"}
    with pytest.raises(Unreadable, match="could mean two things"):
        marked(Text("2 layers, 1 layer"), **table, pairs=pairs)


@pytest.mark.parametrize("written", ["A C", "a c", "A  C", "(A) (C)", "A C and B", "keep read"])
def test_letters_with_spaces_alone_are_several(written: str) -> None:
    right = ["keep", "read"] + ["write"] * ("B" in written)
    assert marked(Text(written), style="several", right=right).fraction == 1


@pytest.mark.parametrize("written", ["A gate", "A D", "a " * 2400])
def test_words_that_are_no_options_are_not_picked_apart(written: str) -> None:
    with pytest.raises(Unreadable):
        marked(Text(written), style="several", right=["keep"])


def test_letters_of_a_text_are_not_taken_apart_where_an_option_says_them() -> None:
    options = {"input": "A", "state": "B", "product": "A B"}
    assert marked(Text("A B"), style="several", options=options, right=["product"]).fraction == 1


def test_a_key_may_be_seen_on_a_picture() -> None:
    options = {"rise": "![A line that rises.](data:,)", "fall": "![A line that falls.](data:,)"}
    for written in ("A", "rise", "a line that rises"):
        assert marked(Text(written), options=options, right=["rise"]).fraction == 1


def test_the_key_cannot_be_seen_from_what_is_shown() -> None:
    pages = {shown(msgspec.convert({"options": GATES, "right": [id]}, ChoiceParams)) for id in GATES}
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"right": []}, "right names 0"),
        ({"right": ["keeep"]}, "no option"),
        ({"options": {"a": "x1", "bb": "x2"}, "right": ["bb"]}, "mixed up"),
        ({"options": {"aa": "B", "bb": "y2"}, "right": ["bb"]}, "could mean"),
        ({"options": {"aa": "same", "bb": " same"}, "right": ["bb"]}, "could mean"),
        ({"right": ["keep"], "why": {"keep": "x"}}, "this option is right"),
        ({"right": ["keep"], "negative": True}, "only with credit"),
        ({"right": ["keep"], "credit": "each"}, "nothing to share"),
        ({"style": "ordering", "right": ["keep"]}, "every option"),
        ({"options": {"aa": "![](data:,)", "bb": "y"}, "right": ["bb"]}, "without words"),
        ({"options": {"aa": "![x](data:,)", "bb": "![x](data:1)"}, "right": ["bb"]}, "could mean"),
        ({"right": ["keep"], "pinned": ["keep"]}, "without shuffle"),
        ({"right": ["keep"], "shuffle": True, "pinned": ["kep"]}, "no option"),
        ({"options": {"aa": "A", "bb": "B"}, "right": ["aa"], "shuffle": True}, "taken for a letter"),
        ({"options": {"aa": "x", "no": "None of the above"}, "right": ["aa"], "shuffle": True}, "pinned"),
        ({"style": "matching", "items": {"one": "x"}, "pairs": {}}, "needs both"),
    ],
)
def test_a_key_that_cannot_be_meant_is_refused(table: dict[str, Any], told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told):
        msgspec.convert({"options": GATES, **table}, ChoiceParams)


@pytest.mark.parametrize(
    "written",
    [
        "B > A > C",
        "B \u2265 A \u2265 C",
        "$B > A > C$",
        "B - A - C",
        "B-A-C",
        "1. B, 2. A, 3. C",
        "**B**, A, C",
    ],
)
def test_an_order_is_read_with_the_signs_that_people_put_between(written: str) -> None:
    table = {"style": "ordering", "right": ["write", "keep", "read"]}
    assert marked(Text(written), **table).fraction == 1


@pytest.mark.parametrize("written", ["C < A < B", "B < A < C", "C \u2264 A \u2264 B"])
def test_an_order_with_signs_that_rise_is_not_marked_as_one_that_falls(written: str) -> None:
    # Of "the largest first" C < A < B says B, A, C; of "the earliest first" it says C, A, B.
    for right in (["write", "keep", "read"], ["read", "keep", "write"]):
        with pytest.raises(Unreadable, match="from its end"):
            marked(Text(written), style="ordering", right=right)


@pytest.mark.parametrize("written", ["|w| < 1, w \u2264 2", "A: |w| < 1; B: w \u2264 2", "|w| < 1\nB"])
def test_options_that_say_less_than_are_read_by_what_they_say(written: str) -> None:
    options = {"small": "|w| < 1", "below": "w \u2264 2", "zero": "w = 0"}
    assert marked(Text(written), style="several", options=options, right=["small", "below"]).fraction == 1


TRUE_ONES = Items((Text("A"), Text("c")))


@pytest.mark.parametrize("value", [TRUE_ONES, *map(Text, ["A, C", "AC", "A and C"])])
def test_the_true_statements_alone_may_be_named(value: Value) -> None:
    table = {"style": "true-false", "credit": "each"}
    assert marked(value, **table, right=["keep", "read"]).fraction == 1
    assert marked(value, **table, right=["write"]).fraction == 0
    assert marked(value, **table, right=["keep"]).fraction == Fraction(2, 3)


def test_letters_that_may_say_true_and_false_are_not_taken_for_statements() -> None:
    options = {f"s{n}": f"Statement {n}." for n in range(1, 7)}  # A to F
    table = {"style": "true-false", "options": options, "right": ["s6"], "credit": "each"}
    with pytest.raises(Unreadable):
        marked(Items((Text("F"),)), **table)
    in_order = Items(tuple(map(Text, "FFFFFT")))
    assert marked(in_order, **table).fraction == 1


def test_statements_are_right_or_wrong_in_any_words_and_in_an_array() -> None:
    table = {"style": "true-false", "right": ["keep"]}
    assert marked(Items((Text("right"), Text("Wrong."), Text("\u2717"))), **table).fraction == 1
    assert marked(Array("|b1", (3,), b"\x01\x00\x00"), **table).fraction == 1
    assert marked(Array("|b1", (3,), b"\x01\x01\x00"), **table).fraction == 0


def test_a_list_may_have_each_item_with_its_letter() -> None:
    table = {"style": "matching", "items": {"old": "scales c", "new": "scales g"}}
    value = Items((Text("2A"), Text("1C")))
    assert marked(value, **table, pairs={"old": "read", "new": "keep"}).fraction == 1
    assert marked(value, **table, pairs={"old": "keep", "new": "read"}).fraction == 0


def test_a_set_is_no_order() -> None:
    with pytest.raises(Unreadable) as told:
        marked(Opaque("a set", ("A", "B", "C")), style="ordering", right=["keep", "write", "read"])
    assert told.value.code == "not-an-order"
    assert told.value.message == "a set has no order"
