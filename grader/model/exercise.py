"""Step 1: an exercise, as its TOML file says it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from grader.model.evidence import Level
from grader.model.hints import HintTerms
from grader.model.kind import Asks, Kind, Params
from grader.model.outcome import Verdict


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one submission may use.

    Args:
        load_cpu_s: CPU seconds for running the file's top level.
        call_cpu_s: CPU seconds for each call, unless the question says otherwise.
        wall_s: Wall seconds for everything; generous, CPU is what counts. Longer where loading, or calls that
            a question allows more time, need it.
        memory_mib: Memory above the bare interpreter with numpy.
        output_kib: Printed text kept; the rest is dropped, so that a forgotten print costs no mark.
    """

    load_cpu_s: float = 5.0
    call_cpu_s: float = 2.0
    wall_s: float = 30.0
    memory_mib: int = 512
    output_kib: int = 64


class ExampleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that stands with the exercise and is its test.

    Args:
        title: What it shows.
        answer: The text of the answer file.
        verdict: What must come out for its question.
        fraction: The exact share of the points, where it is to be held.
        codes: Feedback codes that must be there.
        diagnoses: Diagnosis ids that must be there.
        file: The name under which it is handed in.
    """

    title: str
    answer: str
    verdict: Verdict
    fraction: Fraction | None = None
    codes: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    file: str = "answer.py"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question of an exercise.

    Args:
        id: Name of the answer's object, e.g. "b_i".
        label: As printed on the exercise sheet, e.g. "1(b)i".
        points: Exact.
        prompt: In our own words, mathematics in $...$.
        fields: What each field is, for people; the kind asks for these names.
        asks: Which fields or which function an answer has, as the kind says.
        kind: The kind's name, a folder of `grader/kinds/`.
        params: The table `[question.check]`, decoded.
        check: The kind itself: how an answer is judged.
        hints: From gentle to plain; shown on request only.
        hint_terms: When each hint may be shown and what it costs; empty where all are free.
        errata: Mistakes of the printed sheet, mentioned where they matter.
        signature: How the function is called, for function questions.
        call_cpu_s: CPU seconds for each call; None takes the exercise's limit.
        examples: Right, partly right and wrong answers.
        is_shuffled: Whether students see something of it in orders of their own.
        is_withheld: Whether its key stays with the course: what is read here waits for the course's mark.
    """

    id: str
    label: str
    points: Fraction
    prompt: str
    fields: dict[str, str]
    asks: Asks
    kind: str
    params: Params
    check: Kind[Params]
    hints: tuple[str, ...] = ()
    hint_terms: tuple[HintTerms, ...] = ()
    errata: tuple[str, ...] = ()
    signature: str | None = None
    call_cpu_s: float | None = None
    examples: tuple[ExampleAnswer, ...] = ()
    is_shuffled: bool = False
    is_withheld: bool = False

    @property
    def answered_by(self) -> str:
        """The name that an answer gives something to: the function's, else the question's own."""
        return self.asks.function or self.id

    @property
    def terms(self) -> tuple[HintTerms, ...]:
        """On which terms each of its hints is shown."""
        return self.hint_terms or (HintTerms(),) * len(self.hints)

    @property
    def has_terms(self) -> bool:
        """Whether a hint of it is to be earned or paid for."""
        return any(not one.is_free for one in self.hint_terms)


class Exercise(msgspec.Struct, frozen=True, kw_only=True):
    """A whole exercise.

    Args:
        id: The file's stem, or the name of the folder of an `exercise.toml`.
        digest: Over `text`.
        text: The file, together with the networks of other files that it names.
        reveal: The most that a report may tell its student, one of `grader.model.evidence.LEVELS`.
        unused_networks: Networks that the file declares and no question names.
        variant: The code of the variant that this is; empty where none was asked for.
        values: What was drawn and computed for it, by name, numbers as fractions; empty where the file draws
            nothing. Where it does and no code was asked for, they are those of its sample.
        is_edition: Whether it is a student's edition, made by `rnngrade author release`.
    """

    id: str
    title: str
    source: str
    questions: tuple[Question, ...]
    digest: str
    text: bytes = b""
    seed: int = 0
    introduction: str = ""
    errata: tuple[str, ...] = ()
    limits: Limits = Limits()
    reveal: Level = "working"
    unused_networks: tuple[str, ...] = ()
    variant: str = ""
    values: dict[str, Any] = {}
    is_edition: bool = False

    @property
    def max_points(self) -> Fraction:
        """Points of all questions together."""
        return sum((question.points for question in self.questions), Fraction(0))

    @property
    def varies(self) -> bool:
        """Whether it is different for each student: in what is drawn, or in an order only."""
        return bool(self.values) or any(question.is_shuffled for question in self.questions)
