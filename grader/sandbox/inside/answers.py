"""The answer's files, loaded in order, and the names they define."""

import sys
from types import ModuleType
from typing import Any, NamedTuple

from . import caps, faults
from .clock import Limited, TooLong
from .faults import Fault
from .imports import ImportGuard, module_name
from .notebook_file import NotANotebook, run_notebook
from .npz_file import NotAnArchive, read_npz
from .objects import STUDENT_MODULES, is_students_own, module_of
from .python_file import leave_out, run_python

TOO_LONG_TO_LOAD = (
    "running the file took more than {:g} s of CPU time and was ended here; what was defined before counts. "
    "What takes longer, as training may, is run beforehand: hand in what came out"
)


class File(NamedTuple):
    """One file: its number among all files of the submission, name and bytes."""

    number: int
    name: str
    data: bytes


class Definition(NamedTuple):
    """A name's value and the file that defines it."""

    file: int
    value: object


class Answers:
    """Loads the files of a submission and keeps the names that they define.

    Args:
        files: In reading order; the first that defines a name wins.
        cpu_s: CPU limit for each file.
    """

    def __init__(self, files: list[File], cpu_s: float) -> None:
        self.files = files
        self.cpu_s = cpu_s
        self.names: dict[str, Definition] = {}
        self.typed: dict[str, dict[str, Definition]] = {}
        self.seen: list[tuple[int, list[str]]] = []
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.code_names = {file.name for file in files}
        self.modules: dict[str, ModuleType] = {}

    def load(self) -> None:
        """Load every file; what goes wrong is kept in `faults`."""
        sys.meta_path.insert(0, ImportGuard(self.importable(), self.run_imported))
        for file in self.files:
            names: dict[str, Any] = {}
            try:
                with Limited(self.cpu_s):
                    names = self.load_file(file)
            except (NotAnArchive, NotANotebook) as error:
                self.faults.append(faults.fault("unreadable", str(error), file.name))
            except BaseException as error:
                self.failed(error, file.name)
                names = vars(self.modules[file.name]) if file.name in self.modules else {}
            self.define(file, dict(names))

    def importable(self) -> dict[str, str]:
        """The .py files by the name under which another one may import them."""
        files = [file.name for file in self.files if file.name.endswith(".py")]
        return {module_name(name): name for name in reversed(files)}

    def load_file(self, file: File) -> dict[str, Any]:
        """The names that one file defines."""
        if file.name.endswith(".npz"):
            return read_npz(file.data)
        if file.name not in self.modules:
            module = self.new_module(file.name)
            self.run(file, module)
        return vars(self.modules[file.name])

    def new_module(self, file_name: str) -> ModuleType:
        """A fresh module as for `python answer.py`; other files find it by the file's name."""
        module = ModuleType("__main__")
        sys.modules["__main__"] = module  # where dataclasses and pickle look for it
        name = module_name(file_name)
        while name in sys.modules:
            name += "_"
        sys.modules[name] = module
        return module

    def run(self, file: File, module: ModuleType) -> None:
        """Run one file's code."""
        self.modules[file.name] = module
        STUDENT_MODULES.add(module.__name__)
        if file.name.endswith(".py"):
            module.__file__ = file.name
        if file.name.endswith(".ipynb"):
            run_notebook(file.data, file.name, module, self.failed, self.note, self.import_failed)
        else:
            run_python(file.data, file.name, module, self.import_failed, self.failed)

    def run_imported(self, file_name: str, module: ModuleType) -> None:
        """Run a file that another one imports; what it defines before it fails is there for the other."""
        try:
            self.run(next(file for file in self.files if file.name == file_name), module)
        except TooLong:
            raise
        except BaseException as error:
            self.failed(error, file_name)

    def import_failed(self, name: str) -> None:
        """Leave out an import that fails; called while its exception is handled."""
        error = sys.exc_info()[1]
        if not isinstance(error, Exception) or isinstance(error, MemoryError):
            raise
        if isinstance(error, ImportError | PermissionError):
            self.note(leave_out(error, name, faults.place(error, self.code_names)))
        else:
            self.failed(error, "")

    def failed(self, error: BaseException, where: str) -> None:
        """Keep what went wrong, as a fault for the student."""
        if len(self.faults) < caps.MAX_FAULTS:
            fault = faults.from_exception(error, self.code_names, self.cpu_s, where)
            if isinstance(error, TooLong):
                fault["message"] = TOO_LONG_TO_LOAD.format(self.cpu_s)
            self.faults.append(fault)

    def note(self, text: str) -> None:
        """Keep what the student should know although nothing failed."""
        if len(self.notes) < caps.MAX_NOTES:
            self.notes.append(faults.as_text(text)[: caps.MAX_MESSAGE])

    def define(self, file: File, names: dict[str, object]) -> None:
        """Keep the names that one file defines, for all questions or for its own."""
        index, (question, typed, _) = file.number, file.name.partition(caps.TYPED)
        kept = self.typed.setdefault(question, {}) if typed else self.names
        public = {name: value for name, value in names.items() if is_public(name, value)}
        own = [name for name, value in public.items() if name not in kept or kept[name].value is not value]
        self.seen.append((index, own[: caps.MAX_NAMES]))
        for name, value in names.items():
            if type(name) is str and not name.startswith("__"):
                kept.setdefault(name, Definition(index, value))


def is_public(name: object, value: object) -> bool:
    """Whether a name is the student's own: not private, not a module, not imported from a library."""
    if type(name) is not str or name.startswith("_") or len(name) > caps.MAX_NAME:
        return False
    kind = type(value)
    if issubclass(kind, ModuleType) or name in ("get_ipython", "display"):
        return False
    if issubclass(kind, type):
        origin: object = module_of(value)  # type: ignore[arg-type]
    elif is_students_own(kind) or not callable(value):  # nothing is asked of an object that may raise
        return True
    else:
        origin = getattr(value, "__module__", None)
    return type(origin) is not str or not origin or origin in STUDENT_MODULES
