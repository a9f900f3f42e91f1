"""Which level of protection the probes prove."""

from __future__ import annotations

from grader.errors import CannotDo
from grader.sandbox.host.zygote import Level, Told

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


def failed_probes(told: Told, level: Level) -> dict[str, str]:
    """The probes that were not stopped though the level promises it, with what they could do."""
    allowed = MAY_BE_OPEN.get(level, frozenset(told.could))
    return {name: could for name, could in told.could.items() if could and name not in allowed}


def proven_level(told: Told) -> Level:
    """The level that the layers make if the probes agree; "limits" where they do not."""
    return "limits" if failed_probes(told, told.level) or not told.could else told.level


class Unprotected(CannotDo):
    """Other people's code was to be run where nothing holds it: exit code 2."""


def refusal(level: Level, told: Told) -> Unprotected | None:
    """Why other people's code is not run at this level; None where it is."""
    if level in LEVELS_FOR_OTHERS:
        return None
    reasons = [
        *told.problems,
        *(f"{name}: {could}" for name, could in failed_probes(told, told.level).items()),
    ]
    return Unprotected(
        "this machine cannot hold other people's code: it could read files and use the network"
        + (f" ({'; '.join(reasons)})" if reasons else ""),
        hint="see `rnngrade doctor`, use a container or a virtual machine, or say --unsafe-ok",
    )
