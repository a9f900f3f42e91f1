"""The hostile corpus against every level, and the proof that each layer of the sandbox is needed.

The attacks are data: `programs/` and `hostile_files.py`. Each run is a process of its own (`corpus.py`),
so that it can be another user's, and so that the grader's memory can be measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ORDINARY_USER = 54321
TIME_LIMIT_S = 240
GRADER_MEMORY_MIB = 300


@dataclass(frozen=True)
class Seen:
    """What a run of the corpus showed."""

    outcomes: list[dict[str, Any]]
    summary: dict[str, Any]


def run_corpus(*arguments: str, user: str = "root") -> Seen:
    program = [str(HERE / "corpus.py"), *arguments]
    if user == "ordinary" and os.getuid() == 0:
        program = [str(HERE / "as_user.py"), str(ORDINARY_USER), *program]
    done = subprocess.run(
        [sys.executable, *program], capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Seen(lines[:-1], lines[-1])


def not_tested(what: str) -> None:
    """Say so where everybody sees it, and end the test."""
    warnings.warn(f"NOT TESTED: {what}", stacklevel=2)
    pytest.skip(what)


def need_root() -> None:
    if os.getuid() != 0:
        not_tested("the sandbox as root: this test run is not root's")


def is_harmed(outcome: dict[str, Any], level: str) -> list[str]:
    """What an attack did that it must not; nothing for one that this level does not promise to stop."""
    if "broken" in outcome:
        return ["broken"]
    harm = [name for name in ("leaked", "changed", "dirty") if outcome[name]]
    if outcome["mark"] != outcome["expected_mark"]:
        harm.append("mark")
    if outcome["got"] and outcome["promised"] in ("all", level):
        harm.append("got")
    if outcome["neighbour"] != 1.0:
        harm.append("neighbour")
    return harm


@pytest.mark.parametrize(
    ("level", "user", "order", "where"),
    [
        ("full", "root", 1, "zygote"),
        ("full", "ordinary", 2, "lane"),
        ("kernel", "root", 3, "lane"),
        ("kernel", "ordinary", 4, "zygote"),
        ("sealed", "root", 5, "zygote"),
        ("sealed", "ordinary", 6, "lane"),
        pytest.param("full", "root", 7, "lane", marks=pytest.mark.slow),
        pytest.param("full", "ordinary", 8, "zygote", marks=pytest.mark.slow),
    ],
)
def test_no_attack_forges_leaks_changes_or_disturbs(level: str, user: str, order: int, where: str):
    if user == "root":
        need_root()
    together = ["--together"] if order % 2 == 0 else []
    lanes = ["--lanes"] if where == "lane" else []
    seen = run_corpus("--level", level, "--shuffle", str(order), *together, *lanes, user=user)
    if seen.summary["level"] != level:
        not_tested(f"level {level} as {user}: this system gives {seen.summary['level']}")
    assert (seen.summary["uid"] == 0) == (user == "root")
    harm = {outcome["name"]: found for outcome in seen.outcomes if (found := is_harmed(outcome, level))}
    assert harm == {}
    assert seen.summary["left"] == []
    assert seen.summary["rest"] == []
    assert seen.summary["grader_rss_mib"] < GRADER_MEMORY_MIB
    assert len(seen.outcomes) >= 150


def test_corpus_is_as_large_as_it_says():
    programs = [path for path in (HERE / "programs").glob("*.py") if not path.name.startswith("control_")]
    assert len(programs) >= 60
    sys.path.insert(0, str(HERE))
    try:
        from hostile_files import HOSTILE_FILES
    finally:
        sys.path.remove(str(HERE))
    assert len(HOSTILE_FILES) >= 30


# Layers stand behind each other: where another one would stop the witness too, that one is off in both runs.
WITNESSES = {
    "rlimits": ("res_memory_map", ()),
    "other-user": ("sys_is_root", ()),
    "mount-namespace": ("file_exists", ()),
    "pid-namespace": ("proc_numbers", ()),
    "uts-namespace": ("sys_machine_name", ()),
    "net-namespace": ("net_udp", ("seccomp",)),
    "ipc-namespace": ("sys_shared_memory", ("seccomp",)),
    "landlock": ("file_read_secret", ("seccomp", "mount-namespace")),
    "seccomp": ("net_pair", ()),
    "no-capabilities": ("sys_capability", ("seccomp", "other-user")),
    "no-new-privileges": ("control_plain", ()),
}


NOT_FOR_ALL = {"other-user": "root"}
"""Layers that only one of the two kinds of users has: who is nobody special cannot become another."""


@pytest.mark.parametrize("user", ["root", "ordinary"])
@pytest.mark.parametrize("layer", WITNESSES)
def test_attack_succeeds_when_its_layer_is_off(layer: str, user: str):
    if NOT_FOR_ALL.get(layer, user) != user:
        return
    if user == "root":
        need_root()
    witness, others = WITNESSES[layer]
    with_layer = run_corpus("--only", witness, "--off", ",".join(others), user=user)
    if layer not in layers_of(with_layer):
        not_tested(f"layer {layer} as {user}: this system does not have it")
    without = run_corpus("--only", witness, "--off", ",".join((*others, layer)), user=user)
    assert is_harmed(with_layer.outcomes[0], "full") == []
    assert is_harmed(without.outcomes[0], "full") != []


def layers_of(seen: Seen) -> set[str]:
    """Names of the layers, Landlock's without its version."""
    return {
        name.partition("-")[0] if name.startswith("landlock") else name for name in seen.summary["layers"]
    }


@pytest.mark.parametrize("user", ["root", "ordinary"])
def test_every_layer_has_a_witness(user: str):
    if user == "root":
        need_root()
    layers = layers_of(run_corpus("--only", "control_plain", user=user))
    # None of these can be switched off: they are what the sandbox, and others' namespaces, are made of.
    assert layers - {"own-process", "plain-values", "user-namespace"} <= set(WITNESSES)


def test_copies_and_descriptors_are_out_of_reach_as_an_ordinary_user_too():
    need_root()
    tests = ["tests/grader/sandbox/test_copies.py", "tests/grader/sandbox/test_descriptors.py"]
    arguments = [str(ORDINARY_USER), "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        [sys.executable, str(HERE / "as_user.py"), *arguments],
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
