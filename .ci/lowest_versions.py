"""Print the lowest versions that pyproject.toml declares, as pip's constraints."""

import re
import tomllib
from pathlib import Path

EXTRAS = ("instructor", "postgres", "serve", "identity")
LOWEST = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[a-z]+\])?>=(?P<version>[0-9.]+)")

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
for wanted in (*project["dependencies"], *(one for extra in EXTRAS for one in extras[extra])):
    # Our own name stands for another extra.
    if not wanted.startswith(f"{project['name']}["):
        found = LOWEST.fullmatch(wanted)
        assert found is not None, f"{wanted!r} declares no lowest version"
        print(f"{found['name']}=={found['version']}")
