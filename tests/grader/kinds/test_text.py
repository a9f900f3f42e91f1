"""Words are counted, kept, and never called right or wrong."""

from __future__ import annotations

import pytest

from grader.errors import SpecError
from grader.kinds import find_kind
from grader.kinds.text.question import TextParams
from grader.model.outcome import Verdict

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
    ],
)
def test_impossible_parameters_are_refused(params, told):

    from grader.specs.decoding import decode

    with pytest.raises(SpecError, match=told):
        decode(params, TextParams, "e.toml", lambda path: path)
