"""A whole exercise file made of drafts; keeps the examples that are marked as they should be."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.authoring.as_code import code_draft
from grader.authoring.by_hand import count_draft, shape_draft, trace_draft
from grader.authoring.draft import (
    DraftExample,
    DraftQuestion,
    MarkedExample,
    NotDrafted,
    network_lines,
    question_lines,
)
from grader.errors import SpecError
from grader.grading.examples import outcome_of
from grader.kinds import find_kind, kind_names
from grader.model.outcome import Verdict
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network
from grader.specs import Kinds, load_exercise

DRAFTS: dict[str, Callable[[Network, str], DraftQuestion]] = {
    "trace": trace_draft,
    "code": code_draft,
    "count": count_draft,
    "shape": shape_draft,
}
DECIDED = (Verdict.PARTIAL, Verdict.INCORRECT)


def new_exercise(name: str, table: NetworkTable, source: str, kinds: Sequence[str]) -> str:
    """The text of an exercise file about a network, whose examples are marked as it says.

    Args:
        name: What the network is called in the file, a Python name.
        table: Its equations.
        source: Where they come from.
        kinds: Which kinds of question to draft.

    Raises:
        SpecError: If there is no draft of a kind, or none of this network.
        NotDrafted: If an answer that should be right is not marked so: the drafting is at fault.
    """
    if not kinds:
        raise SpecError("name at least one kind", f"there are drafts of {joined(tuple(DRAFTS))}")
    network = network_of(table)
    drafts = []
    for kind in kinds:
        if kind not in DRAFTS:
            raise SpecError(f"no draft of kind {kind!r}", f"there are drafts of {joined(tuple(DRAFTS))}")
        try:
            drafts.append(DRAFTS[kind](network, name))
        except NotDrafted as error:
            raise SpecError(f"no question of kind {kind!r} can be made of this network: {error}") from None
    head = [f"title = {json.dumps(f'A network: {name}')}", f"source = {json.dumps(source)}", "seed = 1", ""]
    head += network_lines(name, table)
    rough = "\n".join(_lines(head, [(one, _roughly(one)) for one in drafts]))
    marked = _marked(rough, drafts)
    return "\n".join(_lines(head, list(zip(drafts, marked, strict=True)))).rstrip() + "\n"


def _lines(
    head: Sequence[str], questions: Sequence[tuple[DraftQuestion, Sequence[MarkedExample]]]
) -> Iterator[str]:
    yield from head
    for number, (draft, examples) in enumerate(questions, 1):
        named = [
            MarkedExample(_of_question(one.example, draft.id), one.verdict, one.fraction, one.diagnoses)
            for one in examples
        ]
        yield from ("", *question_lines(draft, str(number), named), "")


def _of_question(example: DraftExample, id: str) -> DraftExample:
    answer = example.answer.replace("{id}", id)
    return DraftExample(example.title, answer, example.is_right, example.mistake)


def _roughly(draft: DraftQuestion) -> list[MarkedExample]:
    return [
        MarkedExample(one, "correct" if one.is_right else "incorrect", "1" if one.is_right else "0")
        for one in draft.examples
    ]


def _marked(text: str, drafts: Sequence[DraftQuestion]) -> list[list[MarkedExample]]:
    """The examples with their marks; a wrong one that gets another diagnosis than it shows is left out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "draft.toml")
        path.write_text(text, encoding="utf-8")
        exercise = load_exercise(path, Kinds(kind_names(), find_kind), shown_as="the drafted file")
    found = []
    for draft, question in zip(drafts, exercise.questions, strict=True):
        kept = []
        for example, answer in zip(draft.examples, question.examples, strict=True):
            outcome = outcome_of(exercise, question.id, answer)
            ids = tuple(one.id for one in outcome.diagnoses)
            fraction = str(outcome.fraction)
            if example.is_right and outcome.verdict is not Verdict.CORRECT:
                title, verdict = answer.title, outcome.verdict.value
                raise NotDrafted(f"{draft.check['kind']}: the right answer {title!r} is marked {verdict}")
            fits = not ids or not example.mistake or example.mistake in ids
            if example.is_right or (outcome.verdict in DECIDED and fits):
                named = (example.mistake,) if example.mistake in ids else ids[:1]
                kept.append(MarkedExample(example, outcome.verdict.value, fraction, named))
        found.append(kept)
    return found
