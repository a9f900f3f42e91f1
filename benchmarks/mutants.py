"""Change the deciding code in small ways and see whether a test notices.

    python benchmarks/mutants.py [PART ...] [--each N] [--seed N] [--jobs N] [--match TEXT] [--list]

First the tests run once, to learn which run which line (minutes; kept in `.mutation/`, and later only what
has changed of them runs again). Then of each part (`mutation/parts.py`) N changes are drawn and tried, one
process each, with the tests that run the changed line, near ones first; without --each all. What looks
unnoticed after a few seconds is tried with more of them. A test that fails with nothing changed notices
nothing. What a file of tests works out as it loads is part of its tests: a change that keeps it from loading
is noticed. Files that hold words only are left out (`LEFT_OUT` there).
Changes that no test could notice stand in `mutation/equivalent.toml`, each with its reason, and do not count.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.util
import json
import math
import os
import random
import resource
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from mutation.learning import learn  # noqa: E402
from mutation.operators import Mutant, mutants  # noqa: E402
from mutation.parts import LEFT_OUT, PARTS  # noqa: E402
from mutation.witnesses import FAILED, ONLY, OPTIONS, Witnesses, is_near  # noqa: E402

EQUIVALENT = HERE / "mutation" / "equivalent.toml"

BUDGETS_S, FEWEST = (6.0, 60.0), 40
"""Of the tests that run a changed line the quickest, up to so many seconds, but at least so many tests.

The second budget is for what the first leaves unnoticed.
"""

LEAST_LIMIT_S, LIMIT_FACTOR, WALL_FACTOR = 20.0, 5.0, 10.0
"""Tests that take so much longer than they are known to do not end; a change that does that is noticed.

Seconds of the processor, and by the clock ten times as many, so that others at work change no result.
"""

NO_END, NO_LOAD = "does not end", "does not load"
CODE_NO_LOAD = 101
MOST_LIMIT_S = 600
MOST_MEMORY = 8 << 30

PRELOADED = ("numpy", "sympy", "msgspec", "click", "rich", "hypothesis")
"""Loaded once, before the processes fork: nothing of ours."""


class Trial(NamedTuple):
    """A change and where it is made."""

    part: str
    file: str
    mutant: Mutant

    @property
    def name(self) -> str:
        """Its name in the list of equivalent changes."""
        return f"{self.file}: {self.mutant.name}"


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from its changed tree."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    @classmethod
    def by(cls, trial: Trial) -> _Changed:
        path = str(ROOT / trial.file)
        name = trial.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        return cls(name, path, compile(trial.mutant.changed(), path, "exec"))

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        within = [str(Path(self.path).parent)] if self.path.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            name,
            self.path,
            loader=self,  # type: ignore[arg-type]
            submodule_search_locations=within,
        )

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def trials(names: Sequence[str], each: int | None, seed: int, match: str) -> list[Trial]:
    """The changes to try."""
    found = []
    for name in names:
        found_files = {path for pattern in PARTS[name] for path in ROOT.glob(pattern)}
        files = sorted(path for path in found_files if str(path.relative_to(ROOT)) not in LEFT_OUT)
        every = [
            Trial(name, str(path.relative_to(ROOT)), mutant)
            for path in files
            for mutant in mutants(path.read_text())
        ]
        every = [one for one in every if match in one.name]
        if each is not None and len(every) > each:
            every = random.Random(f"{seed} {name}").sample(every, each)
        found += every
    return found


def noticed_by(trial: Trial, witnesses: Witnesses) -> str | None:
    """The test that fails, `NO_LOAD`, `NO_END`, or none."""
    every, tried = witnesses.of(trial.file, *trial.mutant.lines), 0
    for budget in BUDGETS_S:
        tests = _quick(every, witnesses, budget)[tried:]
        tried += len(tests)
        near = [test for test in tests if is_near(test, trial.file)]
        far = [test for test in tests if not is_near(test, trial.file)]
        seconds = sum(witnesses.seconds[test] for test in tests)
        limit = math.ceil(LEAST_LIMIT_S + LIMIT_FACTOR * seconds)
        if found := _first_failure([near, far], limit, _Changed.by(trial)):
            return found
    return None


def false_witnesses(found: Iterable[str]) -> set[str]:
    """Those of the noticing tests, and files of tests, that fail even with nothing changed."""
    tests, false = sorted({*found} - {NO_LOAD, NO_END}), set()
    while failed := _first_failure([tests], MOST_LIMIT_S, None):
        false.add(failed)
        tests.remove(failed)
    return false


def _first_failure(groups: Sequence[Sequence[str]], limit_s: int, changed: _Changed | None) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        chosen, failed = Path(folder) / "chosen.json", Path(folder) / "failed.txt"
        chosen.write_text(json.dumps([test for group in groups for test in group]))
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            os._exit(_run(groups, changed, {ONLY: str(chosen), FAILED: str(failed)}))
        ends = time.monotonic() + WALL_FACTOR * limit_s
        while time.monotonic() < ends:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return _why(os.waitstatus_to_exitcode(status), failed)
            time.sleep(0.02)
        os.killpg(child, 9)
        os.waitpid(child, 0)
    return NO_END


def _why(code: int, failed: Path) -> str | None:
    """What noticed the change: a test that fails, or a file of tests that no longer loads."""
    if code == pytest.ExitCode.OK:
        return None
    if code in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED) and failed.exists():
        return failed.read_text()
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return NO_END
    if code == CODE_NO_LOAD:
        return NO_LOAD
    print(f"pytest ends with {code}: what it would have run has noticed nothing", file=sys.stderr)
    return None


def _quick(tests: Sequence[str], witnesses: Witnesses, budget_s: float) -> list[str]:
    chosen: list[str] = []
    seconds = 0.0
    for test in tests:
        seconds += witnesses.seconds[test]
        if seconds > budget_s and len(chosen) >= FEWEST:
            break
        chosen.append(test)
    return chosen


def _run(groups: Sequence[Sequence[str]], changed: _Changed | None, environment: Mapping[str, str]) -> int:
    try:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.environ.update(environment)
        if changed is not None:
            sys.meta_path.insert(0, changed)
            if not _loads(changed.name):
                return CODE_NO_LOAD
        for group in filter(None, groups):
            files = dict.fromkeys(test.partition("::")[0] for test in group)
            code = pytest.main(["-x", "-p", "no:xdist", *OPTIONS, *files])
            if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                return int(code)
    except BaseException:
        return int(pytest.ExitCode.INTERNAL_ERROR)
    return 0


def _loads(module: str) -> bool:
    try:
        importlib.import_module(module)
    except Exception:
        return False
    return True


def main() -> None:
    """Try the changes; print the score of each part and what nothing noticed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART")
    parser.add_argument("--each", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--match", default="")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    chosen = trials(options.parts, options.each, options.seed, options.match)
    if options.list:
        print(*(one.name for one in chosen), sep="\n")
        return
    witnesses = Witnesses(learn(ROOT))
    equivalent = tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}
    excused = {name for names in equivalent.values() for name in names}
    tried = [one for one in chosen if one.name not in excused]
    for name in PRELOADED:
        importlib.import_module(name)
    witness_of: dict[Trial, str | None] = {}
    with ThreadPoolExecutor(options.jobs) as pool:
        for one, test in zip(tried, pool.map(lambda one: noticed_by(one, witnesses), tried), strict=True):
            witness_of[one] = test
            # A run takes an hour or more: one that is broken off has shown something.
            print(f"{len(witness_of)} of {len(tried)}  {one.name}: {test}", file=sys.stderr, flush=True)
    false = false_witnesses(filter(None, witness_of.values()))
    noticed = {one for one, test in witness_of.items() if test is not None and test not in false}
    for one in tried:
        if one not in noticed:
            print(f"unnoticed  {one.name}")
    for part in (*options.parts, "all"):
        of_part = [one for one in tried if part in (one.part, "all")]
        left_out = sum(part in (one.part, "all") for one in chosen) - len(of_part)
        count, share = len(noticed & set(of_part)), len(noticed & set(of_part)) / max(1, len(of_part))
        print(f"{part}: {count} of {len(of_part)} noticed ({share:.1%}), {left_out} equivalent")


if __name__ == "__main__":
    main()
