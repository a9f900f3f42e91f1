"""Start of the program inside: `python -P -s -S folder OPTIONS`, the control socket on descriptor 1."""

import gc
import importlib.util
import os
import sys


def start() -> None:
    """Load this folder as the package `inside`, so that its files share no names with the student's."""
    # What is imported stays: the collector would look through it again and again. Children have it back.
    gc.disable()
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    spec = importlib.util.spec_from_file_location(
        "inside", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["inside"] = package
    spec.loader.exec_module(package)
    importlib.import_module("inside.zygote").main(sys.argv[1])


start()
