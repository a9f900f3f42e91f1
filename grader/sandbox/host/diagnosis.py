"""What `rnngrade doctor` tells: the level, what each probe saw, and what to do about what is missing."""

from __future__ import annotations

import sys

import msgspec

from grader.sandbox.host.protection import LEVELS_FOR_OTHERS, MAY_BE_OPEN, proven_level
from grader.sandbox.host.zygote import Level, Told

MEANINGS: dict[Level, str] = {
    "full": "an answer sees no files but the libraries, no network, no other process",
    "kernel": "an answer can read no files but the libraries and reach nothing; it can see which files exist",
    "sealed": "an answer can open no file and reach nothing; it can import only what is imported already",
    "limits": "an answer has limits of time and memory only: it can read what you can read",
}

ATTEMPTS = {
    "read-files": "read a file of this machine",
    "answers": "read a copy of the grader and its exercises",
    "see-files": "learn whether a file exists",
    "write-files": "write a file outside the folder of its own",
    "own-folder": "make more than files in the folder of its own",
    "network": "open a network connection",
    "processes": "start another process",
    "programs": "start a program",
    "signals": "signal another process",
    "tracing": "trace another process",
    "superuser": "run as this machine's superuser",
    "privileges": "gain privileges",
    "machine-name": "learn this machine's name",
    "process-numbers": "see this machine's process numbers",
    "memory": "take more memory than allowed",
    "descriptors": "use a descriptor that was left open",
    "all": "run the attempts at all",
}


class ProbeFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What one attempt from inside came to.

    Args:
        name: Stable word.
        attempt: What was tried, in words.
        is_stopped: Whether the sandbox stopped it.
        is_promised: Whether the level promises that.
        could: What was possible; empty where it was stopped.
    """

    name: str
    attempt: str
    is_stopped: bool
    is_promised: bool
    could: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The state of this machine's sandbox.

    Args:
        level: As reports name it, proven by the probes.
        meaning: The level in words.
        is_safe_for_others: Whether other people's code is run without asking.
        layers: Names of what is active.
        probes: One for each attempt.
        problems: Why layers are missing.
        advice: What to do about it.
    """

    level: Level
    meaning: str
    is_safe_for_others: bool
    layers: tuple[str, ...]
    probes: tuple[ProbeFinding, ...]
    problems: tuple[str, ...]
    advice: tuple[str, ...]


def examine(told: Told) -> Finding:
    """From what a sandbox says of itself to what a person should know."""
    level = proven_level(told)
    may_be_open = MAY_BE_OPEN.get(told.level, frozenset(ATTEMPTS))
    probes = tuple(
        ProbeFinding(
            name=name,
            attempt=ATTEMPTS.get(name, name),
            is_stopped=not could,
            is_promised=name not in may_be_open,
            could=could,
        )
        for name, could in told.could.items()
    )
    return Finding(
        level=level,
        meaning=MEANINGS[level],
        is_safe_for_others=level in LEVELS_FOR_OTHERS,
        layers=told.layers,
        probes=probes,
        problems=told.problems,
        advice=tuple(advice(level, told)),
    )


def advice(level: Level, told: Told) -> list[str]:
    """What to do about what is missing, most useful first."""
    if sys.platform != "linux":
        return [
            "run rnngrade in a Linux container or virtual machine (on Windows: WSL2) for other people's code"
        ]
    found = []
    if told.level != level:
        found.append("an attempt was not stopped that should have been: please report it, with this output")
    if "pid-namespace" not in told.layers:
        found.append(
            "for level full run as root, or allow user namespaces "
            "(sysctl user.max_user_namespaces; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0)"
        )
    if not any(name.startswith("landlock") for name in told.layers):
        found.append("for Landlock use Linux 5.13 or newer with landlock in the kernel's lsm= list")
    if "seccomp" not in told.layers:
        found.append("for seccomp use Linux on x86-64 or aarch64, outside of emulators that leave it out")
    if level == "limits":
        found.append("until then use a throw-away container for other people's code")
    return found
