"""From a case to the mistakes that explain it, each said once for all outputs it shows in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.linear.mistakes.case import Case, Output
from grader.linear.mistakes.declaration import Aspect, Breadth, OutputMistake
from grader.linear.mistakes.inputs import INPUT_MISTAKES
from grader.linear.mistakes.start import START_MISTAKES
from grader.model.outcome import Diagnosis

OUTPUT_MISTAKES = (*INPUT_MISTAKES, *START_MISTAKES)


class Match(NamedTuple):
    """One mistake seen in one output."""

    output: int
    mistake: OutputMistake
    sentence: str


class Explanation(NamedTuple):
    """What was seen in the outputs of a case.

    Args:
        matches: For each wrong output and aspect the narrowest mistakes that fit; several where the question
            cannot tell them apart.
        is_whole: Whether every wrong output is explained by a mistake that is not vague.
    """

    matches: tuple[tuple[Match, ...], ...]
    is_whole: bool

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """Each mistake once, with all outputs that it shows in."""
        return tuple(_told(self.matches))


def explain(case: Case) -> Explanation:
    """The mistakes that would have produced the outputs of the case."""
    found = [seen_in(output, aspect) for output in case.outputs for aspect in wrong_aspects(output)]
    matches = tuple(group for group in found if group)
    is_whole = all(group and not _is_vague(group[0].mistake) for group in found)
    return Explanation(matches, is_whole)


def _is_vague(mistake: OutputMistake) -> bool:
    # That s0 shows is a whole story; that something is wrong from some step on is not.
    return mistake.breadth is Breadth.VAGUE and mistake.aspect is Aspect.INPUTS


def wrong_aspects(output: Output) -> tuple[Aspect, ...]:
    """What of an output is not as asked."""
    wrong = () if output.is_right else (Aspect.INPUTS,)
    return wrong if output.vanishes(output.start) else (*wrong, Aspect.START)


def seen_in(output: Output, aspect: Aspect) -> tuple[Match, ...]:
    """The narrowest mistakes that explain one aspect of an output; all of them if several are as narrow."""
    for breadth in Breadth:
        found = []
        for mistake in OUTPUT_MISTAKES:
            if mistake.aspect is aspect and mistake.breadth is breadth:
                sentence = mistake.sees(output)
                if sentence is not None:
                    found.append(Match(output.row, mistake, sentence))
        if found:
            return tuple(found)
    return ()


def _told(groups: Iterable[Sequence[Match]]) -> Iterable[Diagnosis]:
    """Outputs with the same sentences are told together; what cannot be told apart is told as such."""
    together: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for group in groups:
        key = tuple((match.mistake.id, match.sentence) for match in group)
        together.setdefault(key, []).append(group[0].output)
    sentences: dict[str, list[str]] = {}
    for key, outputs in together.items():
        for number, (id, sentence) in enumerate(key):
            text = sentence.replace("{it}", outputs_named(outputs), 1)
            told = f"Or, which gives the same here: {text}" if number else text
            sentences.setdefault(id, []).append(told)
    for id, texts in sentences.items():
        yield Diagnosis(id, " ".join(texts))


def outputs_named(outputs: Sequence[int]) -> str:
    """g_t[2], or each of g_t[2] and g_t[3]: a subject in the singular."""
    names = [f"g_t[{i + 1}]" for i in outputs]
    if len(names) == 1:
        return names[0]
    return f"Each of {', '.join(names[:-1])} and {names[-1]}"
