"""Change the deciding code in small ways and see whether a test notices.

    python benchmarks/mutants.py [PART ...] [--each N] [--seed N] [--jobs N] [--match TEXT] [--list]

First all tests run once, to learn which run which line (minutes; kept in `.mutation/` until code or tests
change). Then of each part (`mutation/parts.py`) N changes are drawn and tried, one process each, with the
tests that run the changed line; without --each all. Files that hold words only are left out (`LEFT_OUT`
there). Changes that no test could notice stand in `mutation/equivalent.toml`, each with its reason, and do
not count.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.abc
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from mutation.operators import Mutant, mutants  # noqa: E402
from mutation.parts import LEFT_OUT, PARTS, TESTS  # noqa: E402
from mutation.witnesses import ONLY, RECORD, Witnesses  # noqa: E402

EQUIVALENT = HERE / "mutation" / "equivalent.toml"
LEARNT = ROOT / ".mutation"
PLUGIN = "mutation.witnesses"
OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", PLUGIN)

MOST_S, FEWEST = 60.0, 40
"""Of the tests that run a changed line the quickest, up to so many seconds, but at least so many tests."""

LEAST_LIMIT_S, LIMIT_FACTOR = 60.0, 5.0
"""Tests that take so much longer than they are known to do not end; a change that does that is noticed."""

PRELOADED = ("numpy", "sympy", "msgspec", "click", "rich", "pytest", "hypothesis")
"""Loaded once, before the processes fork: nothing of ours."""


class Trial(NamedTuple):
    """A change and where it is made."""

    part: str
    file: str
    mutant: Mutant

    @property
    def name(self) -> str:
        """What it is called in the list of equivalent ones."""
        return f"{self.file}: {self.mutant.name}"


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from its changed tree."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def learn() -> Witnesses:
    """Which tests run which line; all tests must pass."""
    folders = ("grader", "reference", "exercises", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in (".py", ".toml")):
        digest.update(path.read_bytes())
    kept = LEARNT / f"{digest.hexdigest()[:16]}.json"
    if not kept.exists():
        LEARNT.mkdir(exist_ok=True)
        environment = {**os.environ, RECORD: str(kept), "PYTHONPATH": str(HERE)}
        command = [sys.executable, "-m", "pytest", *OPTIONS, *TESTS]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return Witnesses(json.loads(kept.read_text()))


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


def is_noticed(trial: Trial, witnesses: Witnesses) -> bool:
    """Whether a test fails, does not load, or does not end."""
    tests = _quick(witnesses.of(trial.file, *trial.mutant.lines), witnesses)
    if not tests:
        return False
    with tempfile.NamedTemporaryFile("w", suffix=".json") as chosen:
        json.dump(tests, chosen)
        chosen.flush()
        child = os.fork()
        if child == 0:
            os._exit(_run(trial, tests, chosen.name))
        known = sum(witnesses.seconds.get(test, 0.0) for test in tests)
        ends = time.monotonic() + LEAST_LIMIT_S + LIMIT_FACTOR * known
        while time.monotonic() < ends:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status) != 0
            time.sleep(0.02)
        os.killpg(child, 9)
        os.waitpid(child, 0)
    return True


def _quick(tests: Sequence[str], witnesses: Witnesses) -> list[str]:
    chosen: list[str] = []
    seconds = 0.0
    for test in tests:
        seconds += witnesses.seconds.get(test, 0.0)
        if seconds > MOST_S and len(chosen) >= FEWEST:
            break
        chosen.append(test)
    return chosen


def _run(trial: Trial, tests: Sequence[str], chosen: str) -> int:
    try:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.environ[ONLY] = chosen
        name = trial.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        code = compile(trial.mutant.tree, str(ROOT / trial.file), "exec")
        sys.meta_path.insert(0, _Changed(name, str(ROOT / trial.file), code))
        import pytest

        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        return int(pytest.main(["-x", "-p", "no:xdist", *OPTIONS, *files]))
    except BaseException:
        return 70


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
    witnesses = learn()
    equivalent = tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else {}
    excused = {name for names in equivalent.values() for name in names}
    tried = [one for one in chosen if one.name not in excused]
    for name in PRELOADED:
        importlib.import_module(name)
    noticed = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for one, result in zip(tried, pool.map(lambda one: is_noticed(one, witnesses), tried), strict=True):
            noticed.append(result)
            if not result:
                print(f"unnoticed  {one.name}", flush=True)
    for part in (*options.parts, ""):
        results = [result for one, result in zip(tried, noticed, strict=True) if part in ("", one.part)]
        left_out = sum(part in ("", one.part) for one in chosen) - len(results)
        share = sum(results) / max(1, len(results))
        print(
            f"{part or 'all'}: {sum(results)} of {len(results)} noticed ({share:.1%}), {left_out} equivalent"
        )


if __name__ == "__main__":
    main()
