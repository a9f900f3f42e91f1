"""A written question as the `Question` that everything else works with."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

import msgspec

from grader.errors import SpecError
from grader.model.evidence import Level
from grader.model.exercise import ExampleAnswer, Limits, Question
from grader.model.hints import HintTerms
from grader.model.kind import Asks, Kind, Order, Params
from grader.model.outcome import Verdict, verdict_for
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable
from grader.specs.decoding import decode, did_you_mean, read_fraction, shown, spec_error
from grader.specs.hint_policy import HintPolicy
from grader.specs.networks import Networks, with_networks
from grader.specs.older_kinds import as_present
from grader.specs.pictures import PictureTable
from grader.variants.declaration import VariantsTable

RESERVED_IDS = ("EXERCISE",)
DECIDED = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)


class FilePlace(msgspec.Struct, frozen=True):
    """Where in which file a mistake is."""

    file: str
    key: str

    def under(self, key: str) -> FilePlace:
        """The place of a key below this one."""
        return FilePlace(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, message: str, hint: str | None = None) -> SpecError:
        """A mistake at this place, ready to be raised.

        Args:
            message: What was found and what was wanted.
            hint: One next step.
        """
        return spec_error(self.file, self.key, message, hint)


def build_question(
    written: WrittenQuestion,
    place: FilePlace,
    kinds: Kinds,
    seed: int = 0,
    networks: Networks | None = None,
    order: Order | None = None,
) -> Question:
    """The question, with its kind looked up and its numbers exact.

    Args:
        written: As the file says it.
        place: For errors.
        kinds: Which kinds of question there are.
        seed: The exercise's, for a kind that draws instances where the question gives no seed of its own.
        networks: What a check may name beside the networks that come along.
        order: In which one student sees what may be shuffled; None leaves it as declared.

    Raises:
        SpecError: For the first thing that does not fit.
    """
    _require_identifier(written.id, place.under("id"))
    for key in ("label", "prompt"):
        _require_words(getattr(written, key), place.under(key))
    table = as_present(written.check)
    check, params = _read_check(table, place.under("check"), kinds, seed, networks or Networks())
    is_shuffled = _is_shuffled(check, params)
    if order is not None:
        params = check.shuffled(params, order)
    asks = _asked(check, params, place.under("check"))
    _require_described(written.fields, asks, place.under("fields"))
    _require_signature(written.signature, asks, place.under("signature"))
    if written.call_cpu_s is not None and not 0 < written.call_cpu_s < float("inf"):
        raise place.under("call_cpu_s").error(f"found {written.call_cpu_s}, wanted seconds above 0")
    return Question(
        id=written.id,
        label=written.label,
        points=_points(written.points, place.under("points")),
        prompt="\n\n".join(filter(None, (written.prompt, check.shown(params)))),
        fields=written.fields,
        asks=asks,
        kind=table["kind"],
        params=params,
        check=check,
        is_shuffled=is_shuffled,
        hints=written.hints,
        hint_terms=_hint_terms(written),
        errata=written.errata,
        signature=written.signature,
        call_cpu_s=written.call_cpu_s,
        examples=_examples(written, place),
    )


def _is_shuffled(check: Kind[Any], params: Params) -> bool:
    # A kind gives back the very same parameters where nothing of them is shuffled.
    return check.shuffled(params, lambda ids: ids[::-1]) is not params


def _examples(written: WrittenQuestion, place: FilePlace) -> tuple[ExampleAnswer, ...]:
    numbered = enumerate(written.example)
    return tuple(read_example(one, place.under(f"example[{number}]")) for number, one in numbered)


def _hint_terms(written: WrittenQuestion) -> tuple[HintTerms, ...]:
    policy = written.hint_policy
    return () if policy is None else tuple(policy.terms(at) for at in range(1, len(written.hints) + 1))


def _require_identifier(name: str, place: FilePlace) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise place.error(f"{name!r} is not a Python name, so no answer could be called that")
    if name in RESERVED_IDS:
        raise place.error(f"{name!r} names the exercise in an answer file", "choose another id")


def _require_words(text: str, place: FilePlace) -> None:
    if not text.strip():
        raise place.error("found empty text, wanted words")


def _read_check(
    table: dict[str, Any], place: FilePlace, kinds: Kinds, seed: int, networks: Networks
) -> tuple[Kind[Any], Params]:
    kind = table.get("kind")
    if kind is None:
        raise place.error("the key 'kind' is missing", f"the kinds are {joined(kinds.names)}")
    if not isinstance(kind, str):
        raise place.under("kind").error(f"found {shown(kind)}, wanted text")
    if kind not in kinds.names:
        near = did_you_mean(kind, kinds.names)
        raise place.under("kind").error(
            f"unknown kind {kind!r}", near or f"the kinds are {joined(kinds.names)}"
        )
    check = kinds.find(kind)
    table = {key: value for key, value in table.items() if key != "kind"}
    if "seed" in check.params.__struct_fields__:
        table.setdefault("seed", seed)
    table = with_networks(table, check.params, networks, place.file, place.key)
    return check, decode(table, check.params, place.file, lambda path: place.key + path)


def _asked(check: Kind[Any], params: Params, place: FilePlace) -> Asks:
    try:
        return check.asks(params)
    except ValueError as error:
        raise place.error(str(error)) from error


def _require_described(fields: dict[str, str], asks: Asks, place: FilePlace) -> None:
    wanted = (*asks.fields, *asks.optional)
    must_be_described = (*asks.fields, *(name for name in asks.optional if name not in asks.undescribed))
    for name in fields:
        if name not in wanted:
            also = f"it asks for {joined(wanted)}" if wanted else "it asks for a function, not for fields"
            raise place.under(name).error(
                "described here, but the check does not ask for it", did_you_mean(name, wanted) or also
            )
        _require_words(fields[name], place.under(name))
    for name in must_be_described:
        if name not in fields:
            raise place.error(
                f"the check asks for {name!r}, which is not described", f'add a line: {name} = "what it is"'
            )


def _require_signature(signature: str | None, asks: Asks, place: FilePlace) -> None:
    if asks.function is None:
        if signature is not None:
            raise place.error("a question that asks for fields has no signature", "leave the key out")
        return
    if signature is None:
        raise place.error(
            f"the key 'signature' is missing; the check asks for the function {asks.function!r}",
            f'write it as it is called: "{asks.function}(...)"',
        )
    name = signature.partition("(")[0].strip()
    if name != asks.function or "(" not in signature:
        raise place.error(
            f"found {shown(signature)}, wanted the call of the function {asks.function!r}",
            f'write it as it is called: "{asks.function}(...)"',
        )


def _points(written: float | str, place: FilePlace) -> Fraction:
    points = _fraction(written, place)
    if points <= 0:
        raise place.error(f"found {shown(written)}, wanted points above 0")
    return points


def _fraction(written: float | str, place: FilePlace) -> Fraction:
    try:
        return read_fraction(written)
    except ValueError as error:
        raise place.error(str(error)) from None


def read_example(written: WrittenExample, place: FilePlace, file: str = "answer.py") -> ExampleAnswer:
    """An example answer, with what must come out checked for sense.

    Args:
        written: As written.
        place: For errors.
        file: The name under which it is handed in.

    Raises:
        SpecError: If its fraction is no share of the points, or does not go with its verdict.
    """
    fraction = None if written.fraction is None else _fraction(written.fraction, place.under("fraction"))
    if fraction is not None:
        if not 0 <= fraction <= 1:
            raise place.under("fraction").error(f"found {shown(written.fraction)}, wanted 0 to 1")
        fits = written.verdict is verdict_for(fraction) if written.verdict in DECIDED else fraction == 0
        if not fits:
            raise place.under("fraction").error(
                f"{written.fraction} does not go with the verdict {written.verdict.value!r}"
            )
    return ExampleAnswer(
        title=written.title,
        answer=written.answer,
        file=file,
        verdict=written.verdict,
        fraction=fraction,
        codes=written.codes,
        diagnoses=written.diagnoses,
    )


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
    hint_policy: HintPolicy | None = None
    errata: tuple[str, ...] = ()
    signature: str | None = None
    call_cpu_s: float | None = None
    withhold: bool = False
    example: tuple[WrittenExample, ...] = ()


class WrittenExercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file; `variants` has been made use of, and taken out, before it is decoded."""

    title: str
    source: str
    question: tuple[WrittenQuestion, ...]
    introduction: str = ""
    errata: tuple[str, ...] = ()
    seed: int = 0
    limits: Limits = Limits()
    reveal: Level = "working"
    hint_policy: HintPolicy | None = None
    edition: Literal["full", "student"] = "full"
    network: dict[str, NetworkTable] = {}
    picture: dict[str, PictureTable] = {}
    variants: VariantsTable | None = None


class Kinds(msgspec.Struct, frozen=True):
    """The kinds of question that an exercise file may name.

    The caller passes them in, so that reading an exercise file does not depend on any kind.

    Args:
        names: All of them; listing imports none.
        find: The kind of a listed name, imported when asked for.
    """

    names: tuple[str, ...]
    find: Callable[[str], Kind[Any]]
