"""From one hand-in to a `Submission`: what cannot be marked is named, never an error of the class."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from grader.errors import SubmissionError
from grader.model.submission import Submission, SubmittedFiles
from grader.submissions.collect import SUFFIXES, build_submission, reading_order
from grader.submissions.copies import with_first_names
from grader.submissions.gathered import MOST_ZIPS, Gathered
from grader.submissions.names import shown
from grader.submissions.notebook_outputs import size_limit, slim
from grader.submissions.open_tree import open_tree
from grader.submissions.safe_read import Refused
from grader.submissions.sidecars import is_beside_an_answer
from grader.submissions.tree import Entry, Tree
from grader.submissions.zip_tree import MIB, ONE_STUDENT, ZipTree

ZIP_LIMIT_BYTES = 16 * MIB
# A folder that holds nothing but a folder is opened, as people pack them; deeper ones are named.
WRAPPERS_OPENED = 3


def collect(folder: str | os.PathLike[str], submitted: SubmittedFiles) -> Submission:
    """The submission of one hand-in; one without files where nothing in it can be marked.

    Args:
        folder: The class folder or zip file that the hand-in was listed from.
        submitted: From `read_class`.

    Returns:
        The answer files, and in `left_out` everything else with its reason.

    Raises:
        SubmissionError: If what was listed cannot be read now: nobody's mark may follow from that.
    """
    gathered = Gathered()
    with closing(open_tree(Path(folder))) as tree:
        for index, path in enumerate(submitted.paths):
            name = submitted.names[index] if index < len(submitted.names) else path.rpartition("/")[2]
            try:
                _take_path(gathered, tree, path, name)
            except OSError as error:
                raise SubmissionError(f"cannot be read: {error.strerror}", where=shown(path)) from None
    files = sorted(gathered.files, key=lambda file: reading_order(file.name))
    return build_submission(submitted.student, with_first_names(files), gathered.left_out)


def _take_path(gathered: Gathered, tree: Tree, path: str, name: str) -> None:
    entry = tree.entry(path)
    if entry is None:
        raise SubmissionError("is no longer there", where=shown(path))
    if entry.kind == "folder":
        _take_folder(gathered, tree, path)
    else:
        _take(gathered, tree, entry, name)


def _take_folder(gathered: Gathered, tree: Tree, path: str, wrappers: int = WRAPPERS_OPENED) -> None:
    entries = [e for e in tree.children(path) if not (e.is_dropping or is_beside_an_answer(e.name, SUFFIXES))]
    if len(entries) == 1 and entries[0].kind == "folder" and wrappers:
        _take_folder(gathered, tree, entries[0].path, wrappers - 1)
        return
    for entry in sorted(entries, key=lambda one: reading_order(one.name)):
        if entry.kind == "folder":
            gathered.leave(entry.name, "a folder; only one level is read")
        else:
            _take(gathered, tree, entry, entry.name)


def _take(gathered: Gathered, tree: Tree, entry: Entry, name: str) -> None:
    if is_beside_an_answer(name, SUFFIXES):
        return
    try:
        if entry.refusal:
            raise Refused(entry.refusal)
        if name.lower().endswith(".zip"):
            _take_zip(gathered, tree, entry, name)
        elif not gathered.has_answer_suffix(name):
            raise Refused("not a kind of answer")
        else:
            gathered.take(name, lambda: slim(name, tree.read(entry.path, size_limit(name))))
    except Refused as refused:
        gathered.leave(name, refused.message)


def _take_zip(gathered: Gathered, tree: Tree, entry: Entry, name: str) -> None:
    if gathered.is_inside_zip:
        raise Refused("a zip file inside a zip file")
    if gathered.zips >= MOST_ZIPS:
        raise Refused(f"only the first {MOST_ZIPS} zip files are opened")
    gathered.zips += 1
    with closing(ZipTree(tree.read(entry.path, ZIP_LIMIT_BYTES), ONE_STUDENT)) as packed:
        gathered.is_inside_zip = True
        try:
            _take_folder(gathered, packed, "")
            for stray in packed.strays:
                gathered.leave(stray.path, stray.refusal)
        finally:
            gathered.is_inside_zip = False
