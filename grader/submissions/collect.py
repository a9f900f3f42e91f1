"""Files as a `Submission`, for one student and for a class. Nothing is imported, run or parsed.

Every file is read once, by `Collector.take`.
"""

from __future__ import annotations

import difflib
import os
import stat
from contextlib import closing
from pathlib import Path

from grader.errors import SubmissionError
from grader.model.submission import AnswerFile, Submission, SubmittedFiles
from grader.submissions.answer_files import answer_file, has_answer_suffix, printable, reading_order
from grader.submissions.collector import Collector, NothingHandedIn, build_submission
from grader.submissions.folder_tree import FolderTree, open_class
from grader.submissions.safe_names import escaped
from grader.submissions.safe_read import FILE_LIMIT_BYTES, Refused, read_regular_file, too_large
from grader.submissions.tree import Tree

ANSWERS_ARE = "answers are .py, .ipynb, .json or .npz files"
LONGEST_NAME = 100


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
        is_folder = stat.S_ISDIR(os.lstat(path).st_mode)
        found = _from_folder(path) if is_folder else _from_file(path)
        own_name = path.resolve().name if is_folder else path.stem
    except FileNotFoundError:
        raise SubmissionError("no such file or folder", _nearest(path), str(path)) from None
    except Refused as refused:
        raise NothingHandedIn(refused.message, where=str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError(f"cannot be read: {reason}", where=str(path)) from None
    return found.submission(student or printable(own_name) or "student")


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
        raise NothingHandedIn(too_large(FILE_LIMIT_BYTES).message, where=where)
    return build_submission(student or "stdin", [AnswerFile("stdin.json", data)])


def collect_uploaded(name: str, data: bytes, student: str) -> Submission:
    """The submission of one file that was sent to a server.

    Args:
        name: As the sender called it; only its ending counts.
        data: Its bytes.
        student: Id of the student.

    Raises:
        NothingHandedIn: If it cannot be marked; says why.
    """
    if not has_answer_suffix(name):
        raise NothingHandedIn(f"{ANSWERS_ARE}; this one is called {escaped(name[-LONGEST_NAME:])}")
    suffix = Path(name).suffix.lower()
    collector = Collector(is_of_class=True)
    try:
        collector.take(f"answer{suffix}", lambda _: data)
    except Refused as refused:
        raise NothingHandedIn(f"the file cannot be marked: {refused.message}") from None
    if not collector.files:
        raise NothingHandedIn("the file is one that a platform writes, not an answer")
    return collector.submission(student)


def collect_submitted(folder: str | os.PathLike[str], submitted: SubmittedFiles) -> Submission:
    """The submission of one student of a class; one without files where nothing in it can be marked.

    Args:
        folder: The class folder or zip file that the files were listed from.
        submitted: From `read_class`.

    Returns:
        The answer files, and in `left_out` everything else with its reason.

    Raises:
        SubmissionError: If what was listed cannot be read now: nobody's mark may follow from that.
    """
    with closing(open_class(Path(folder))) as tree:
        return collect_from(tree, submitted)


def collect_from(tree: Tree, submitted: SubmittedFiles) -> Submission:
    """As `collect_submitted`, from a class that is already open.

    Args:
        tree: The class.
        submitted: From `read_class`.

    Raises:
        SubmissionError: If what was listed cannot be read now.
    """
    collector = Collector(is_of_class=True)
    for index, path in enumerate(submitted.paths):
        name = submitted.names[index] if index < len(submitted.names) else path.rpartition("/")[2]
        try:
            entry = tree.entry(path)
            if entry is None:
                raise SubmissionError("is no longer there", where=escaped(path))
            if entry.kind == "folder":
                collector.take_folder(tree, path)
            else:
                collector.take_entry(tree, entry, name)
        except OSError as error:
            raise SubmissionError(f"cannot be read: {error.strerror}", where=escaped(path)) from None
    if len(collector.files) > 1:
        collector.files.sort(key=lambda file: reading_order(file.name))
    return collector.submission(submitted.student)


def _from_file(path: Path) -> Collector:
    if not has_answer_suffix(path.name):
        suffix = path.suffix
        found = f"{suffix!r} is not a kind of answer" if suffix else "no answer: the name has no suffix"
        raise NothingHandedIn(found, ANSWERS_ARE, str(path))
    file = answer_file(path.name, lambda limit_bytes: read_regular_file(str(path), limit_bytes=limit_bytes))
    return Collector(is_of_class=False, files=[file])


def _from_folder(path: Path) -> Collector:
    tree = FolderTree(path, may_be_link=False)
    collector = Collector(is_of_class=False)
    collector.take_folder(tree, "")
    if not collector.files:
        nothing = "nothing that a student put there" if tree.children() else "the folder is empty"
        found = "; ".join(collector.left_out[:3]) or nothing
        raise NothingHandedIn(f"no answer in this folder: {found}", ANSWERS_ARE, str(path))
    return collector


def _nearest(path: Path) -> str | None:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return None
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {str(path.parent / near[0])!r}?" if near else None
