"""An exercise file that draws numbers, as if one student's variant of it had been written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from grader.errors import SpecError
from grader.model.exercise import ExampleAnswer
from grader.networks.equations.declaration import NetworkTable
from grader.specs.decoding import decode, spec_error
from grader.specs.networks import IN_FILE, Networks, require_sound_networks
from grader.specs.pictures import TYPES, Pictures
from grader.specs.question import FilePlace, Kinds, WrittenQuestion, build_question

if TYPE_CHECKING:
    from grader.variants.planning import AskedAnswer, Plan
    from grader.variants.values import Value

KEY, RUN = "variants", "run"
DIGITS = 12


class Source(NamedTuple):
    """An exercise file that was read.

    Args:
        data: Its bytes.
        table: Its tables.
        file: Its name in errors.
        kinds: Which kinds of question there are.
        folder: Where files that it names are; None where there is no such place.
        key_of: From msgspec's path to the key that is shown.
    """

    data: bytes
    table: dict[str, Any]
    file: str
    kinds: Kinds
    folder: Path | None
    key_of: Callable[[str], str]


class Varied(NamedTuple):
    """One variant.

    Args:
        table: The file's tables with its values in them, without `[variants]`.
        code: Its code as it is printed; empty where none was asked for.
        values: What was drawn and computed, by name; empty where the file draws nothing.
        file: The file's name in errors, with the code.
    """

    table: dict[str, Any]
    code: str
    values: dict[str, Value]
    file: str


def varied(source: Source, code: str | None) -> Varied:
    """The tables of a variant; of a file that draws nothing, as they are.

    Args:
        source: The file.
        code: The variant's; None for the sample.

    Raises:
        SpecError: If the code is none, `[variants]` is wrong, or its requirements never hold together.
    """
    asked = _read(code) if code else ""
    if KEY not in source.table:
        return Varied(source.table, asked, {}, source.file)
    # Only an exercise that draws pays for it.
    from grader.variants.choosing import choose
    from grader.variants.code import SAMPLE
    from grader.variants.declaration import VariantError
    from grader.variants.filling import filled

    rest = {key: value for key, value in source.table.items() if key != KEY}
    drawn_by = asked or SAMPLE
    try:
        values = choose(plan_of(source), drawn_by)
        table = filled(rest, values)
    except VariantError as error:
        key = source.key_of(error.key)
        raise VariantError(key, error.message, error.hint).of(source.file) from None
    return Varied(table, asked, values, f"{source.file} (variant {drawn_by})")


def _read(code: str) -> str:
    from grader.variants.code import read_code

    try:
        return read_code(code)
    except ValueError as error:
        raise SpecError(f"{code.strip()[:40]!r} {error}") from None


def plan_of(source: Source) -> Plan:
    """What the table `[variants]` of a file declares, checked.

    Args:
        source: The file.

    Raises:
        SpecError: If a key or a type is wrong.
        VariantError: If what is declared is.
    """
    from grader.variants.declaration import VariantsTable
    from grader.variants.planning import ANSWER, plan

    written = source.table[KEY]
    table = decode(written, VariantsTable, source.file, lambda path: f"{KEY}{path}")
    names = {*table.draw, *table.compute}
    asks = any(ANSWER in text for text in table.require)
    return plan(table, dict(_asked(source, names)) if asks else {}, _runner(source))


def _runner(source: Source) -> Callable[..., Value]:
    """What `run("leaky", "h", x, a)` gives: a network's variable, a row a step."""

    def run(name: Value, variable: Value, *given: Value) -> Value:
        from grader.networks.equations.declaration import network_of
        from grader.networks.written_values import read_values
        from grader.variants.arithmetic import FormulaError
        from grader.variants.values import native, read_value

        own = _networks(source.table.get("network", {}), source.file)
        network = network_of(Networks(own, source.folder).find(str(name), source.file, f"{KEY}: {RUN}"))
        names = (*network.inputs, *network.parameters)
        if variable not in network.by_name or len(given) != len(names):
            call = ", ".join((f'"{name}"', '"a variable"', *names))
            raise FormulaError(f"{RUN} is called {RUN}({call}), with one of {', '.join(network.by_name)}")
        values = {one: native(value) for one, value in zip(names, given, strict=True)}
        from grader.networks.running.compiled import compiled

        try:
            instance = read_values(network, values, RUN)
            found = compiled(network)(instance.inputs, instance.parameters)[str(variable)]
        except ValueError as error:
            raise FormulaError(str(error)) from None
        # Beyond these digits machines differ.
        rounded = found.round(DIGITS)
        return read_value((rounded if network.shapes[str(variable)] else rounded.ravel()).tolist())

    return run


def _asked(source: Source, names: set[str]) -> Iterator[tuple[str, AskedAnswer]]:
    """The questions whose right answers are numbers, by id."""
    from grader.variants.placeholders import names_in_value
    from grader.variants.planning import AskedAnswer

    networks = source.table.get("network", {})
    of_networks = names_in_value(networks, names)
    questions = source.table.get("question")
    for question in questions if isinstance(questions, list) else ():
        if not isinstance(question, dict) or not isinstance(question.get("id"), str):
            continue
        id, check = question["id"], question.get("check")
        kind = check.get("kind") if isinstance(check, dict) else None
        if kind in source.kinds.names and source.kinds.find(kind).numbers is not None:
            used = names_in_value({**question, "example": ()}, names) | of_networks
            yield id, AskedAnswer(used | _named_by(used, source, names), _answer_of(source, question))


def names_of_questions(source: Source) -> dict[str, frozenset[str]]:
    """Which declared names each question uses, by its id; those of a network that it may name, too.

    Args:
        source: A file with a table `[variants]`, from which some exercise was loaded.
    """
    from grader.variants.placeholders import names_in_value

    names = {*source.table[KEY]["draw"], *source.table[KEY].get("compute", {})}
    found = {}
    for question in source.table["question"]:
        used = names_in_value({**question, "example": ()}, names)
        found[question["id"]] = used | _named_by(used, source, names)
    return found


def _named_by(used: frozenset[str], source: Source, names: set[str]) -> frozenset[str]:
    """Names in the texts that names stand for."""
    from grader.variants.placeholders import names_in_value

    draws = source.table[KEY]["draw"]
    return frozenset[str]().union(*(names_in_value(draws.get(name), names) for name in used))


def _answer_of(source: Source, question: dict[str, Any]) -> Callable[[Mapping[str, Value], str], Value]:
    def answer(values: Mapping[str, Value], field: str) -> Value:
        from grader.variants.declaration import VariantError
        from grader.variants.filling import filled
        from grader.variants.values import read_value

        kept = {"question": [{**question, "example": []}], "network": source.table.get("network", {})}
        table = filled(kept, values)
        written = decode(table["question"][0], WrittenQuestion, source.file, source.key_of)
        networks = Networks(_networks(table["network"], source.file), source.folder)
        place = FilePlace(source.file, f"question {written.id!r}")
        built = build_question(written, place, source.kinds, source.table.get("seed", 0), networks)
        assert built.check.numbers is not None
        numbers = built.check.numbers(built.params)
        if field and field not in numbers:
            known = ", ".join(numbers)
            raise VariantError(f"{KEY}.require", f"question {written.id!r} has no field {field!r}", known)
        return read_value(numbers[field] if field else tuple(numbers.values()))

    return answer


def _networks(tables: Any, file: str) -> dict[str, NetworkTable]:
    found = decode({"network": tables}, _OwnNetworks, file, lambda path: path.removeprefix(".")).network
    require_sound_networks(found, file)
    return found


class _OwnNetworks(msgspec.Struct):
    network: dict[str, NetworkTable] = {}


def with_values(example: ExampleAnswer, values: Mapping[str, Value], place: str) -> ExampleAnswer:
    """An example answer with a variant's values in it.

    Args:
        example: As its file has it.
        values: By name; where there are none it stays as it is.
        place: For errors.
    """
    if not values:
        return example
    from grader.variants.declaration import VariantError
    from grader.variants.filling import filled

    try:
        table = filled({"answer": example.answer, "title": example.title}, values, place=f"{place}.example")
    except VariantError as error:
        raise error.of(f"{place}, example {example.title!r}") from None
    return msgspec.structs.replace(example, answer=table["answer"], title=table["title"])


def take_along(table: dict[str, Any], networks: Networks, pictures: Pictures, file: str) -> None:
    """Look up every network and picture that some variant may name, so that all have the same digest.

    Args:
        table: The tables of the file, `[variants]` too.
        networks: Where networks are looked up.
        pictures: Where pictures are.
        file: For errors.
    """
    for _, text in texts_in(table.get(KEY, {}).get("draw", {})):
        if text in networks.own:
            networks.named.add(text)
        elif IN_FILE in text:
            networks.find(text, file, f"{KEY}.draw")
        elif Path(text).suffix.lower() in TYPES and len(text.split()) == 1:
            try:
                pictures.find(text)
            except ValueError as error:
                raise spec_error(file, f"{KEY}.draw", f"the picture {text} {error}") from None


def texts_in(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file's tables with its key path.

    Args:
        value: The tables, or a part of them.
        place: The key path of the part.
    """
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts_in(one, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from texts_in(one, f"{place}[{number}]")
