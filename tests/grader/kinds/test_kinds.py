"""Every check kind is known by its file and holds its own examples, right and wrong."""

from __future__ import annotations

import runpy
from pathlib import Path

import msgspec
import pytest

from grader.kinds import find_kind, kind_names
from grader.model.kind import KindExample, Params
from grader.specs.decoding import decode
from grader.specs.networks import Networks, with_networks


def of_functions() -> dict[str, tuple[KindExample, ...]]:
    """What is no part of the package, by kind: right functions would answer questions that come along."""
    files = sorted(Path(__file__).with_name("answers_to_kinds").glob("*.py"))
    return {path.stem: tuple(runpy.run_path(str(path))["EXAMPLES"]) for path in files}


OF_KIND = {kind: find_kind(kind).examples for kind in kind_names()} | of_functions()
EXAMPLES = [(kind, example) for kind, examples in OF_KIND.items() for example in examples]


def params_of(kind: str, example: KindExample) -> Params:
    """As an exercise file's: a share may be written "1/3"."""
    wanted = find_kind(kind).params
    return decode(with_networks(example.params, wanted, Networks(), "", ""), wanted, kind, str)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[f"{k}: {e.title}" for k, e in EXAMPLES])
def test_the_example_gets_the_verdict_that_stands_beside_it(marked_alone, kind, example):
    outcome = marked_alone(kind, params_of(kind, example), example.answer)
    assert outcome.verdict == example.verdict, outcome
    if example.code is not None:
        assert example.code in {message.code for message in outcome.feedback}, outcome


MARKED_BY_PEOPLE = {
    "text": "words are never called right or wrong by the machine",
    "withheld": "of a key that stays with the course nothing is known",
}


@pytest.mark.parametrize("kind", MARKED_BY_PEOPLE)
def test_a_kind_that_people_mark_earns_and_loses_nothing_by_itself(kind):
    assert {example.verdict for example in OF_KIND[kind]} == {"pending", "missing", "invalid"}


@pytest.mark.parametrize("kind", [kind for kind in kind_names() if kind not in MARKED_BY_PEOPLE])
def test_a_kind_has_examples_of_both_sorts(kind):
    verdicts = {example.verdict for example in OF_KIND[kind]}
    assert "correct" in verdicts
    assert verdicts - {"correct"}


def test_only_listed_names_are_imported():
    with pytest.raises(KeyError):
        find_kind("os")


@pytest.mark.parametrize("kind", [kind for kind in kind_names() if OF_KIND[kind]])
def test_the_package_holds_no_right_function(kind):
    asks = find_kind(kind).asks
    for example in find_kind(kind).examples:
        assert asks(params_of(kind, example)).function is None or example.verdict != "correct"


@pytest.mark.parametrize("name", kind_names())
def test_a_misspelt_parameter_is_refused(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `no_such_parameter`"):
        msgspec.convert({"no_such_parameter": 1}, find_kind(name).params)
