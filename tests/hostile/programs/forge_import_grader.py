"""Imports the grader's packages by every way there is."""
import importlib, importlib.util, sys

def attack(machine):
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "ImportGuard"]
    sys.path.append(machine["repository"])
    for name in ("grader.kinds", "reference.networks", "exercises"):
        try:
            importlib.import_module(name)
            return "GOT " + name
        except ImportError:
            pass
    path = machine["repository"] + "/grader/errors.py"
    spec = importlib.util.spec_from_file_location("errors", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return "GOT " + path
