from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from grader.errors import SpecError
from grader.grading.asked import flat_names
from grader.model.kind import Asks, Kind, Params
from grader.specs import Kinds, load_exercise
from grader.specs.decoding import decode, parse_toml

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.toml"))
SAYS = "# says: "


class Weights(Params, frozen=True):
    target: tuple[str, ...]
    size: int
    shapes: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    credit: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError("a network has at least one state")


class Function(Params, frozen=True):
    function: str


def _weights(params: Weights) -> Asks:
    if not params.target:
        raise ValueError("nothing to ask for")
    return Asks(fields=("W",))


def _unjudged(params, answer):
    raise AssertionError("loading never judges")


CHECKS = {
    "weights": Kind(params=Weights, asks=_weights, judge=_unjudged, examples=()),
    "function": Kind(
        params=Function, asks=lambda params: Asks(function=params.function), judge=_unjudged, examples=()
    ),
}
KINDS = Kinds(tuple(CHECKS), CHECKS.__getitem__)


def test_sound_file_becomes_an_exercise():
    exercise = load_exercise(HERE / "sound.toml", KINDS)
    assert exercise.id == "sound"
    assert [question.id for question in exercise.questions] == ["a", "b"]
    assert exercise.questions[1].points == Fraction(1, 2)
    assert exercise.questions[0].params == Weights(target=("x[1]", "0"), size=2)
    assert exercise.questions[1].examples[1].fraction == Fraction(1, 2)
    assert exercise.digest.startswith("sha256:")


def test_there_are_many_kinds_of_mistake():
    assert len(BROKEN) >= 25


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_mistake_is_told_with_file_key_found_and_wanted(path: Path):
    parts = [line.removeprefix(SAYS) for line in path.read_text().splitlines() if line.startswith(SAYS)]
    with pytest.raises(SpecError) as caught:
        load_exercise(path, KINDS, shown_as="broken.toml")
    told = str(caught.value)
    assert told.startswith("broken.toml")
    assert "\n" not in told
    assert parts
    for part in parts:
        assert part in told


def test_parameter_fractions_are_read_exactly(tmp_path: Path):
    text = (HERE / "sound.toml").read_text().replace("size = 2", 'size = 2\ncredit = "1/3"')
    (tmp_path / "one.toml").write_text(text)
    params = load_exercise(tmp_path / "one.toml", KINDS).questions[0].params
    assert isinstance(params, Weights)
    assert params.credit == Fraction(1, 3)


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("gone.toml", None, "no such file"),
        ("bad name.toml", b"title = 'x'", "is not one word"),
        ("bytes.toml", b"title = 'x'\nsource = '\xff'", "line 2: not UTF-8"),
        ("empty.toml", b"", "the key 'title' is missing"),
    ],
)
def test_unusable_file_is_told_by_name(tmp_path: Path, name: str, data: bytes | None, part: str):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(SpecError, match=part):
        load_exercise(tmp_path / name, KINDS)


def test_byte_order_mark_is_not_part_of_the_text(tmp_path: Path):
    (tmp_path / "sound.toml").write_bytes(b"\xef\xbb\xbf" + (HERE / "sound.toml").read_bytes())
    assert load_exercise(tmp_path / "sound.toml", KINDS).id == "sound"


def test_folder_is_no_exercise_file(tmp_path: Path):
    with pytest.raises(SpecError, match="a folder"):
        load_exercise(tmp_path, KINDS)


class Choosing(Params, frozen=True):
    structure: Literal["rnn-a", "rnn-b"] = "rnn-a"
    reference: Literal["elman", "jordan"] | None = None
    steps: tuple[Annotated[Literal["up", "down"], msgspec.Meta()], ...] = ()
    each: dict[str, Literal["left", "right"]] = msgspec.field(default_factory=dict)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('structure = "rnn-c"', "structure: found 'rnn-c', wanted rnn-a or rnn-b (did you mean 'rnn-"),
        ('reference = "gru"', "reference: found 'gru', wanted elman or jordan"),
        ('steps = ["up", "dwn"]', "steps[1]: found 'dwn', wanted up or down (did you mean 'down'?)"),
        (
            'each = {a = "left", b = "rigt"}',
            "each.b: found 'rigt', wanted left or right (did you mean 'right'?)",
        ),
    ],
)
def test_word_that_may_not_stand_at_a_key_is_told_with_those_that_may(line: str, told: str):
    with pytest.raises(SpecError) as caught:
        decode(parse_toml(line.encode(), "f"), Choosing, "f", lambda path: path.removeprefix("."))
    assert told in str(caught.value)


def test_reveal_is_told_with_its_levels(tmp_path: Path):
    (tmp_path / "one.toml").write_text('reveal = "all"\n' + (HERE / "sound.toml").read_text())
    with pytest.raises(SpecError, match="reveal: found 'all', wanted verdict, location, counterexample or"):
        load_exercise(tmp_path / "one.toml", KINDS)


def test_points_and_shares_may_be_decimals(tmp_path):
    """A float counts as the decimal it is written as: 0.1 is a tenth."""
    text = (
        (HERE / "sound.toml")
        .read_text()
        .replace("points = 4", "points = 2.1")
        .replace('fraction = "1/2"', "fraction = 0.5")
    )
    path = tmp_path / "sound.toml"
    path.write_text(text)
    questions = load_exercise(path, KINDS).questions
    assert questions[0].points == Fraction(21, 10)
    assert questions[1].examples[1].fraction == Fraction(1, 2)


def test_a_field_may_be_called_as_another_question(tmp_path):
    """What stands at top level under that name is the other question's, also where one alone is marked."""
    text = (HERE / "sound.toml").read_text().replace('id = "b"', 'id = "W"')
    path = tmp_path / "sound.toml"
    path.write_text(text)
    exercise = load_exercise(path, KINDS)
    first, second = exercise.questions
    assert (first.asks.fields, second.id) == (("W",), "W")
    for asked in (exercise.questions, (first,)):
        assert flat_names(exercise, first, asked) == ()
