"""Options in every form in which people name them, by what each form says, and what could say two things."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.choice.reading import (
    Labels,
    looks_like_mark,
    read_given,
    read_label,
    read_labels,
    read_true_ones,
)
from grader.model.value import Nothing, Opaque, Text, Value

GATES = Labels(
    "option",
    {"keep": "the forget gate", "write": "the input gate", "read": "**The** $o_t$ gate"},
    ("A", "B", "C"),
)
MANY = Labels(
    "option", {f"o{letter}": f"text of {letter * 2}" for letter in ascii_uppercase}, tuple(ascii_uppercase)
)
ITEMS = Labels("item", {"old": "scales c", "new": "scales g"}, ("1", "2"))
COMMAS = Labels(
    "option", {"first": "A, B", "second": "B", "third": "x - y", "fourth": "A B"}, ("A", "B", "C", "D")
)
SIGNS = Labels("option", {"small": "w < 1", "large": "w > 1", "same": "w = 1"}, ("A", "B", "C"))
LONG = "x" * 4999


def what_is_read(read: Any, value: Value, *more: Any) -> Any:
    """What comes out, or the code with which it is refused."""
    try:
        return read(value, *more)
    except Unreadable as error:
        return error.code if error.where == "q" else f"{error.code} at {error.where}"


@pytest.mark.parametrize(
    ("written", "labels", "found"),
    [
        ("A", GATES, "keep"),
        (["A"], GATES, "keep"),
        ([["c"]], GATES, "read"),
        (["A", "A"], GATES, "not-a-choice"),
        ([], GATES, "not-a-choice"),
        (None, GATES, "not-a-choice"),
        ("Option (b).", GATES, "write"),
        ("item 2", ITEMS, "new"),
        ("(2) scales g", ITEMS, "new"),
        ("(2) scales c", ITEMS, "ambiguous-choice"),
        ("2) something", ITEMS, "not-a-choice"),
        ("3) scales c", ITEMS, "not-a-choice"),
        ("3", ITEMS, "not-a-choice"),
        (2, ITEMS, "new"),
        (2.0, ITEMS, "new"),
        (2.5, ITEMS, "not-a-choice"),
        ("B: the\ninput  gate", GATES, "write"),
        ("KEEP", GATES, "keep"),
        ("the O_t gate", GATES, "read"),
        ("the `o_t` gate.", GATES, "read"),
        # Written to the letter; else in any case, where that says one thing.
        ("W", Labels("option", {"big": "W", "low": "w", "no": "x y"}, ("A", "B", "C")), "big"),
        (
            "Ab",
            Labels("option", {"big": "AB", "low": "ab", "no": "x y"}, ("A", "B", "C")),
            "ambiguous-choice",
        ),
        # A letter that is another option's text.
        ("B", Labels("option", {"one": "B", "two": "x y"}, ("A", "B")), "ambiguous-choice"),
        ("A", Labels("option", {"one": "A", "two": "B"}, ("A", "B")), "one"),
        (True, Labels("option", {"yes": "True", "not": "False"}, ("A", "B")), "yes"),
        ("A", Labels("option", {"kk": LONG + "x", "mm": LONG}, ("A", "B")), "kk"),
        (LONG + "x", Labels("option", {"kk": LONG + "x", "mm": LONG}, ("A", "B")), "kk"),
        (LONG + "xx", Labels("option", {"kk": LONG + "xx", "mm": LONG}, ("A", "B")), "not-a-choice"),
    ],
)
def test_one_option_is_named_by_letter_number_id_or_text(
    plain: Any, written: Any, labels: Labels, found: str
) -> None:
    assert what_is_read(read_label, plain(written), labels, "q") == found


def test_what_names_no_option_is_told_what_there_is_to_choose_from() -> None:
    with pytest.raises(Unreadable) as told:
        read_label(Text("D"), GATES, "q")
    assert told.value.message.endswith("is no option of this question")
    assert told.value.hint == "wanted A, B or C, or the text of one"
    with pytest.raises(Unreadable) as told:
        read_label(Text("2. scales c"), ITEMS, "q")
    assert told.value.message.endswith("could mean 2 or 1")


@pytest.mark.parametrize(
    ("written", "labels", "found"),
    [
        ("A", GATES, ("keep",)),
        (["A", "read"], GATES, ("keep", "read")),
        ([], GATES, ()),
        ({"2": "A", "1": "C"}, GATES, ("read", "keep")),
        ("A, C", GATES, ("keep", "read")),
        ("A;B\nC", GATES, ("keep", "write", "read")),
        ("(A, C)", GATES, ("keep", "read")),
        ("{B} and {C}", GATES, "not-a-choice"),
        ("[B, A]", GATES, ("write", "keep")),
        ("A -> B → C", GATES, ("keep", "write", "read")),
        ("A & B", GATES, ("keep", "write")),
        ("CAB", GATES, ("read", "keep", "write")),
        ("cab", GATES, "not-a-choice"),
        ("C1B", GATES, "not-a-choice"),
        ("A, , C,", GATES, ("keep", "read")),
        ("A B", GATES, ("keep", "write")),
        ("A D", GATES, "not-a-choice"),
        ("A - C", GATES, ("keep", "read")),
        ("A-C-B", GATES, ("keep", "read", "write")),
        ("1. C, 2. A", GATES, ("read", "keep")),
        ("1) C\n2) keep\n3) b", GATES, ("read", "keep", "write")),
        ("2. C, 1. A", GATES, "not-a-choice"),
        ("1. C, 3. A", GATES, "not-a-choice"),
        ("1. C, A", GATES, "not-a-choice"),
        ("C, 2. A", GATES, "not-a-choice"),
        ("1. C", GATES, "not-a-choice"),
        # What is an option as a whole is not taken apart.
        ("A, B", COMMAS, ("first",)),
        ("A B", COMMAS, ("fourth",)),
        ("x - y", COMMAS, ("third",)),
        ("A B; x - y", COMMAS, ("fourth", "third")),
        ("w < 1", SIGNS, ("small",)),
        ("w < 1, C", SIGNS, ("small", "same")),
        ("A < C", SIGNS, "ambiguous-choice"),
        ("w < 1, A < C", SIGNS, "ambiguous-choice"),
        ("A ≤ B ≤ C", SIGNS, "ambiguous-choice"),
        ("A > C", SIGNS, ("small", "same")),
        (3, GATES, "not-a-choice"),
        (" ".join("AB" * 26), MANY, ("oA", "oB") * 26),
        (" ".join("AB" * 26 + "A"), MANY, "not-a-choice"),
        ("A" + "," * 4998 + "B", MANY, ("oA", "oB")),
        ("A" + "," * 4999 + "B", MANY, "not-a-choice"),
    ],
)
def test_several_options_are_named_one_after_the_other(
    plain: Any, written: Any, labels: Labels, found: Any
) -> None:
    assert what_is_read(read_labels, plain(written), labels, "q") == found


def flag(value: Value) -> bool:
    if value not in (Text("T"), Text("F")):
        raise Unreadable("no flag", None, "q", "no-flag")
    return value == Text("T")


ONE = Labels("option", {"only": "it is so"}, ("A",))
TRUE, FALSE = {"old": True, "new": False}, {"old": False, "new": True}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({"old": "T", "2": "F"}, TRUE),
        ({"2": "T", "1": "F"}, FALSE),
        ({"1": "T"}, {"old": True}),
        ({"1": "T", "old": "T"}, "given-twice"),
        ({"1": "x"}, "no-flag"),
        ({}, {}),
        (["T", "F"], TRUE),
        ([["2", "T"], ["1", "F"]], FALSE),
        ([["2", "T"]], {"new": True}),
        ([["2", "T", "F"]], "wrong-number"),
        ([["2", "T"], ["1"]], "no-flag"),
        ([["2", "T"], "F"], "no-flag"),
        (["2: T", "1: F"], FALSE),
        (["2T"], {"new": True}),
        (["2T", ["1", "F"]], "no-flag"),
        (["new = T"], {"new": True}),
        (["2: T", "F", "F"], "wrong-number"),
        ([], "wrong-number"),
        (["T", "F", "T"], "wrong-number"),
        ("T, F", TRUE),
        ("T F", TRUE),
        ("TF", TRUE),
        ("T\nF;", TRUE),
        ("1 T, 2 F", TRUE),
        ("1T 2F", TRUE),
        ("2: T, 1: F", FALSE),
        ("2 -> T; 1 -> F", FALSE),
        ("new: T", {"new": True}),
        ("2: T, F", "no-flag"),
        ("", "not-a-list"),
        (" , ", "not-a-list"),
        (3, "not-a-list"),
        (np.array([1.0]), "wrong-number"),
        (np.array([[1.0, 0.0]]), "not-a-list"),
        ("1T" + "," * 4998, {"old": True}),
        ("1T" + "," * 4999, "not-a-list"),
    ],
)
def test_each_item_is_given_something_by_name_or_in_order(plain: Any, written: Any, found: Any) -> None:
    assert what_is_read(read_given, plain(written), ITEMS, "q", flag, "T or F") == found


def test_an_array_is_read_as_a_list_and_one_item_alone_by_what_it_is_given(plain: Any) -> None:
    assert read_given(plain(np.array([1, 0])), ITEMS, "q", lambda one: one.text, "one") == {
        "old": "1",
        "new": "0",
    }
    assert read_given(plain(5), ONE, "q", lambda one: one.text, "one") == {"only": "5"}
    assert what_is_read(read_given, Nothing(), ITEMS, "q", flag, "one") == "not-a-list"


def test_what_can_be_read_in_two_ways_is_not_guessed_and_a_hint_says_how_to_write_it() -> None:
    """Of two items "1", "2": in order they are given 2 and 1, or as pairs."""
    with pytest.raises(Unreadable) as told:
        read_given(Text("1 2, 2 1"), ITEMS, "q", lambda one: one, "one number")
    assert told.value.code == "ambiguous-choice"
    assert told.value.hint == (
        'a list of 2, one number for each in the order shown, or each by its number: {"1": ...}'
    )


def test_letters_and_numbers_are_called_what_they_are() -> None:
    assert (GATES.sign, ITEMS.sign, GATES.mark("read"), ITEMS.mark("new")) == ("letter", "number", "C", "2")


@pytest.mark.parametrize(
    ("written", "named"),
    [
        (["A", "C"], ("oA", "oC")),
        (["A"], ("oA",)),
        ([], None),
        ("A, C", ("oA", "oC")),
        ("AC", ("oA", "oC")),
        ("A", None),
        (["A", "A"], None),
        (["T"], None),
        (["T", "F", "Y", "N"], None),
        ("T, N", None),
        (["T", "A"], ("oT", "oA")),
        (["A", "1"], None),
        ({"A": "B"}, None),
        (3, None),
    ],
)
def test_statements_that_are_named_are_the_true_ones_unless_they_say_yes_or_no(
    plain: Any, written: Any, named: Any
) -> None:
    assert read_true_ones(plain(written), MANY, "q") == named


@pytest.mark.parametrize(
    ("text", "is_mark"),
    [
        ("A", True),
        ("(c)", True),
        ("option b", True),
        ("D", False),
        ("a) x", True),
        ("d) x", False),
        ("A x", False),
        ("a gate", False),
        ("the gate", False),
        ("", False),
    ],
)
def test_what_looks_like_a_letter_that_some_option_has(text: str, is_mark: bool) -> None:
    assert looks_like_mark(text, GATES) is is_mark


def test_a_set_names_options_and_has_no_order() -> None:
    given = Opaque("a set", ("A", "C"))
    assert read_labels(given, GATES, "q") == ("keep", "read")
    assert read_true_ones(given, GATES, "q") == ("keep", "read")
    assert read_true_ones(Opaque("a set"), GATES, "q") is None
