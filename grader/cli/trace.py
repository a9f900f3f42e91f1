"""`rnngrade trace ANSWER`: what goes into a network, and its run as lines to follow by hand or as JSON."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from grader.cli import _output
from grader.cli._answer import taken
from grader.cli._command import Command
from grader.cli._options import find_question, output_option
from grader.cli._progress import Waiting
from grader.cli._variant import variant_option
from grader.errors import CannotDo, Unreadable

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from grader.model.value import Value
    from grader.networks.running.interpreted import Value as NetworkValue
    from grader.networks.running.stepwise import Step, StepwiseRun, Worked

NAMED = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)(.*)", re.DOTALL)
FILE_LIMIT_BYTES = 2**18
SCHEMA = "rnngrade/trace/1"
DIGITS = 6
LONGEST_NUMBER = 20
"""Characters of an exact number; of a longer one the first digits are shown."""


@click.command(
    cls=Command,
    examples=(
        'rnngrade trace answer.py --question b_i --input "1 0 0; 0 1 0"',
        "rnngrade trace answer.py --question b_i --input inputs.txt --format json",
        "rnngrade trace answer.py --question lstm_code --input values.json",
    ),
)
@click.argument("answer")
@click.option("--question", required=True, help="The question whose network is run, by id or label.")
@click.option(
    "--input",
    "inputs",
    required=True,
    multiple=True,
    help='What goes in, one row a step: "1 0 0; 0 1 0", NAME=ROWS where there are several, JSON, or a file.',
)
@click.option("--exercise", help="Which exercise it answers: an id from `rnngrade list`, or a .toml file.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("terminal", "json")),
    default="terminal",
    show_default=True,
    help="How it is shown.",
)
@variant_option
@output_option
def command(
    answer: str,
    question: str,
    inputs: tuple[str, ...],
    exercise: str | None,
    format_name: str,
    variant: str | None,
    output: Path | None,
) -> None:
    """Run the network of ANSWER step by step, with every value on the way.

    It is run as it is, right or wrong: nothing is compared, and no right value is known here. Weights that
    are exact give exact fractions. A function is called once, in the sandbox; give all that it takes by name.
    """
    if output is not None:
        from grader.cli._replacing import require_not_answer

        require_not_answer(output, answer)
    given = _read_inputs(inputs)
    submission, loaded, _, _ = taken(answer, exercise, variant)
    found = find_question(loaded, question)
    import json

    from grader import sandbox
    from grader.grading.tracing import traced

    try:
        with Waiting("running"):
            run = traced(loaded, found, submission, given, sandbox.run)
    except Unreadable as error:
        raise CannotDo(error.message, error.hint, error.where) from None
    if format_name == "json":
        record = _record(run, loaded.id, found.id)
        text = json.dumps(record, indent=2, allow_nan=False)
    else:
        text = "\n".join(_lines(run))
    _output.deliver(f"{text}\n", output)


def _read_inputs(texts: tuple[str, ...]) -> dict[str, Value]:
    """The inputs by name, "" for one without a name; the same name twice is an error."""
    from grader.model.value import Text

    found: dict[str, Value] = {}
    for text in texts:
        is_json = text.lstrip().startswith("{")
        if not is_json and os.path.exists(text):
            is_json, text = text.lower().endswith(".json"), _file_text(text)
        named = NAMED.fullmatch(text)
        new: dict[str, Value] = (
            _from_json(text)
            if is_json
            else {named[1]: Text(named[2].strip())}
            if named
            else {"": Text(";".join(line for line in text.strip().splitlines() if line.strip()))}
        )
        if twice := sorted(set(new) & set(found)):
            name = f"the input {_output.one_line(twice[0])!r}" if twice[0] else "an input without a name"
            raise click.UsageError(
                f"{name} is given twice; with several inputs write --input NAME=ROWS for each"
            )
        found |= new
    return found


def _file_text(path: str) -> str:
    from grader.submissions.safe_read import Refused, read_regular_file

    try:
        data = read_regular_file(os.path.realpath(path))
        if len(data) > FILE_LIMIT_BYTES:
            raise CannotDo(f"larger than {FILE_LIMIT_BYTES // 1024} KiB", where=path)
        return data.decode("utf-8-sig")
    except Refused as refused:
        raise CannotDo(refused.message, where=path) from None
    except OSError as error:
        raise CannotDo(f"cannot be read: {error.strerror}", where=path) from None
    except UnicodeDecodeError:
        raise CannotDo("not a text in UTF-8", where=path) from None


def _from_json(text: str) -> dict[str, Value]:
    from grader.sandbox.host.json_answers import JsonReader, NotJson, decoded

    try:
        content: Any = decoded(text.encode("utf-8", "replace"))
        if not isinstance(content, dict):
            raise NotJson("the file must hold an object: {...} with the inputs' names as keys")
        return {name: JsonReader().value(value, 0, name) for name, value in content.items()}
    except NotJson as error:
        raise CannotDo(str(error), 'write {"x": [[1, 0, 0], [0, 1, 0]]}', "--input") from None


def _lines(run: StepwiseRun) -> list[str]:
    """The run, a block a step: the inputs, then every value in the order in which it is worked out."""
    width = max((len(_left(one)) for step in run.steps for one in step.worked), default=0)
    lines = []
    for step in run.steps:
        lines += ["", *_block(step, width)]
    kind = "Every value is exact." if run.is_exact else f"Values are shown to {DIGITS} digits."
    return [*lines[1:], "", kind]


def _record(run: StepwiseRun, exercise: str, question: str) -> dict[str, Any]:
    """The run as JSON-ready values; fractions that are no whole numbers are text, such as "1/3"."""
    return {
        "schema": SCHEMA,
        "exercise": exercise,
        "question": question,
        "exact": run.is_exact,
        "steps": [
            {
                "t": step.t,
                "inputs": {name: _json(value) for name, value in step.inputs.items()},
                "worked": [{"what": one.text, "value": _json(one.value)} for one in step.worked],
            }
            for step in run.steps
        ],
    }


def _block(step: Step, width: int) -> Iterator[str]:
    given = ", ".join(f"{name}({step.t}) = {_text(value)}" for name, value in step.inputs.items())
    yield f"t = {step.t}   {given}"
    for one in step.worked:
        yield f"{_left(one):{width}} = {_text(one.value)}"


def _left(one: Worked) -> str:
    return f"  {one.text}" if one.is_variable else f"    {one.text}"


def _text(value: NetworkValue) -> str:
    return f"({', '.join(map(_text, value))})" if isinstance(value, tuple) else _number(value)


def _number(value: Fraction | float) -> str:
    from grader.answers.describe import fraction_text

    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if value.numerator.bit_length() + value.denominator.bit_length() <= 4 * LONGEST_NUMBER:
        text = fraction_text(value)
        if len(text) <= LONGEST_NUMBER:
            return text
    try:
        return f"about {float(value):.{DIGITS}g}"
    except OverflowError:
        power = (abs(value.numerator).bit_length() - value.denominator.bit_length()) * math.log10(2)
        return f"about {'-' if value < 0 else ''}10^{round(power)}"


def _json(value: NetworkValue) -> Any:
    if isinstance(value, tuple):
        return list(map(_json, value))
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value.numerator if value.denominator == 1 and abs(value) < 2**53 else str(value)
