"""Faults of an exercise file that can be read, in words for its author."""

from __future__ import annotations

import difflib
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from grader.errors import SpecError
from grader.mathematics.prose import problems
from grader.model.exercise import Exercise, Question
from grader.model.text import joined
from grader.specs.example_files import FOLDER, SUFFIXES
from grader.specs.variants import KEY, Source, plan_of, texts_in
from grader.variants.arithmetic import names_in
from grader.variants.choosing import efforts
from grader.variants.code import SAMPLE, code_of
from grader.variants.declaration import VariantError
from grader.variants.filling import value_at
from grader.variants.placeholders import PLACE, Placeholder, is_argument, names_in_value, placeholders
from grader.variants.planning import Plan
from grader.variants.values import Value

N_VARIANTS = 20
MOST_SHARE = 0.08
"""As a share of the most draws of a variant: with this as the mean, one variant in e^12 would need more."""
ALIKE = 0.75
"""How near a name has to be to a declared one to be taken for a slip."""
SHORTEST = 3
OPERATORS = ("+", "-", "−", "*", "/", "·", "\\cdot", "\\times")


def lint(exercise: Exercise) -> Iterator[str]:
    """A sentence for each network that no question names, and each formula that cannot be shown everywhere.

    Args:
        exercise: The exercise.
    """
    for name in exercise.unused_networks:
        yield f"network.{name}: no question names it; name it in a check, or take it out"
    for place, text in _shown_texts(exercise):
        for formula, why in problems(text):
            line = text.count("\n", 0, formula.start) + 1
            yield f"{place}, line {line}: ${formula.tex}$ {why}; write it otherwise, or as words"


def _shown_texts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    yield "introduction", exercise.introduction
    yield from _numbered("errata", exercise.errata)
    for question in exercise.questions:
        for place, text in _texts_of(question):
            yield f"question {question.id!r}, {place}", text


def _texts_of(question: Question) -> Iterator[tuple[str, str]]:
    yield "prompt", question.prompt
    yield from ((f"fields.{name}", meaning) for name, meaning in question.fields.items())
    yield from _numbered("hints", question.hints)
    yield from _numbered("errata", question.errata)


def _numbered(name: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}[{i}]", text) for i, text in enumerate(texts))


def lint_variants(source: Source, load: Callable[[str], Exercise]) -> Iterator[str]:
    """A sentence for each thing that is wrong in one of some variants; nothing for a file that draws nothing.

    Args:
        source: The file, of which the sample can be loaded.
        load: The exercise of a code.
    """
    if KEY not in source.table:
        return
    plan = plan_of(source)
    yield from _unused(source, plan)
    yield from _not_declared(source, plan)
    yield from _seldom(plan)
    made: list[Exercise] = []
    for exercise in _variants(source, load):
        if isinstance(exercise, str):
            yield exercise
            return
        made.append(exercise)
    yield from _always_the_same(plan, made)
    yield from _signs(source, [one.values for one in made])
    yield from _not_shown(made)


def _variants(source: Source, load: Callable[[str], Exercise]) -> Iterator[Exercise | str]:
    for number in range(N_VARIANTS):
        try:
            yield load(code_of(f"variant {number}", source.file, b"") if number else SAMPLE)
        except SpecError as error:
            yield str(error)
            return


def _unused(source: Source, plan: Plan) -> Iterator[str]:
    names = frozenset(plan.order)
    used = set(names_in_value({key: one for key, one in source.table.items() if key != KEY}, names))
    used |= names_in_value(source.table[KEY]["draw"], names) | _named_by_examples(source, names)
    used |= {one for sizes in plan.table.draw.values() for one in sizes.shape if isinstance(one, str)}
    used |= {one.take for one in plan.table.draw.values() if isinstance(one.take, str)}
    for text in (*plan.table.compute.values(), *plan.table.require):
        used |= names_in(text)
    for name in plan.order:
        if name not in used:
            how = "draw" if name in plan.table.draw else "compute"
            yield f"{KEY}.{how}.{name}: nothing names it; write {{{name}}} where it is meant, or take it out"


def _named_by_examples(source: Source, names: frozenset[str]) -> frozenset[str]:
    folder = source.folder and source.folder / FOLDER
    if folder is None or not folder.is_dir():
        return frozenset()
    files = [path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES]
    return names_in_value([path.read_text(encoding="utf-8", errors="replace") for path in files], names)


def _not_declared(source: Source, plan: Plan) -> Iterator[str]:
    names = frozenset(plan.order)
    for place, text in texts_in({key: one for key, one in source.table.items() if key != KEY}):
        for match in PLACE.finditer(text):
            name = match["name"]
            if name in names or is_argument(text, match.start()):
                continue
            near = difflib.get_close_matches(name, sorted(names), n=1, cutoff=ALIKE)
            is_meant = match[0] == text or (near and len(name) >= SHORTEST)
            if is_meant and ".example" not in place:
                hint = f"did you mean {{{near[0]}}}?" if near else f"declared are {', '.join(sorted(names))}"
                yield f"{source.key_of(place)}: {match[0]} is not declared ({hint})"


def _seldom(plan: Plan) -> Iterator[str]:
    """Names that are drawn so often until all holds that some student's never would."""
    try:
        tried = [efforts(plan, code_of(f"variant {number}", KEY, b"")) for number in range(N_VARIANTS)]
    except VariantError as error:
        yield f"{error.key}: {error.message} ({error.hint})"
        return
    for group in zip(*tried, strict=True):
        if statistics.mean(one.share for one in group) > MOST_SHARE:
            draws = joined([name for name in group[0].names if name in plan.table.draw])
            times = round(statistics.mean(one.draws for one in group))
            yield (
                f"{KEY}.require: {draws}: {times} draws until all holds, so that for some student none will; "
                "draw from what fits, or require less (author audit tells how often each holds)"
            )


def _always_the_same(plan: Plan, made: Sequence[Exercise]) -> Iterator[str]:
    for name in plan.table.draw:
        if len({repr(one.values[name]) for one in made}) == 1:
            yield f"{KEY}.draw.{name}: is the same in all of {len(made)} variants; write it out, or widen it"


def _signs(source: Source, variants: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    """Where a number that may be negative, or a fraction, would be read otherwise than it is meant."""
    if not variants:
        return
    for place, text in texts_in({key: one for key, one in source.table.items() if key != KEY}):
        if ".example" in place or ".check" in place:  # there a number stands in brackets where it has to
            continue
        for one in placeholders(text, variants[0]):
            reason = None if one.form else _misread(one, text, variants)
            if reason:
                yield f"{source.key_of(place)}: {reason}"


def _misread(one: Placeholder, text: str, variants: Sequence[Mapping[str, Value]]) -> str | None:
    numbers = [value_at(one, values) for values in variants]
    negative = next((n for n in numbers if isinstance(n, Fraction) and n < 0), None)
    before, after = text[: one.start].rstrip(), text[one.end :].lstrip()
    name = one.text[1:-1]
    if negative is not None and before.endswith(OPERATORS) and not before.endswith(("^-", "_-")):
        sign = next(sign for sign in OPERATORS if before.endswith(sign))
        hint = f"{{{name}:+}} in place of the sign, or {{{name}:()}}" if sign == "+" else f"{{{name}:()}}"
        return f"'{sign} {one.text}' reads '{sign} {float(negative):g}' in some variants; write {hint}"
    if negative is not None and re.match(r"\^|\*\*", after):
        return f"'{one.text}^' is a power of a number that is negative in some variants; write {{{name}:()}}"
    return None


def _not_shown(made: Sequence[Exercise]) -> Iterator[str]:
    known_sentences = set(lint(made[0])) if made else set()
    for exercise in made[1:]:
        for sentence in lint(exercise):
            if sentence not in known_sentences:
                known_sentences.add(sentence)
                yield f"in variant {exercise.variant}, {sentence}"
                return
