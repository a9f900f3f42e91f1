"""From files to a `Submission`, for one student and for a class. Nothing is imported, run or parsed.

Every file is read once, by `Collector.take`; what cannot be marked is left out, with the reason.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import SubmissionError
from grader.model.submission import AnswerFile, Submission, SubmittedFiles
from grader.model.text import composed
from grader.submissions.answer_files import (
    answer_file,
    has_answer_suffix,
    is_a_platforms,
    is_beside_an_answer,
    printable,
    reading_order,
    with_first_names,
)
from grader.submissions.folder_tree import FolderTree, open_class
from grader.submissions.safe_names import escaped
from grader.submissions.safe_read import FILE_LIMIT_BYTES, MIB, Refused, read_regular_file, too_large
from grader.submissions.tree import Tree, TreeEntry
from grader.submissions.zip_tree import ONE_STUDENT, ZipTree

ANSWERS_ARE = "answers are .py, .ipynb, .json or .npz files"
MAX_FILES = 20
LONGEST_NAME = 100
# A zip file may hold a thousand names; a report needs to name a few.
MOST_LEFT_OUT = 50
# Each may have 16 MiB to unpack, in the process that reads the class.
MOST_ZIPS = 20
ZIP_LIMIT_BYTES = 16 * MIB
# A folder that holds nothing but a folder is opened, as people pack them; deeper ones are named.
WRAPPERS_OPENED = 3


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
        is_folder = stat.S_ISDIR(os.lstat(path).st_mode)
        named = student or printable(path.resolve().name if is_folder else path.stem) or "student"
        return _from_folder(path, named) if is_folder else _from_file(path, named)
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
    """The same from a class that is open, for many of its students.

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


def build_submission(student: str, files: Iterable[AnswerFile], left_out: Iterable[str] = ()) -> Submission:
    """A submission with its digest; one without files still gets a report.

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
    # A report names what was left out: two who left out other things must not be given the same one.
    for reason in left_out:
        text = reason.encode("utf-8", "backslashreplace")
        digest.update(b"left out %d " % len(text) + text)
    return Submission(
        student=composed(student), files=files, digest=f"sha256:{digest.hexdigest()}", left_out=left_out
    )


@dataclass
class Collector:
    """What one submission has so far.

    Args:
        is_of_class: Whether zip files, and folders that hold nothing but a folder, are opened, as platforms
            and people pack them; and whether a file that cannot be read raises OSError instead of being left
            out.
        files: The answers, under names that differ.
        left_out: Everything else, each with the reason.
        zips: How many zip files were opened.
        is_inside_zip: Whether what comes now was packed by the student.
    """

    is_of_class: bool
    files: list[AnswerFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    zips: int = 0
    is_inside_zip: bool = False

    def submission(self, student: str) -> Submission:
        """The submission; a numbered copy gets back the name by which another file imports it."""
        return build_submission(student, with_first_names(self.files), self.left_out)

    def take_folder(self, tree: Tree, path: str, wrappers: int = WRAPPERS_OPENED) -> None:
        """Take what is in a folder, one level deep.

        Args:
            tree: Where it is.
            path: Of the folder.
            wrappers: How many folders that hold nothing but a folder may be opened.
        """
        entries = [e for e in tree.children(path) if not (e.is_dropping or is_beside_an_answer(e.name))]
        if self.is_of_class and wrappers and len(entries) == 1 and entries[0].kind == "folder":
            self.take_folder(tree, entries[0].path, wrappers - 1)
            return
        for entry in sorted(entries, key=lambda one: reading_order(one.name)):
            if entry.kind == "folder":
                self.leave(entry.name, "a folder; only one level is read")
            else:
                self.take_entry(tree, entry, entry.name)

    def take_entry(self, tree: Tree, entry: TreeEntry, name: str) -> None:
        """Take a file, or what is in a zip file, or leave it out.

        Args:
            tree: Where it is.
            entry: What is there.
            name: What the student called it.

        Raises:
            OSError: If it cannot be read, in a class.
        """
        if is_beside_an_answer(name):
            return
        try:
            # Reading a student's own folder refuses it as well, and says what to do.
            if entry.refusal and self.is_of_class:
                raise Refused(entry.refusal)
            if self.is_of_class and name.lower().endswith(".zip"):
                self._take_zip(tree, entry)
            elif not has_answer_suffix(name):
                raise Refused("not a kind of answer")
            else:
                self.take(name, lambda limit_bytes: tree.read(entry.path, limit_bytes))
        except Refused as refused:
            self.leave(name, refused.message)
        except OSError as error:
            if self.is_of_class:
                raise
            self.leave(name, f"cannot be read: {error.strerror}")

    def take(self, name: str, read: Callable[[int], bytes]) -> None:
        """Take an answer file; the result file of a platform is passed over.

        Args:
            name: What the student called it.
            read: Gives its bytes, no more than the given number; not called once there are enough files.

        Raises:
            Refused: If there are enough, or it is empty or too large.
        """
        if len(self.files) >= MAX_FILES:
            raise Refused(f"only the first {MAX_FILES} answer files are read")
        file = answer_file(name, read, [one.name for one in self.files])
        if not is_a_platforms(name, file.data):
            self.files.append(file)

    def leave(self, name: str, reason: str) -> None:
        """Name something that is not an answer.

        Args:
            name: What it is called.
            reason: Why it is none.
        """
        if len(self.left_out) < MOST_LEFT_OUT:
            self.left_out.append(f"{escaped(name)}: {reason}")
        elif len(self.left_out) == MOST_LEFT_OUT:
            self.left_out.append("and more files that are not answers")

    def _take_zip(self, tree: Tree, entry: TreeEntry) -> None:
        if self.is_inside_zip:
            raise Refused("a zip file inside a zip file")
        if self.zips >= MOST_ZIPS:
            raise Refused(f"only the first {MOST_ZIPS} zip files are opened")
        self.zips += 1
        with closing(ZipTree(tree.read(entry.path, ZIP_LIMIT_BYTES), ONE_STUDENT)) as packed:
            self.is_inside_zip = True
            try:
                self.take_folder(packed, "")
                for stray in packed.strays:
                    self.leave(stray.path, stray.refusal)
            finally:
                self.is_inside_zip = False


def _from_file(path: Path, student: str) -> Submission:
    if not has_answer_suffix(path.name):
        suffix = path.suffix
        found = f"{suffix!r} is not a kind of answer" if suffix else "no answer: the name has no suffix"
        raise NothingHandedIn(found, ANSWERS_ARE, str(path))
    file = answer_file(path.name, lambda limit_bytes: read_regular_file(str(path), limit_bytes=limit_bytes))
    return build_submission(student, [file])


def _from_folder(path: Path, student: str) -> Submission:
    tree = FolderTree(path, may_be_link=False)
    collector = Collector(is_of_class=False)
    collector.take_folder(tree, "")
    if not collector.files:
        nothing = "nothing that a student put there" if tree.children() else "the folder is empty"
        found = "; ".join(collector.left_out[:3]) or nothing
        raise NothingHandedIn(f"no answer in this folder: {found}", ANSWERS_ARE, str(path))
    return collector.submission(student)


def _nearest(path: Path) -> str | None:
    try:
        names = os.listdir(path.parent)
    except OSError:
        return None
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {str(path.parent / near[0])!r}?" if near else None
