"""Right answers of exercises, typed into the controls of their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader.kinds import find_kind, kind_names
from grader.model.control import Control, GridControl, Pick, PickEach, YesNo
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Verdict
from grader.serve.controls import controls_of
from grader.specs import Kinds, load_exercise
from grader.specs.catalog import installed_files
from grader.variants.code import code_of
from tests.grader.serve.conftest import SECRET

if TYPE_CHECKING:
    from playwright.sync_api import Locator

RIGHT = (Verdict.CORRECT, Verdict.PENDING)


def exercise_of(name: str, student: str) -> Exercise:
    """An exercise that comes along with its examples, as a student has it."""
    kinds = Kinds(kind_names(), find_kind)
    path = installed_files()[name]
    sample = load_exercise(path, kinds, with_examples=True)
    if not sample.varies:
        return sample
    code = code_of(student, name, SECRET.encode())
    return load_exercise(path, kinds, with_examples=True, variant=code)


def right_answer(question: Question) -> str | Mapping[str, Any]:
    """The first right example: the text of its file where a function is asked, else its fields."""
    example = next(one for one in question.examples if one.verdict in RIGHT)
    if question.asks.function is not None:
        return example.answer
    names: dict[str, Any] = {}
    exec(example.answer, names)  # ours, and it comes along
    answer = names[question.id]
    (*asked,) = (*question.asks.fields, *question.asks.optional)
    has_fields = isinstance(answer, dict) and not answer.keys().isdisjoint(asked)
    return answer if has_fields else {asked[0]: answer}


def type_in(form: Locator, question: Question, answer: str | Mapping[str, Any]) -> None:
    """Type an answer into the form of its question."""
    if isinstance(answer, str):
        form.locator("[name$='/code']").fill(answer)
        return
    for name, control in controls_of(question).items():
        if name in answer:
            _type_field(form, name, control, answer[name])


def _type_field(form: Locator, name: str, control: Control, value: Any) -> None:
    def part(*places: object) -> Locator:
        return form.locator(f"[name$='/{'.'.join(map(str, (name, *places)))}']")

    match control:
        case GridControl(columns=columns):
            for row, entries in enumerate(value):
                for column, entry in enumerate(entries if columns else [entries]):
                    part(row, column).fill(str(entry))
        case YesNo():
            form.locator(f"[name$='/{name}'][value={'yes' if value else 'no'}]").check()
        case Pick():
            for one in [value] if isinstance(value, str) else value:
                form.locator(f"[name$='/{name}'][value='{one}']").check()
        case PickEach(places=places):
            each = value if isinstance(value, dict) else dict(zip(places, value, strict=True))
            for place, one in each.items():
                part(place).select_option(str(one).lower() if isinstance(one, bool) else one)
        case _:
            text = "\n".join(value) if isinstance(value, list) and isinstance(value[0], str) else str(value)
            part().fill(text)
