"""The map at the top of the server's package."""

from __future__ import annotations

import re
from pathlib import Path

from grader import serve

FOLDER = Path(serve.__file__).parent
PARTS = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"} | {
    f"{path.parent.name}/" for path in FOLDER.glob("*/__init__.py")
}


def test_the_map_names_every_file_and_folder_and_no_other():
    named = set(re.findall(r"`([a-z_]+/?)`", serve.__doc__ or ""))
    assert named == PARTS
