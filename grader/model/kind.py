"""What a kind of question is: a folder `grader/kinds/<kind>/` with one `KIND` of this type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from grader.model.control import Control
from grader.model.outcome import Outcome
from grader.model.run import Call, CallReading
from grader.model.value import Value

P = TypeVar("P", bound=msgspec.Struct)
F = TypeVar("F")

Order: TypeAlias = Callable[[tuple[str, ...]], tuple[str, ...]]
"""From names to the same names in the order in which one student sees them."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Root of every kind's parameters, the `[question.check]` table without `kind`.

    Raise ValueError in `__post_init__` for what types cannot say; the loader adds file and key path.
    Use tuples, not lists, so that parameters can be hashed and expected values kept in a cache.
    """


class Asks(msgspec.Struct, frozen=True, kw_only=True):
    """What a question wants handed in: fields by name, or a function.

    Args:
        fields: What must be there.
        optional: What may be there.
        undescribed: Those among them that a question need not describe.
        function: The function to call, for function questions.
        parts: Keys inside the only field. Where the question's object holds these keys in place of the field,
            it is taken for the field itself.
        also: Other top-level names that the judge may look at, never marked here.
    """

    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    undescribed: tuple[str, ...] = ()
    function: str | None = None
    parts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in for one question, ready for a judge.

    Args:
        fields: The fields that were found, by name. Never empty when a question without a function is judged.
        calls: One reading for each of the question's calls, in order.
        seen: Names that stood in the question's own object but are none of its fields.
        others: What stands at top level under the names of `Asks.also`.
    """

    fields: dict[str, Value] = {}
    calls: tuple[CallReading, ...] = ()
    seen: tuple[str, ...] = ()
    others: dict[str, Value] = {}


class KindExample(msgspec.Struct, frozen=True):
    """A tiny question of the kind and an answer to it: test and documentation in one.

    Args:
        title: What it shows, a sentence.
        params: The `[question.check]` table without `kind`.
        answer: Python source of an answer file; the question's id is `q`.
        verdict: The verdict that must come out.
        code: A feedback code that must be there, or None.
    """

    title: str
    params: dict[str, Any]
    answer: str
    verdict: str
    code: str | None = None


class Judgement(msgspec.Struct, Generic[F], frozen=True):
    """What a judge decided, and the facts that explain it, for step 6.

    Args:
        outcome: The decision as the report has it.
        facts: What was read and decided, in the kind's own type, so that nothing is read or decided twice.
    """

    outcome: Outcome
    facts: F


class Kind(msgspec.Struct, Generic[P], frozen=True):
    """A kind of question: pure functions around its parameters.

    Args:
        params: The type its TOML table is decoded into.
        asks: Which fields or function a question of this kind wants.
        judge: From what was handed in to what was decided; pure, and never raises for a student's mistake
            except `Unreadable`, which becomes the verdict invalid.
        probes: The calls to make, smallest inputs first; empty for questions that are only read. The
            `question` and `function` of each call are filled in by grading.
        examples: At least one that is correct and one that is not. Those of kinds that ask for a
            function are with the tests: a right one would answer a question that comes along.
        shown: What of the parameters is read below the prompt, such as options to choose from.
        shown_with_controls: The same above the form of a page, whose controls show the rest.
        shuffled: The parameters with what may be shuffled in a student's order.
        numbers: The numbers of a right answer, field by field, at full precision, for what variants of an
            exercise require of them; None where a right answer has no numbers.
        own_network: The network that an answer is, a `grader.networks.running.stepwise.OwnNetwork`, to be run
            step by step without a key; None where answers are none.
        controls: How fields are typed into a form; those that are not named are numbers in any
            arrangement. It may tell no more of an answer than the prompt does.
    """

    params: type[P]
    asks: Callable[[P], Asks]
    judge: Callable[[P, Answer], Judgement[Any]]
    examples: tuple[KindExample, ...] = ()
    probes: Callable[[P], tuple[Call, ...]] = lambda params: ()
    shown: Callable[[P], str] = lambda params: ""
    shown_with_controls: Callable[[P], str] = lambda params: ""
    shuffled: Callable[[P, Order], P] = lambda params, order: params
    numbers: Callable[[P], Mapping[str, Any]] | None = None
    own_network: Callable[[P, Answer], Any] | None = None
    controls: Callable[[P], Mapping[str, Control]] = lambda params: {}


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What of a question's check says outright what is right.

    A kind whose parameters hold such a key has `key.py`: `written(params)` names each, and
    `without(check, params)` gives the `[question.check]` table with a blank of the same form in its place, so
    that an answer can be read as before and not be marked. A kind that computes its key has `without` alone,
    or no such module.

    Args:
        place: Below `[question.check]`, such as "values.g1".
        what: What it is, such as "4 numbers".
        instead: How to ask it so that nothing of the kind need be written; empty if that cannot be.
    """

    place: str
    what: str
    instead: str = ""
