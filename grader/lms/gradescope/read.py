"""Gradescope "Export Submissions": `submission_metadata.yml` and one folder `submission_<id>` each.

The metadata maps each folder to its submitters (several for a group) with name, email and sid, either
of which may be missing, and to the time it was created.
"""

from __future__ import annotations

from grader.lms.found import Found
from grader.lms.gradescope.metadata import METADATA, FolderMetadata, read_metadata
from grader.model.submission import SubmittedFiles
from grader.submissions.tree import Tree, TreeEntry

TITLE = "Gradescope: Export Submissions"
FOLDER = "submission_"


def recognises(tree: Tree, base: str) -> float:
    """Certainly, where the metadata lies beside such a folder."""
    entries = tree.children(base)
    has_metadata = any(entry.name == METADATA and entry.kind == "file" for entry in entries)
    has_folder = any(entry.name.startswith(FOLDER) and entry.kind == "folder" for entry in entries)
    return 1.0 if has_metadata and has_folder else 0.0


def is_named(entry: TreeEntry) -> bool:
    """Never: names do not tell this layout."""
    return False


def read(tree: Tree, base: str) -> Found:
    """One hand-in for each folder that the metadata knows."""
    found = Found()
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
        found.leave_name(f"{base}/{name}" if base else name, f"{METADATA} lists it, but it is not there")
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
