"""Step 6 for weights: from what was read and decided to the known mistakes that explain it.

First the answer as a whole: is there a small repair that makes it right, such as to transpose a matrix
(`mistakes/transposed_or_exchanged.py`)? Then output by output: which mistake gives just this output
(`mistakes/inputs.py`, `mistakes/decays.py`, `mistakes/without_input.py`)?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from grader.answers.matrices import Matrix, Vector, read_matrix, read_vector
from grader.answers.numbers import read_number
from grader.answers.tables import Table, read_table
from grader.errors import Unreadable
from grader.linear.arrangement import weight_names
from grader.linear.judge import JudgedNetwork
from grader.linear.mistakes.decays import DECAY_MISTAKES
from grader.linear.mistakes.inputs import INPUT_MISTAKES
from grader.linear.mistakes.output import Aspect, Breadth, Output, Pattern, Words, outputs_named, outputs_of
from grader.linear.mistakes.transposed_or_exchanged import find_repair, name_repair
from grader.linear.mistakes.without_input import BIAS_MISTAKES, START_MISTAKES
from grader.linear.question import LinearParams, needed_states, target_system
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis
from grader.model.text import joined
from grader.model.value import Value

OUTPUT_MISTAKES = (*INPUT_MISTAKES, *DECAY_MISTAKES, *START_MISTAKES, *BIAS_MISTAKES)
# Larger states are no homework; exact arithmetic on them takes long, and it has already decided.
MOST_STATES = 12
ALL_ONES = Diagnosis(
    "all-ones", "All weights are 1, as in the question about sizes: here they are to be chosen."
)


def diagnose_weights(params: LinearParams, judged: JudgedNetwork) -> tuple[Diagnosis, ...]:
    """The known mistakes that would have produced these weights; none where all is right."""
    if _are_all_ones(judged.weights[1:]):
        return (ALL_ONES,)
    n, symbolic = judged.n_states, judged.symbolic
    if n > MOST_STATES:
        return ()
    if judged.is_right:
        return _of_state_size(params, n)
    if symbolic is not None and symbolic.right_only:
        text = f"A free symbol stands for any number; here it is right only {symbolic.right_only}."
        return (Diagnosis("parameter-must-be-special", text),)
    if symbolic is not None and symbolic.symbols:
        return ()
    return (*_of_too_few_states(params, n), *_of_behaviour(params, judged))


def _of_state_size(params: LinearParams, n: int) -> tuple[Diagnosis, ...]:
    if params.state_size in (None, n):
        return ()
    text = f"The function is right, but the question fixes the state at {params.state_size}; yours has {n}."
    return (Diagnosis("wrong-state-size", text),)


def _of_too_few_states(params: LinearParams, n: int) -> tuple[Diagnosis, ...]:
    needed = needed_states(params)
    if n < needed <= (params.state_size or needed):
        text = f"A state of {n} is too small: it cannot keep apart all that the outputs need."
        return (Diagnosis("too-few-states", text),)
    return ()


def _of_behaviour(params: LinearParams, judged: JudgedNetwork) -> tuple[Diagnosis, ...]:
    """One repair of the whole answer if there is one, else what explains each output, else two repairs."""
    (s0,), *matrices = judged.weights
    given = dict(zip(weight_names(params.form)[1:], matrices, strict=True))
    repaired = () if judged.symbolic else _repaired(params, given, s0)
    if len(repaired) == 1:
        return repaired
    explanation = explain(outputs_of(judged))
    # Two repairs at once may fit by accident; a mistake that explains every output is the simpler story.
    return explanation.diagnoses if explanation.is_whole or not repaired else repaired


def _repaired(params: LinearParams, given: Mapping[str, Matrix], s0: Vector) -> tuple[Diagnosis, ...]:
    start = None if params.starts_at_zero else s0
    repair = find_repair(params.form, target_system(params), given, start)
    return () if repair is None else name_repair(repair)


def _are_all_ones(matrices: Iterable[Matrix]) -> bool:
    entries = [[entry.value for row in matrix for entry in row] for matrix in matrices]
    return all(len(values) > 1 and set(values) == {1} for values in entries)


class Match(NamedTuple):
    """One mistake seen in one output, with the words that its message takes there."""

    output: int
    mistake: Mistake[Pattern]
    words: Words


class OutputExplanation(NamedTuple):
    """What was seen in the outputs of a network.

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
        return tuple(_together(self.matches))


def explain(outputs: Sequence[Output]) -> OutputExplanation:
    """The mistakes that would have produced these outputs."""
    found = [seen_in(output, aspect) for output in outputs for aspect in wrong_aspects(output)]
    is_whole = all(group and not _is_vague(group[0].mistake.effect) for group in found)
    return OutputExplanation(tuple(group for group in found if group), is_whole)


def _is_vague(pattern: Pattern) -> bool:
    # "s0 shows" explains all that is wrong about the start; "wrong from some step on" explains nothing.
    return pattern.breadth is Breadth.VAGUE and pattern.aspect is Aspect.INPUTS


def wrong_aspects(output: Output) -> tuple[Aspect, ...]:
    """What of an output is not as asked."""
    wrong = () if output.is_right else (Aspect.INPUTS,)
    if output.vanishes(output.start):
        return wrong
    return (*wrong, Aspect.OFFSET if output.has_biases else Aspect.START)


def seen_in(output: Output, aspect: Aspect) -> tuple[Match, ...]:
    """The narrowest mistakes that explain one aspect of an output; all of them if several are as narrow."""
    for breadth in Breadth:
        found = tuple(
            Match(output.row, mistake, words)
            for mistake in OUTPUT_MISTAKES
            if mistake.effect.aspect is aspect and mistake.effect.breadth is breadth
            if (words := mistake.effect.fits(output)) is not None
        )
        if found:
            return found
    return ()


def _together(groups: Iterable[Sequence[Match]]) -> Iterable[Diagnosis]:
    """One diagnosis a mistake, for all outputs that show it; others that give the same say so."""
    outputs: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for group in groups:
        key = tuple(
            (match.mistake.id, match.mistake.message.format_map({"it": "{it}", **match.words}))
            for match in group
        )
        outputs.setdefault(key, []).append(group[0].output)
    messages: dict[str, list[str]] = {}
    for key, where in outputs.items():
        for number, (id, message) in enumerate(key):
            text = message.replace("{it}", outputs_named(where), 1)
            messages.setdefault(id, []).append(f"Or, which gives the same here: {text}" if number else text)
    for id, texts in messages.items():
        yield Diagnosis(id, " ".join(texts))


def diagnose_unreadable_weights(
    params: LinearParams, fields: Mapping[str, Value], unreadable: Unreadable
) -> tuple[Diagnosis, ...]:
    """The known mistakes that explain why weights are no network of the structure."""
    names = weight_names(params.form)[1:]
    try:
        tables = {name: read_table(fields[name], name) for name in names}
    except (Unreadable, KeyError):
        return ()
    if _are_all_ones_in(tables.values()):
        return (ALL_ONES,)
    first = tables[names[0]].shape
    if unreadable.code != "shape" or (first and first[0] > MOST_STATES):
        return ()
    try:
        given = {name: _grid(fields[name], table, name) for name, table in tables.items()}
        s0 = () if params.starts_at_zero else read_vector(fields["s0"], None, "s0")
    except (Unreadable, KeyError):
        return _misshapen(params, tables)
    return _repaired(params, given, s0) or _misshapen(params, tables)


def _are_all_ones_in(tables: Iterable[Table]) -> bool:
    try:
        return all(
            len(table.entries) > 1 and all(read_number(entry, "").value == 1 for entry in table.entries)
            for table in tables
        )
    except Unreadable:
        return False


def _grid(value: Value, table: Table, name: str) -> Matrix:
    # A flat list is a row: transposed it is the column that may have been meant.
    return read_matrix(value, None if len(table.shape) == 2 else 1, None, name)


def _misshapen(params: LinearParams, tables: Mapping[str, Table]) -> tuple[Diagnosis, ...]:
    """The mistakes that show in the shapes alone: columns of the input missing, two state sizes."""
    shapes = {name: table.shape for name, table in tables.items()}
    if not isinstance(params.form, str) or any(len(shape) != 2 for shape in shapes.values()):
        return ()
    if params.has_direct_path:
        n = shapes["Wssx"][0]
        narrow = [name for name, shape in shapes.items() if shape[1] == n]
        if narrow:
            text = f"{joined(narrow)} has columns for the state only: below it stands the input."
            return (Diagnosis("input-columns-missing", text),)
        return ()
    sizes = {"Wss": shapes["Wss"][0], "Wsx": shapes["Wsx"][0], "Wo": shapes["Wo"][1]}
    if len(set(sizes.values())) > 1 and shapes["Wss"][0] == shapes["Wss"][1]:
        listed = ", ".join(f"{name} for {size}" for name, size in sizes.items())
        text = f"The matrices are for states of different sizes: {listed}."
        return (Diagnosis("two-state-sizes", text),)
    return ()
