"""What a file was called before a system numbered it: `helper-1.py` and `helper (1).py` were `helper.py`.

Canvas numbers a file that is uploaded again (app/models/attachment.rb, make_unique_filename), Moodle
(lib/filestorage, get_unused_filename) and browsers one that is there already, Jupyter, Windows and macOS a
copy. None of these names can be imported, so a file that is imported is meant by its first name.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable

from grader.model.spelling import composed
from grader.model.submission import AnswerFile

NUMBERED = re.compile(
    r"(?P<stem>.+?)(?:-\d{1,4}| ?\(\d{1,4}\)| \d{1,4}|-Copy\d{1,4}| copy| - Copy| \(copy\))+", re.DOTALL
)
# A hostile file is not to be searched for long: so much of a line, and so many lines.
IMPORTS = re.compile(r"(?:import|from)([^\n]{1,200})")
MOST_IMPORTS = 1000
WORD = re.compile(r"(?<![\w.])\w+")


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
    if not any(first_name(name) != name for name in names):
        return files
    imported = [_imported_words(file) for file in files]
    for name in dict.fromkeys(map(first_name, names)):
        copies = [at for at, one in enumerate(names) if first_name(one) == name]
        stem, suffix = os.path.splitext(name)
        others = (words for at, words in enumerate(imported) if at not in copies)
        if name not in names and suffix == ".py" and any(stem in words for words in others):
            names[max(copies, key=lambda at: _number(names[at]))] = name
    return tuple(
        file if file.name == name else AnswerFile(name, file.data)
        for file, name in zip(files, names, strict=True)
    )


def _imported_words(file: AnswerFile) -> set[str]:
    """What stands behind "import" and "from" in a file, whatever it is."""
    text = file.data.decode("utf-8", "replace") if file.name.endswith((".py", ".ipynb")) else ""
    lines = itertools.islice(IMPORTS.finditer(text), MOST_IMPORTS)
    return {word for line in lines for word in WORD.findall(composed(line[1]))}


def _number(name: str) -> tuple[int, str]:
    """The number of a copy, the last that stands in it."""
    numbers = re.findall(r"\d+", os.path.splitext(name)[0])
    return int(numbers[-1]) if numbers else 0, name
