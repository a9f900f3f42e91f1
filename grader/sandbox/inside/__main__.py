"""Start of the program inside: `python -P -s -S folder OPTIONS`, the control socket on descriptor 1."""

import importlib.util
import sys
from pathlib import Path


def start() -> None:
    """Load this folder as the package `inside`, so that its files share no names with the student's."""
    folder = Path(__file__).parent
    sys.path[:] = [entry for entry in sys.path if Path(entry) != folder]
    spec = importlib.util.spec_from_file_location(
        "inside", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["inside"] = package
    spec.loader.exec_module(package)
    importlib.import_module("inside.zygote").main(sys.argv[1])


start()
