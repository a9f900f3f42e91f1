"""Gradescope "Export Submissions": `submission_metadata.yml` and one folder `submission_<id>` each.

The metadata maps each folder to its submitters (several for a group) with name, email and sid, either
of which may be missing, and to the time it was created.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from grader.errors import SubmissionError
from grader.extras import install_command
from grader.gradebook.submission_times import kept_time
from grader.lms.class_layout import Layout
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.submissions.safe_names import escaped
from grader.submissions.safe_read import Refused
from grader.submissions.tree import Tree

METADATA = "submission_metadata.yml"
# It holds every earlier result of every student, so it grows well beyond a submission.
LIMIT_BYTES = 256 * 2**20
LONGEST_TIME = 200
FOLDER = "submission_"
# An id such as 0123 is no octal number, and the name "No" is no answer.
AS_WRITTEN = ("int", "float", "bool", "timestamp")


@dataclass(frozen=True)
class FolderMetadata:
    """The metadata of one folder.

    Args:
        ids: Of the submitters: email, else sid, else the name behind "name:".
        names: Of the submitters.
        at: When it was handed in, ISO 8601.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    at: str | None


def recognises(tree: Tree, base: str) -> float:
    """1 where the metadata lies beside such a folder, else 0."""
    entries = tree.children(base)
    has_metadata = any(entry.name == METADATA and entry.kind == "file" for entry in entries)
    has_folder = any(entry.name.startswith(FOLDER) and entry.kind == "folder" for entry in entries)
    return 1.0 if has_metadata and has_folder else 0.0


def read(tree: Tree, base: str) -> ClassContents:
    """One submission for each folder that the metadata knows."""
    found = ClassContents()
    known = read_metadata(tree, base)
    for entry in found.usable(tree.children(base)):
        folder = known.pop(entry.name, None)
        if entry.name == METADATA:
            continue
        if folder is None or entry.kind != "folder":
            found.leave(entry, f"{METADATA} does not list it")
        elif not folder.ids:
            found.leave(entry, f"{METADATA} names no submitter for it")
        else:
            found.submissions.append(_submitted(entry.path, entry.name, folder))
    for name in known:
        found.leave_paths([f"{base}/{name}" if base else name], f"{METADATA} lists it, but it is not there")
    return found


def _submitted(path: str, name: str, folder: FolderMetadata) -> SubmittedFiles:
    is_group = len(folder.ids) > 1
    return SubmittedFiles(
        student=folder.ids[0] if not is_group else "+".join(folder.ids),
        paths=(path,),
        name=", ".join(folder.names),
        submitted_at=folder.at,
        members=folder.ids if is_group else (),
        return_name=name,
    )


def read_metadata(tree: Tree, base: str) -> dict[str, FolderMetadata]:
    """The metadata of each folder.

    Args:
        tree: The class.
        base: Where the metadata lies.

    Raises:
        SubmissionError: If it is not there or cannot be read.
    """
    path = f"{base}/{METADATA}" if base else METADATA
    try:
        data = tree.read(path, LIMIT_BYTES)
    except FileNotFoundError:
        raise SubmissionError("there is no such file in this export", where=escaped(path)) from None
    except Refused as refused:
        raise SubmissionError(refused.message, where=escaped(path)) from None
    table = _parsed(data, path)
    if not isinstance(table, dict):
        raise SubmissionError("does not map folders to submitters", where=escaped(path))
    return {name: _folder_metadata(entry) for name, entry in table.items() if isinstance(name, str)}


def _parsed(data: bytes, path: str) -> object:
    try:
        yaml: Any = importlib.import_module("yaml")
    except ImportError:
        hint = f"{install_command('instructor')}, or read the folder with --pattern"
        raise SubmissionError("reading it needs PyYAML", hint, escaped(path)) from None
    # The C loader where there is one: the file holds every result of every student. Merge keys are left
    # alone, since a few lines of them can ask for more memory than there is.
    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("PlainLoader", (safe,), {"flatten_mapping": lambda self, node: None})
    loader.add_multi_constructor("", _without_tag)
    for kind in AS_WRITTEN:
        loader.add_constructor(f"tag:yaml.org,2002:{kind}", lambda self, node: node.value)
    try:
        return yaml.load(data, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError) as error:
        reason = str(getattr(error, "problem", None) or type(error).__name__)
        raise SubmissionError(
            f"is not the YAML that Gradescope writes: {reason}", where=escaped(path)
        ) from None


def _without_tag(loader: Any, suffix: str, node: Any) -> object:
    """The plain value behind a tag that is not YAML's own; no object is ever constructed from a tag."""
    if node.id == "mapping":
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node, deep=True) if node.id == "sequence" else node.value


def _folder_metadata(entry: object) -> FolderMetadata:
    entry = entry if isinstance(entry, dict) else {}
    people = entry.get(":submitters")
    people = [one for one in people if isinstance(one, dict)] if isinstance(people, list) else []
    ids = (_first(one, ":email", ":sid") or _by_name(one) for one in people)
    names = (_first(one, ":name") for one in people)
    return FolderMetadata(
        tuple(sorted({one for one in ids if one})),
        tuple(filter(None, names)),
        _time(entry.get(":created_at")),
    )


def _first(person: dict[Any, Any], *keys: str) -> str:
    values = (person.get(key) for key in keys)
    return next((one.strip() for one in values if isinstance(one, str) and one.strip()), "")


def _by_name(person: dict[Any, Any]) -> str:
    """An id made of the name and marked as such: people choose their names, even another's email."""
    name = _first(person, ":name")
    return f"name:{name}" if name else ""


def _time(value: object) -> str | None:
    # What is there but is no time is kept as it is, and not taken for no time at all.
    return None if value is None else kept_time(str(value)[:LONGEST_TIME])


LAYOUT = Layout("Gradescope: Export Submissions", read, recognises=recognises)
