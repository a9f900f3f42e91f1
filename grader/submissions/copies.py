"""What a file was called before a system numbered it: `helper-1.py` and `helper (1).py` were `helper.py`.

Canvas numbers a file that is uploaded again (app/models/attachment.rb, make_unique_filename), Moodle
(lib/filestorage, get_unused_filename) and browsers one that is there already, Jupyter, Windows and macOS a
copy. None of these names can be imported, so a file that is imported is meant by its first name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

from grader.model.submission import AnswerFile

NUMBERED = re.compile(
    r"(?P<stem>.+?)(?:-\d{1,4}| ?\(\d{1,4}\)| \d{1,4}|-Copy\d{1,4}| copy| - Copy| \(copy\))+", re.DOTALL
)
IMPORTS = re.compile(rb"(?:import|from)[^\n]*")


def first_name(name: str) -> str:
    """The name without the numbers of copies.

    Args:
        name: Of a file, with its suffix.
    """
    stem, suffix = os.path.splitext(name)
    match = NUMBERED.fullmatch(stem)
    return match["stem"] + suffix if match else name


def with_first_names(files: Iterable[AnswerFile]) -> tuple[AnswerFile, ...]:
    """The same files, those under their first name that another of them imports by it.

    Of several copies it is the last; a file that has the name already keeps it.

    Args:
        files: Of one hand-in.
    """
    files = tuple(files)
    names = [file.name for file in files]
    for name in dict.fromkeys(map(first_name, names)):
        copies = [at for at, one in enumerate(names) if first_name(one) == name]
        if name not in names and name.endswith(".py") and _is_imported(name, files, copies):
            names[max(copies, key=lambda at: _number(names[at]))] = name
    return tuple(
        file if file.name == name else AnswerFile(name, file.data)
        for file, name in zip(files, names, strict=True)
    )


def _is_imported(name: str, files: Sequence[AnswerFile], copies: Sequence[int]) -> bool:
    module = re.compile(rb"(?<![\w.])%s\b" % re.escape(os.path.splitext(name)[0].encode()))
    others = [file.data for at, file in enumerate(files) if at not in copies]
    return any(module.search(line) for data in others for line in IMPORTS.findall(data))


def _number(name: str) -> tuple[int, str]:
    """The number of a copy, the last that stands in it."""
    numbers = re.findall(r"\d+", os.path.splitext(name)[0])
    return int(numbers[-1]) if numbers else 0, name
