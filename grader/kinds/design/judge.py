"""Step 5: the weights decided on all words; a shortest one that fails is shown."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.design.changes import on_at_zero, with_strict_units
from grader.kinds.design.deciding import DesignFacts, decided_facts, student_of
from grader.kinds.design.question import DesignParams, Task, task_of
from grader.kinds.design.shown import (
    MOST_STEPS,
    ShownWord,
    Trace,
    json_number,
    row_text,
    shown,
    traced,
    word_text,
)
from grader.kinds.design.weights import read_weights
from grader.model.evidence import (
    COUNTEREXAMPLE,
    LOCATION,
    PROVED_FOR_ALL_INPUTS,
    WORKING,
    Basis,
    Evidence,
    tried_on,
)
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, Verdict, verdict_for
from grader.model.text import could_not_decide, counted, joined
from grader.networks.automaton.decide import Decided, decide
from grader.networks.automaton.entries import DividesByZero
from grader.networks.drawn import DrawnRun, UnrolledDrawing, unrolled, value_row

# In letters; what is longer nobody reads, and the evidence has it.
LONGEST_STEPS = 500
# So many states of a target are looked at for whether an output ever changes.
MOST_WANTED_STATES = 1000


class DesignEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of decided weights."""

    sizes: Annotated[dict[str, int], LOCATION]
    states_compared: Annotated[int | UnsetType, LOCATION] = UNSET
    deciding_steps: Annotated[int | UnsetType, LOCATION] = UNSET
    boxes: Annotated[int | UnsetType, LOCATION] = UNSET
    words_up_to: Annotated[int | UnsetType, LOCATION] = UNSET
    outputs_right: Annotated[dict[str, bool] | UnsetType, LOCATION] = UNSET
    counterexample: Annotated[ShownWord | UnsetType, COUNTEREXAMPLE] = UNSET
    units: Annotated[dict[str, list[list[Any]]] | UnsetType, WORKING] = UNSET
    unrolled: Annotated[UnrolledDrawing | UnsetType, WORKING] = UNSET


def judge(params: DesignParams, answer: Answer) -> Judgement[DesignFacts]:
    """Decide the weights against the target."""
    task = task_of(params)
    weights = read_weights(task, answer.fields)
    try:
        facts = decided_facts(task, weights)
    except DividesByZero:
        raise Unreadable("the network divides by zero", None, code="not-finite") from None
    if facts.decided.kind == "right":
        return Judgement(_right(facts), facts)
    if facts.decided.kind == "open":
        return Judgement(_open(facts), facts)
    return Judgement(_wrong(facts), facts)


def _right(facts: DesignFacts) -> Outcome:
    found = facts.decided.search
    messages = []
    if facts.values != facts.weights.values():
        text = "Right, reading decimals such as 0.3333333333333333 as the fractions they stand for."
        messages.append(Feedback("rationalised", text))
    if found.has_ties:
        text = "Some outputs stand on their threshold, as far as rounding lets it be known: they count as on."
        messages.append(Feedback("on-the-threshold", text))
    if facts.is_rounded:
        text = 'Right up to the rounding of your numbers. Fractions such as "1/3" are taken exactly.'
        messages.append(Feedback("right-up-to-rounding", text))
    if not facts.decided.is_proved:
        text = (
            f"Right on all words of up to {counted(found.length, 'letter')}, and on long ones; "
            "whether it is right on all words could not be proved."
        )
        messages.append(Feedback("right-up-to-length", text))
    return Outcome(
        verdict=Verdict.CORRECT,
        fraction=Fraction(1),
        basis=tried_on(found.length, "length") if facts.is_rounded else _basis(facts.decided),
        feedback=tuple(messages),
        evidence=(_evidence(facts),),
    )


def _basis(decided: Decided) -> Basis:
    return PROVED_FOR_ALL_INPUTS if decided.is_proved else tried_on(decided.search.length, "length")


def _open(facts: DesignFacts) -> Outcome:
    length = facts.decided.search.length
    staff = (
        f"No difference on all words of up to {counted(length, 'letter')}; within the budget of the search "
        "that is too little to call the weights right. They have many states, or numbers of many digits."
    )
    text = could_not_decide("these weights")
    return Outcome(
        verdict=Verdict.UNDECIDED,
        fraction=Fraction(0),
        feedback=(Feedback("too-many-states", text), Feedback("too-many-states", staff, "staff")),
        evidence=(_evidence(facts),),
    )


def _wrong(facts: DesignFacts) -> Outcome:
    share, outputs = _outputs_right(facts)
    student = student_of(facts.task, facts.values, facts.weights.sizes)
    trace = explained(lambda: traced(facts.task, student, facts.decided.word))
    messages = explained(lambda: tuple(_messages(facts, trace))) if trace else ()
    evidence = _evidence(facts)
    if trace:
        evidence = msgspec.structs.replace(
            evidence,
            counterexample=shown(facts.task, trace, facts.decided.word),
            units={name: [list(step[name]) for step in trace.values] for name in trace.values[0]},
            unrolled=explained(lambda: _drawn(facts, trace)) or UNSET,
        )
    if outputs:
        evidence = msgspec.structs.replace(evidence, outputs_right=outputs)
    return Outcome(
        verdict=verdict_for(share),
        fraction=share,
        basis=_basis(facts.decided),
        feedback=messages or (),
        evidence=(evidence,),
    )


def _drawn(facts: DesignFacts, trace: Trace) -> UnrolledDrawing | None:
    """The network with its weights on the word that it fails."""
    task, last = facts.task, len(trace.values)
    letters = [task.letters[letter] for letter in facts.decided.word]
    values = {
        name: [value_row(letter[name], json_number) for letter in letters] for name in task.network.inputs
    }
    values |= {name: [list(step[name]) for step in trace.values] for name in trace.values[0]}
    run = DrawnRun(
        values=values,
        parameters={
            name: [[json_number(x.value) for x in row] for row in rows]
            for name, rows in facts.weights.numbers.items()
        },
        wrong=(task.network.output[0], last),
        right=[(name, t) for t in range(1, last) for name in task.network.output],
    )
    return unrolled(task.network, run)


def _outputs_right(facts: DesignFacts) -> tuple[Fraction, dict[str, bool]]:
    """What single outputs earn where there are several: each that changes and is right on all words.

    One that has to stay as it is earns nothing where it is right, and costs its share where it is wrong.
    """
    task = facts.task
    names = _output_names(task)
    if len(names) < 2 or facts.is_constant:
        return Fraction(0), {}
    student = student_of(task, facts.values, facts.weights.sizes)
    right = {
        name: decide(replace(student, only=number), task.target).kind == "right"
        for number, name in enumerate(names)
    }
    # One at least counts: on the word that was found some output is wrong.
    counting = [
        is_right
        for number, is_right in enumerate(right.values())
        if not (is_right and _is_wanted_constant(task, number))
    ]
    return Fraction(sum(counting), len(counting)), right


def _is_wanted_constant(task: Task, output: int) -> bool:
    seen, waiting, values = {0}, [0], set()
    while waiting and len(seen) < MOST_WANTED_STATES:
        moves = task.target.moves(waiting.pop())
        values |= {row[output] for row in moves.outputs}
        new = set(moves.states) - seen
        seen |= new
        waiting.extend(new)
    return len(values) == 1


def _output_names(task: Task) -> list[str]:
    return [
        name if width == 1 else f"{name}[{place}]"
        for name, width in task.outputs.items()
        for place in range(1, width + 1)
    ]


def _evidence(facts: DesignFacts) -> DesignEvidence:
    decided = facts.decided
    found = decided.search
    evidence = DesignEvidence(
        sizes={name: facts.weights.sizes[name] for name in facts.task.free},
        states_compared=found.states,
        boxes=decided.boxes or UNSET,
    )
    if decided.is_proved and not decided.boxes and not facts.is_rounded:
        return msgspec.structs.replace(evidence, deciding_steps=len(decided.word) or found.length)
    if not decided.is_proved or facts.is_rounded:
        return msgspec.structs.replace(evidence, words_up_to=found.length)
    return evidence


def _messages(facts: DesignFacts, trace: Trace) -> Iterator[Feedback]:
    task = facts.task
    yield Feedback("counterexample", _where_it_fails(facts, trace), level="counterexample")
    if len(steps := _steps(trace)) <= LONGEST_STEPS:
        yield Feedback("step-by-step", f"Step by step: {steps}.", level="working")
    if trace.ties and _hinges_on_a_tie(facts):
        step, name = trace.ties[-1]
        text = (
            f"At step {step} a sum in {name} is exactly at the threshold of its unit, and that makes the "
            f"difference{': step(0) is 1' if on_at_zero(task.network) else ''}."
        )
        yield Feedback("tie", text)
    if facts.is_constant:
        yield Feedback("constant-output", "The output is the same whatever comes in.")


def _where_it_fails(facts: DesignFacts, trace: Trace) -> str:
    task, word = facts.task, facts.decided.word
    step, wanted, got = len(word), trace.wanted[-1], trace.read[-1]
    names = joined(task.network.output)
    what = f"should be {row_text(wanted)}; {'yours is' if len(wanted) == 1 else 'yours are'} {row_text(got)}"
    if step > MOST_STEPS * 4:
        return f"After {step} steps {names}({step}) {what}."
    return f"For {word_text(task, word)}, {names}({step}) {what}."


def _steps(trace: Trace) -> str:
    shown_steps = []
    for step, values in enumerate(trace.values, start=1):
        shown_steps.append(", ".join(f"{name}({step}) = {row_text(row)}" for name, row in values.items()))
    return "; ".join(shown_steps)


def _hinges_on_a_tie(facts: DesignFacts) -> bool:
    """Whether the word would come out right if units were off at their threshold."""
    other = student_of(facts.task, facts.values, facts.weights.sizes, with_strict_units(facts.task.network))
    trace = traced(facts.task, other, facts.decided.word)
    return trace.read == trace.wanted
