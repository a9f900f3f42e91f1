"""Gathers the files of one submission; a file that cannot be marked is left out, with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from grader.errors import SubmissionError
from grader.model.submission import AnswerFile, Submission
from grader.model.text import composed, disarmed
from grader.submissions.answer_files import (
    answer_file,
    has_answer_suffix,
    is_a_platforms,
    is_beside_an_answer,
    reading_order,
    with_first_names,
)
from grader.submissions.safe_names import escaped
from grader.submissions.safe_read import MIB, Refused
from grader.submissions.tree import Tree, TreeEntry
from grader.submissions.zip_tree import ONE_STUDENT, ZipTree

MAX_FILES = 20
# A zip file may hold a thousand names; a report needs to name a few.
MOST_LEFT_OUT = 50
# Each may have 16 MiB to unpack, in the process that reads the class.
MOST_ZIPS = 20
ZIP_LIMIT_BYTES = 16 * MIB
# A folder that holds nothing but a folder is opened, as people pack them; deeper ones are named.
WRAPPERS_OPENED = 3


@dataclass
class Collector:
    """The files of one submission that were gathered so far.

    Args:
        is_of_class: Whether zip files, and folders that hold nothing but a folder, are opened, as platforms
            and people pack them; and whether a file that cannot be read raises OSError instead of being left
            out.
        files: The answers, under names that differ.
        left_out: Everything else, each with the reason.
        zips: How many zip files were opened.
        is_inside_zip: Whether the entries now taken lie in a zip file that the student packed.
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
            tree: Where the entry is.
            entry: The file, zip file or link.
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
        """Add an entry that is not an answer to `left_out`.

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


def build_submission(student: str, files: Iterable[AnswerFile], left_out: Iterable[str] = ()) -> Submission:
    """A submission with its digest; one without files still gets a report.

    Args:
        student: Id of the student.
        files: In reading order.
        left_out: All other entries, each with the reason why it does not count.
    """
    files, left_out = tuple(files), tuple(left_out)
    digest = hashlib.sha256()
    for file in files:
        # Lengths first: otherwise bytes could move from a name into the data without being noticed.
        digest.update(f"{len(file.name.encode())} {len(file.data)} {file.name}\n".encode())
        digest.update(file.data)
    # A report names what was left out: equal files with other entries left out must have another digest.
    for reason in left_out:
        text = reason.encode("utf-8", "backslashreplace")
        digest.update(b"left out %d " % len(text) + text)
    return Submission(
        student=composed(student), files=files, digest=f"sha256:{digest.hexdigest()}", left_out=left_out
    )


class NothingHandedIn(SubmissionError):
    """The path is there, but there is nothing in it that can be marked."""

    def without_files(self, student: str) -> Submission:
        """A submission without files that says why, for whoever marks it all the same."""
        name = disarmed(escaped(Path(self.where or "").name))
        reason = f"{name}: {self.message}" if name else self.message
        return build_submission(student, [], [reason])
