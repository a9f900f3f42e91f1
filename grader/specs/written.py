"""An exercise file as it is written, before kinds and fractions are understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from grader.model.evidence import Level
from grader.model.exercise import Limits
from grader.model.kind import Kind
from grader.model.outcome import Verdict


class WrittenExample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[question.example]]` table."""

    title: str
    answer: str
    verdict: Verdict
    fraction: int | float | str | None = None
    codes: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()


class WrittenQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[question]]` table; `check` is decoded later, by the type of its kind."""

    id: str
    label: str
    points: int | float | str
    prompt: str
    check: dict[str, Any]
    fields: dict[str, str] = {}
    hints: tuple[str, ...] = ()
    errata: tuple[str, ...] = ()
    signature: str | None = None
    call_cpu_s: float | None = None
    example: tuple[WrittenExample, ...] = ()


class WrittenExercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    title: str
    source: str
    question: tuple[WrittenQuestion, ...]
    introduction: str = ""
    errata: tuple[str, ...] = ()
    seed: int = 0
    limits: Limits = Limits()
    reveal: Level = "working"


@dataclass(frozen=True)
class Kinds:
    """The kinds of question that an exercise file may name.

    The caller passes them in, so that reading an exercise file does not depend on any kind.

    Args:
        names: All of them; listing imports none.
        find: The kind of a listed name, imported when asked for.
    """

    names: tuple[str, ...]
    find: Callable[[str], Kind[Any]]
