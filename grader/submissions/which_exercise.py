"""Which exercise an answer belongs to, and which variant of it, found from its bytes alone."""

from __future__ import annotations

import codecs
import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from grader.model.submission import AnswerFile, Submission

# A line of Python, or the string of such a line in a notebook: EXERCISE = "id"
STATED_IN_CODE = re.compile(
    rb"""(?:^|["'])[ \t]*EXERCISE[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*\\?["']([^"'\\\r\n]{1,200})\\?["']""",
    re.M,
)
STATED_IN_JSON = re.compile(rb'"EXERCISE"\s*:\s*"([^"\\\r\n]{1,200})"')
# A line of Python that is not indented, or the string of such a line in a notebook: variant = "K7QP-..."
VARIANT_IN_CODE = re.compile(
    rb"""(?:^|")variant[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*\\?["']([^"'\\\r\n]{1,200})\\?["']""", re.M
)
VARIANT = "variant"
MOST_CHARACTERS = 200
# Possessive: a long run of letters in a hostile file must not be gone through again from each of them.
NAME_IN_NPZ = re.compile(rb"(?<!\w)([A-Za-z_]\w*+)(?:\.([A-Za-z_]\w*+))??\.npy")
NAME_IN_TEXT = re.compile(rb"""(?<![\w.])([A-Za-z_]\w*)\\?["']?[ \t]*([=:(]?)""")

# A name that something is given to says more than one that is only mentioned, and the id of a question
# says more than the name of a field, which several exercises may share.
DEFINED, MENTIONED = 4, 1
OWN_NAME, FIELD_NAME = 2, 1


class KnownExercise(Protocol):
    """The names of an exercise by which its answers are recognised."""

    @property
    def id(self) -> str:
        """The exercise's id."""

    @property
    def question_ids(self) -> Sequence[str]:
        """Names of its questions."""

    @property
    def functions(self) -> Sequence[str]:
        """Names of functions that it asks for."""

    @property
    def field_names(self) -> Sequence[str]:
        """Names of fields that it asks for."""


@dataclass(frozen=True)
class Naming:
    """Which exercise an answer belongs to, and how that is known.

    Args:
        how: "stated" in the answer, "inferred" from its names, or "unknown".
        exercise: The exercise's id; None where unknown.
        stated: The id that the answer itself states, whether there is such an exercise or not.
        nearest: The known id that is nearest to an unknown one that was stated.
        also_stated: Other ids, which further files state.
    """

    how: Literal["stated", "inferred", "unknown"]
    exercise: str | None = None
    stated: str | None = None
    nearest: str | None = None
    also_stated: tuple[str, ...] = ()


def name_exercise(submission: Submission, exercises: Iterable[KnownExercise]) -> Naming:
    """Which of the exercises an answer belongs to; nothing of it is run.

    An answer that states an id which is near none of them belongs to some other exercise, whatever its names.

    Args:
        submission: The answer.
        exercises: Those that it could belong to.
    """
    known = {exercise.id: exercise for exercise in exercises}
    all_stated = _all_stated(submission)
    stated = next(iter(all_stated), None)
    if stated in known:
        return Naming("stated", stated, stated, also_stated=tuple(all_stated[1:]))
    near = difflib.get_close_matches(stated, known, n=1) if stated else []
    nearest = near[0] if near else None
    if stated and nearest is None:
        return Naming("unknown", None, stated)
    inferred = _inferred(submission, known.values(), needs_own_names=stated is not None)
    return Naming("inferred" if inferred else "unknown", inferred, stated, nearest)


def stated_exercise(submission: Submission) -> str | None:
    """The exercise id that an answer itself states, whether there is such an exercise or not."""
    return next(iter(_all_stated(submission)), None)


def _all_stated(submission: Submission) -> list[str]:
    """The ids that the files state, each once, in the files' order."""
    return list(dict.fromkeys(name for file in submission.files if (name := _stated(file))))


def other_exercise(submission: Submission, exercises: Iterable[KnownExercise], marked_as: str) -> str | None:
    """Another exercise that the answer seems to be for; None where it has a name of the one it is marked as.

    Args:
        submission: The answer.
        exercises: Those that it could belong to.
        marked_as: Id of the exercise that it is marked as.
    """
    known = {exercise.id: exercise for exercise in exercises}
    if marked_as not in known or _is_answered(
        known[marked_as], _name_weights(submission), needs_own_names=False
    ):
        return None
    return _inferred(submission, known.values(), needs_own_names=True)


def _stated(file: AnswerFile) -> str | None:
    if file.name.endswith(".npz"):
        return None
    pattern = STATED_IN_JSON if file.name.endswith(".json") else STATED_IN_CODE
    found = pattern.search(_text_of(file))
    return found[1].decode("utf-8", "replace").strip() if found else None


def _inferred(
    submission: Submission, exercises: Iterable[KnownExercise], *, needs_own_names: bool
) -> str | None:
    """The exercise that most names speak for, if enough do.

    An answer that states an unknown exercise may share field names with a known one by chance: then the
    answer must also have a question or function of the known one.
    """
    weights = _name_weights(submission)
    scores = sorted(
        (
            (_score(exercise, weights), exercise.id)
            for exercise in exercises
            if _is_answered(exercise, weights, needs_own_names)
        ),
        reverse=True,
    )
    if not scores or scores[0][0] == 0:
        return None
    is_tied = len(scores) > 1 and scores[1][0] == scores[0][0]
    return None if is_tied else scores[0][1]


def _is_answered(exercise: KnownExercise, weights: dict[str, int], needs_own_names: bool) -> bool:
    """Whether the answer defines a name of the exercise; single letters, which any file has, do not count."""
    own = {*exercise.question_ids, *exercise.functions}
    fields = set() if needs_own_names else {name for name in exercise.field_names if len(name) > 1}
    return any(weights.get(name) == DEFINED for name in own | fields)


def _score(exercise: KnownExercise, weights: dict[str, int]) -> int:
    own = {*exercise.question_ids, *exercise.functions}
    fields = set(exercise.field_names) - own
    return sum(OWN_NAME * weights.get(name, 0) for name in own) + sum(
        FIELD_NAME * weights.get(name, 0) for name in fields
    )


def _name_weights(submission: Submission) -> dict[str, int]:
    weights: dict[str, int] = {}
    for file in submission.files:
        for name, weight in _names(file):
            weights[name] = max(weight, weights.get(name, 0))
    return weights


def _names(file: AnswerFile) -> Iterable[tuple[str, int]]:
    if file.name.endswith(".npz"):
        for match in NAME_IN_NPZ.finditer(file.data):
            yield from ((part.decode(), DEFINED) for part in match.groups() if part)
        return
    if b"\0" in file.data:
        return  # no text
    for match in NAME_IN_TEXT.finditer(_text_of(file)):
        yield match[1].decode(), DEFINED if match[2] else MENTIONED


def _text_of(file: AnswerFile) -> bytes:
    """The bytes without a byte order mark, and with real line ends for a notebook's escaped ones."""
    data = file.data.removeprefix(codecs.BOM_UTF8)
    return data.replace(rb"\n", b"\n") if file.name.endswith(".ipynb") else data


def stated_variants(submission: Submission) -> tuple[str, ...]:
    """What the files of an answer state as their variant, each text once; nothing is run."""
    stated = (_stated_variant(file) for file in submission.files)
    return tuple(dict.fromkeys(text for text in stated if text))


def _stated_variant(file: AnswerFile) -> str | None:
    if file.name.endswith(".json"):
        return _variant_in_json(file.data)
    if file.name.endswith(".npz"):
        return None
    found = VARIANT_IN_CODE.search(_text_of(file))
    return found[1].decode("utf-8", "replace").strip() if found else None


def _variant_in_json(data: bytes) -> str | None:
    if b'"variant"' not in data:
        return None
    try:
        content = json.loads(data.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError):
        return None
    value = content.get(VARIANT) if isinstance(content, dict) else None
    return value[:MOST_CHARACTERS].strip() if isinstance(value, str) else None
