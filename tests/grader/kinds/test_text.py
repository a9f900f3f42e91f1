"""Words are counted, kept, and never called right or wrong."""

from __future__ import annotations

import pytest

from grader.errors import SpecError, Unreadable
from grader.kinds import find_kind
from grader.kinds.text.question import TextParams
from grader.model.kind import Answer
from grader.model.outcome import Verdict
from grader.model.value import Items, Number, Text
from grader.specs.decoding import decode

KIND = find_kind("text")


@pytest.fixture
def marked(marked_alone):
    return lambda answer, **params: marked_alone("text", KIND.params(**params), f"q = {answer!r}")


@pytest.mark.parametrize("answer", ["yes", "0", "The forget gate.", "x" * 9000, "<script>", "Дa", "=1+1"])
def test_any_words_are_pending_and_reach_staff_whole(marked, answer):
    outcome = marked(answer)
    assert (outcome.verdict, outcome.fraction, outcome.basis) == (Verdict.PENDING, 0, None)
    assert [one.message for one in outcome.feedback if one.audience == "staff"] == [answer]


@pytest.mark.parametrize(
    ("words", "codes"),
    [(2, ["too-few-words"]), (3, []), (5, []), (6, ["too-many-words"])],
)
def test_limits_are_told_and_cost_nothing(marked, words, codes):
    outcome = marked("word " * words, min_words=3, max_words=5)
    assert outcome.verdict is Verdict.PENDING
    told = [one.code for one in outcome.feedback if one.audience == "student"]
    assert told == ["handed-in", *codes]
    assert outcome.facts == {"words": words}


@pytest.mark.parametrize("answer", [3, 0.5, True, [1, 2], {"words": "x"}, [], ["a", 2]])
def test_what_is_no_text_is_not_read_as_one(marked, answer):
    assert marked(answer).verdict in (Verdict.INVALID, Verdict.MISSING)


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"min_words": 0}, "min_words is 0"),
        ({"min_words": 9, "max_words": 8}, "max_words 8"),
        ({"max_words": 1501}, "max_words 1501"),
        ({"rubric": [{"id": "a", "points": "1", "text": "t"}] * 2}, "two items are called 'a'"),
        ({"rubric": [{"id": "a b", "points": "1", "text": "t"}]}, "'a b' is no id"),
        ({"rubric": [{"id": "a", "points": "0", "text": "t"}]}, "points is 0"),
        ({"rubric": [{"id": "a", "points": "-1/2", "text": "t"}]}, "points is -1/2"),
        *(
            ({"rubric": [{"id": id, "points": "1", "text": "t"}]}, "is no id")
            for id in ("", "a,b", "a;b", " ")
        ),
        ({"rubric": [{"id": "a", "points": "1", "text": "t", "more": "x"}]}, "more"),
        ({"more": 1}, "more"),
    ],
)
def test_impossible_parameters_are_refused(params, told):
    with pytest.raises(SpecError, match=told):
        decode(params, TextParams, "e.toml", lambda path: path)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"min_words": 1, "max_words": 1},
        {"max_words": 1500},
        {"min_words": 1500},
        {"rubric": [{"id": id, "points": "1/3", "text": "t"} for id in ("a", "b")]},
    ],
)
def test_possible_parameters_are_taken(params):
    read = decode(params, TextParams, "e.toml", lambda path: path)
    assert (read.min_words, read.max_words) == (params.get("min_words", 1), params.get("max_words", 1500))


def test_lines_of_a_list_are_lines_and_what_is_not_given_is_missing():
    lines = Items((Text(" a b"), Text("c ")))
    judgement = KIND.judge(TextParams(), Answer(fields={"text": lines}))
    assert (judgement.facts, judgement.outcome.facts) == ("a b\nc", {"words": 3})
    for fields in ({}, {"text": Text("  ")}):
        assert KIND.judge(TextParams(), Answer(fields=fields)).outcome.verdict is Verdict.MISSING
    for value in (Items(()), Items((Text("a"), Number("2", "int"))), Number("2", "int")):
        with pytest.raises(Unreadable) as told:
            KIND.judge(TextParams(), Answer(fields={"text": value}))
        assert (told.value.code, told.value.where) == ("no-text", "text")
