"""Every check kind is known by its file and holds its own examples, right and wrong."""

from __future__ import annotations

import msgspec
import pytest

from grader.kinds import find_kind, kind_names
from grader.specs.networks import Networks, with_networks

EXAMPLES = [(kind, example) for kind in kind_names() for example in find_kind(kind).examples]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[f"{k}: {e.title}" for k, e in EXAMPLES])
def test_the_example_gets_the_verdict_that_stands_beside_it(marked_alone, kind, example):
    wanted = find_kind(kind).params
    params = msgspec.convert(with_networks(example.params, wanted, Networks(), "", ""), wanted)
    outcome = marked_alone(kind, params, example.answer)
    assert outcome.verdict == example.verdict, outcome
    if example.code is not None:
        assert example.code in {message.code for message in outcome.feedback}, outcome


MARKED_BY_PEOPLE = {
    "text": "words are never called right or wrong by the machine",
    "withheld": "of a key that stays with the course nothing is known",
}


@pytest.mark.parametrize("kind", MARKED_BY_PEOPLE)
def test_a_kind_that_people_mark_earns_and_loses_nothing_by_itself(kind):
    assert {example.verdict for example in find_kind(kind).examples} == {"pending", "missing", "invalid"}


@pytest.mark.parametrize("kind", [kind for kind in kind_names() if kind not in MARKED_BY_PEOPLE])
def test_a_kind_has_examples_of_both_sorts(kind):
    verdicts = {example.verdict for example in find_kind(kind).examples}
    assert "correct" in verdicts
    assert verdicts - {"correct"}


def test_only_listed_names_are_imported():
    with pytest.raises(KeyError):
        find_kind("os")
