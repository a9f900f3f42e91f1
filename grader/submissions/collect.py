"""From a file or a folder to a `Submission`. Nothing is imported, run or parsed."""

from __future__ import annotations

import difflib
import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from grader.errors import SubmissionError
from grader.model.spelling import composed
from grader.model.submission import AnswerFile, Submission
from grader.submissions.copies import first_name, with_first_names
from grader.submissions.notebook_outputs import size_limit, slim
from grader.submissions.safe_read import (
    FILE_LIMIT_BYTES,
    LIMIT_WORDS,
    Folder,
    Refused,
    open_folder,
    read_regular_file,
    status_in,
)
from grader.submissions.sidecars import is_a_platforms, is_beside_an_answer

SUFFIXES = (".py", ".ipynb", ".json", ".npz")
SUFFIX_WORDS = "answers are .py, .ipynb, .json or .npz files"
MAX_FILES = 20
# Left by operating systems and notebooks, not by students: not worth a word.
DROPPINGS = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__", ".ipynb_checkpoints")


class NothingHandedIn(SubmissionError):
    """The path is there, but there is nothing in it that can be marked."""


def collect(path: str | Path, student: str | None = None) -> Submission:
    """The submission in a file, or in a folder of files.

    Args:
        path: A .py, .ipynb, .json or .npz file, or a folder that holds some, one level deep.
        student: Id of the student; the file's stem or the folder's name if left out.

    Raises:
        NothingHandedIn: If nothing there can be marked; says why.
        SubmissionError: If there is no such path or it cannot be read.
    """
    path = Path(path)
    try:
        status = os.lstat(path)
        if stat.S_ISDIR(status.st_mode):
            return _from_folder(path, student or _printable(path.resolve().name) or "student")
        return _from_file(path, student or _printable(path.stem))
    except FileNotFoundError:
        raise SubmissionError("no such file or folder", _nearest(path), str(path)) from None
    except Refused as refused:
        raise NothingHandedIn(refused.message, where=str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError(f"cannot be read: {reason}", where=str(path)) from None


def collect_json(data: bytes, student: str | None = None) -> Submission:
    """The submission in JSON text that came without a file.

    Args:
        data: The text's bytes.
        student: Id of the student; "stdin" if left out.

    Raises:
        NothingHandedIn: If it is empty or too large.
    """
    where = "standard input"
    if not data.strip():
        raise NothingHandedIn("nothing was handed in", where=where)
    if len(data) > FILE_LIMIT_BYTES:
        raise NothingHandedIn(f"larger than {LIMIT_WORDS}", where=where)
    return build_submission(student or "stdin", [AnswerFile("stdin.json", data)])


def empty_submission(student: str, left_out: Iterable[str] = ()) -> Submission:
    """A submission in which nothing can be marked, so that it still gets a report.

    Args:
        student: Id of the student.
        left_out: What was there, each with the reason why it does not count.
    """
    return build_submission(student, [], left_out)


def _from_file(path: Path, student: str) -> Submission:
    if path.suffix.lower() not in SUFFIXES:
        found = (
            f"{path.suffix!r} is not a kind of answer" if path.suffix else "no answer: the name has no suffix"
        )
        raise NothingHandedIn(found, SUFFIX_WORDS, str(path))
    data = slim(path.name, read_regular_file(str(path), limit_bytes=size_limit(path.name)))
    if not data.strip():
        raise NothingHandedIn("the file is empty", where=str(path))
    return build_submission(student, [AnswerFile(answer_name(path.name), data)])


def _from_folder(path: Path, student: str) -> Submission:
    files: list[AnswerFile] = []
    left_out: list[str] = []
    with open_folder(path) as folder:
        names = os.listdir(folder)
        for name in sorted(names, key=reading_order):
            if name in DROPPINGS or name.startswith("._") or is_beside_an_answer(name, SUFFIXES):
                continue
            try:
                file = _read_member(name, folder, [file.name for file in files])
                files += [] if is_a_platforms(name, file.data) else [file]
            except Refused as refused:
                left_out.append(f"{_printable(name)}: {refused.message}")
    if not files:
        nothing = "nothing that a student put there" if names else "the folder is empty"
        found = "; ".join(left_out[:3]) or nothing
        raise NothingHandedIn(f"no answer in this folder: {found}", SUFFIX_WORDS, str(path))
    return build_submission(student, with_first_names(files), left_out)


def _read_member(name: str, folder: Folder, taken: Sequence[str]) -> AnswerFile:
    if not stat.S_ISDIR(status_in(name, folder).st_mode):
        if Path(name).suffix.lower() not in SUFFIXES:
            raise Refused("not a kind of answer")
        if len(taken) >= MAX_FILES:
            raise Refused(f"only the first {MAX_FILES} answer files are read")
    try:
        data = slim(name, read_regular_file(name, folder, size_limit(name)))
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    if not data.strip():
        raise Refused("the file is empty")
    return AnswerFile(free_name(answer_name(name), taken), data)


def reading_order(name: str) -> tuple[int, str]:
    """A sort key: a file called answer is read first, then one that was called so and has a number now."""
    stems = (Path(name).stem.lower(), Path(first_name(name)).stem.lower())
    return stems.index("answer") if "answer" in stems else len(stems), name


def answer_name(name: str) -> str:
    """The name that an answer file has in its submission: printable, the suffix in lower case."""
    stem, suffix = os.path.splitext(_printable(name))
    return stem + suffix.lower()


def free_name(name: str, taken: Collection[str]) -> str:
    """The name of a file, with a number where another has it: `a.PY` beside `a.py` is `a (2).py`.

    Args:
        name: From `answer_name`.
        taken: Names of the files before it.
    """
    stem, suffix = os.path.splitext(name)
    numbers = ("", *(f" ({number})" for number in range(2, len(taken) + 3)))
    return next(one for number in numbers if (one := f"{stem}{number}{suffix}") not in taken)


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "_" for letter in composed(name))


def _nearest(path: Path) -> str | None:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return None
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {str(path.parent / near[0])!r}?" if near else None


def build_submission(student: str, files: Iterable[AnswerFile], left_out: Iterable[str] = ()) -> Submission:
    """A submission with its digest.

    Args:
        student: Id of the student.
        files: In reading order.
        left_out: What else was there, each with the reason why it does not count.
    """
    files, left_out = tuple(files), tuple(left_out)
    digest = hashlib.sha256()
    for file in files:
        # Lengths first: otherwise bytes could move from a name into the data without being noticed.
        digest.update(f"{len(file.name.encode())} {len(file.data)} {file.name}\n".encode())
        digest.update(file.data)
    # A report tells what was left out: two who left out other things must not be given the same one.
    for reason in left_out:
        told = reason.encode("utf-8", "backslashreplace")
        digest.update(b"left out %d " % len(told) + told)
    return Submission(
        student=composed(student), files=files, digest=f"sha256:{digest.hexdigest()}", left_out=left_out
    )
