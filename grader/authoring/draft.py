"""A drafted question, and its text in an exercise file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from grader.networks.equations.declaration import NetworkTable
from grader.networks.equations.network import Network
from grader.networks.equations.printing import latex_name, written

MOST_WRONG = 6
"""Wrong examples of a question: nobody would read more."""

PLACES = 2
"""Decimal places of what is worked out by hand."""


class NotDrafted(ValueError):
    """A question that cannot be made of this network, or an answer that nobody would write like that."""


@dataclass(frozen=True)
class DraftExample:
    """An example answer.

    Args:
        title: What it shows.
        answer: Python source; the question's id is `{id}` in it.
        is_right: Whether it must be marked correct; a wrong one is written with the verdict that it gets.
        mistake: The id of the known mistake that it shows; empty for none in particular.
    """

    title: str
    answer: str
    is_right: bool = False
    mistake: str = ""


@dataclass(frozen=True)
class DraftQuestion:
    """A question.

    Args:
        id: A Python name.
        points: Of the question.
        prompt: What is asked.
        check: The `[question.check]` table.
        fields: A line on each field.
        signature: Of the function that is asked for; empty where none is.
        hints: From gentle to plain.
        examples: Right and wrong answers.
    """

    id: str
    points: int
    prompt: str
    check: Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""
    hints: Sequence[str] = ()
    examples: Sequence[DraftExample] = ()


@dataclass(frozen=True)
class MarkedExample:
    """An example with its verdict, share of the points and diagnoses."""

    example: DraftExample
    verdict: str
    fraction: str
    diagnoses: tuple[str, ...] = ()


def question_lines(draft: DraftQuestion, label: str, examples: Sequence[MarkedExample]) -> Iterator[str]:
    """The lines of a question.

    Args:
        draft: The question.
        label: What the exercise sheet prints.
        examples: Its examples, marked.
    """
    yield from ("[[question]]", f"id = {_value(draft.id)}", f"label = {_value(label)}")
    yield from (f"points = {draft.points}", f"prompt = '''\n{draft.prompt}\n'''")
    if draft.signature:
        yield f"signature = {_value(draft.signature)}"
    if draft.hints:
        yield from ("hints = [", *(f"    '''{hint}'''," for hint in draft.hints), "]")
    if draft.fields:
        yield from ("", "[question.fields]")
        yield from (f"{name} = {_value(text)}" for name, text in draft.fields.items())
    yield from ("", "[question.check]", *(f"{key} = {_value(one)}" for key, one in draft.check.items()))
    for one in examples:
        yield from ("", "[[question.example]]", f"title = {_value(one.example.title)}")
        yield from (f"answer = '''\n{one.example.answer.strip()}\n'''", f"verdict = {_value(one.verdict)}")
        if one.verdict in ("correct", "partial", "incorrect"):
            yield f"fraction = {_value(one.fraction)}"
        if one.diagnoses:
            yield f"diagnoses = {_value(list(one.diagnoses))}"


def network_lines(name: str, table: NetworkTable) -> Iterator[str]:
    """The lines of a network's table.

    Args:
        name: What it is called in the file.
        table: Its equations.
    """
    yield f"[network.{name}]"
    for key, value in msgspec.to_builtins(table).items():
        if key == "equations":
            yield from ("equations = [", *(f"    {_value(one)}," for one in value), "]")
        elif key != "mistake":
            yield f"{key} = {_value(value)}"
    for mistake in msgspec.to_builtins(table).get("mistake", ()):
        yield from ("", f"[[network.{name}.mistake]]")
        yield from (f"{key} = {_value(value)}" for key, value in mistake.items() if value)


def equations_of(network: Network) -> str:
    """The equations as they stand in a prompt, one a line, in LaTeX."""
    lines = [
        f"$${written_left(one.name, one.is_static)} = {written(one.right_side, style='latex')}$$"
        for one in network.equations
    ]
    return "\n".join(["A network computes, for the steps $t = 1, 2, \\dots$,", *lines])


def written_left(name: str, is_static: bool) -> str:
    """The left side of an equation, in LaTeX."""
    return latex_name(name) + ("" if is_static else "(t)")


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) + " }"
    # A list, a number or a text of JSON is one of TOML.
    return json.dumps(value, ensure_ascii=False)
