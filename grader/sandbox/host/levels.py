"""The levels of protection: what each promises, which one the probes prove, and the report of `doctor`."""

from __future__ import annotations

import sys

import msgspec

from grader.errors import CannotDo
from grader.sandbox.host.zygote import JailReport, Level

VISIBLE_WITHOUT_NAMESPACES = frozenset({"see-files", "machine-name", "process-numbers", "superuser"})
"""What only namespaces hide: whether a file exists, names and numbers, and root's own number."""

MAY_BE_OPEN: dict[Level, frozenset[str]] = {
    "full": frozenset(),
    "kernel": VISIBLE_WITHOUT_NAMESPACES,
    "sealed": VISIBLE_WITHOUT_NAMESPACES,
}
"""For each level the probes that need not have been stopped."""

LEVELS_FOR_OTHERS: tuple[Level, ...] = ("full", "kernel", "sealed")
"""Below these a stranger's code is run only when the person in charge says so."""

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


def failed_probes(report: JailReport, level: Level) -> dict[str, str]:
    """The probes that were not stopped though the level promises it, with what they could do."""
    allowed = MAY_BE_OPEN.get(level, frozenset(report.could))
    return {name: could for name, could in report.could.items() if could and name not in allowed}


def proven_level(report: JailReport) -> Level:
    """The level that the layers make if the probes agree; "limits" where they do not."""
    return "limits" if failed_probes(report, report.level) or not report.could else report.level


class Unprotected(CannotDo):
    """Other people's code would have run without isolation: exit code 2."""


def refusal(report: JailReport) -> Unprotected | None:
    """Why other people's code is not run in this jail; None where it is."""
    if proven_level(report) in LEVELS_FOR_OTHERS:
        return None
    reasons = [
        *report.problems,
        *(f"{name}: {could}" for name, could in failed_probes(report, report.level).items()),
    ]
    return Unprotected(
        "this machine cannot hold other people's code: it could read files and use the network"
        + (f" ({'; '.join(reasons)})" if reasons else ""),
        hint="see `rnngrade doctor`, use a container or a virtual machine, or say --unsafe-ok",
    )


class ProbeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt, from inside the sandbox, to do something forbidden.

    Args:
        name: As in ATTEMPTS; does not change.
        attempt: What was tried.
        is_stopped: Whether the sandbox stopped it.
        is_promised: Whether the level promises that.
        could: What was possible; empty where it was stopped.
    """

    name: str
    attempt: str
    is_stopped: bool
    is_promised: bool
    could: str = ""


class DoctorReport(msgspec.Struct, frozen=True, kw_only=True):
    """The state of this machine's sandbox.

    Args:
        level: As reports name it, proven by the probes.
        meaning: What the level holds.
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
    probes: tuple[ProbeResult, ...]
    problems: tuple[str, ...]
    advice: tuple[str, ...]


def doctor_report(report: JailReport) -> DoctorReport:
    """What `rnngrade doctor` says, from what the zygote reports of its jail."""
    level = proven_level(report)
    may_be_open = MAY_BE_OPEN.get(report.level, frozenset(ATTEMPTS))
    probes = tuple(
        ProbeResult(
            name=name,
            attempt=ATTEMPTS.get(name, name),
            is_stopped=not could,
            is_promised=name not in may_be_open,
            could=could,
        )
        for name, could in report.could.items()
    )
    return DoctorReport(
        level=level,
        meaning=MEANINGS[level],
        is_safe_for_others=level in LEVELS_FOR_OTHERS,
        layers=report.layers,
        probes=probes,
        problems=report.problems,
        advice=tuple(advice(level, report)),
    )


def advice(level: Level, report: JailReport) -> list[str]:
    """What to do about what is missing, most useful first."""
    if sys.platform != "linux":
        return [
            "run rnngrade in a Linux container or virtual machine (on Windows: WSL2) for other people's code"
        ]
    found = []
    if report.level != level:
        found.append("an attempt was not stopped that should have been: please report it, with this output")
    if "pid-namespace" not in report.layers:
        found.append(
            "for level full run as root, or allow user namespaces "
            "(sysctl user.max_user_namespaces; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0)"
        )
    if not any(name.startswith("landlock") for name in report.layers):
        found.append("for Landlock use Linux 5.13 or newer with landlock in the kernel's lsm= list")
    if "seccomp" not in report.layers:
        found.append("for seccomp use Linux on x86-64 or aarch64, outside of emulators that leave it out")
    if level == "limits":
        found.append("until then use a throw-away container for other people's code")
    return found
