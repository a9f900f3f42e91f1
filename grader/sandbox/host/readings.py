"""Puts together the readings of a submission, from its JSON files and from its children."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grader.model.run import Call, CallReading, Fault, Probe, Protection, RunResult, Usage
from grader.model.submission import Submission
from grader.model.value import Value
from grader.sandbox.host.job import reads_and_calls
from grader.sandbox.host.json_answers import read_json
from grader.sandbox.host.text import clean
from grader.sandbox.inside import caps

if TYPE_CHECKING:
    from grader.sandbox.host.child import End
    from grader.sandbox.host.session import Session

NO_CODE = "the answer has no code in which this function could be"
NO_TIME_LEFT = Fault(
    kind="timeout", message="not run, because other parts of the answer used up the time for all of it"
)
MAX_SHOWN = 64 * 1024
"""Characters of printed text after cleaning; the kernel has capped the bytes before."""


class Readings:
    """What was read of one submission so far.

    Args:
        submission: Its .json files are read at once; all others are for a child.
        probes: What to read and call.
    """

    def __init__(self, submission: Submission, probes: Sequence[Probe]) -> None:
        self.reads, self.calls = reads_and_calls(probes)
        self.found: dict[str, tuple[int, Value]] = {}
        self.seen: dict[int, tuple[str, ...]] = {}
        self.faults: list[Fault] = []
        self.notes: tuple[str, ...] = ()
        self.readings = dict.fromkeys(
            (number for number, _ in self.calls),
            CallReading(fault=Fault(kind="missing", message=NO_CODE)),
        )
        self.typed: set[int] = set()
        self.code_files: list[dict[str, Any]] = []
        self.has_run = False
        self.output = ""
        self.usage = Usage()
        for index, file in enumerate(submission.files):
            if file.name.lower().endswith(".json"):
                self.take_json(index, file.name, file.data)
            else:
                self.typed |= {index} if file.name.endswith(caps.TYPED) else set()
                self.code_files.append({"index": index, "name": file.name, "data": file.data})

    def take_json(self, index: int, name: str, data: bytes) -> None:
        """Read one .json file."""
        answer, fault = read_json(name, data, self.reads)
        self.faults += [fault] if fault else []
        self.seen[index] = answer.seen
        self.add(index, answer.values)

    def add(self, index: int, names: dict[str, Value]) -> None:
        """Keep names of a file, unless an earlier file has them."""
        for name, value in names.items():
            if name not in self.found or self.found[name][0] > index:
                self.found[name] = (index, value)

    def take(
        self, session: Session, end: End, calls: Sequence[tuple[int, Call]], again: bool = False
    ) -> tuple[tuple[int, Call], ...]:
        """Add what one child gave.

        Args:
            session: What it sent.
            end: How it ended.
            calls: What it had to call.
            again: The call that was being made is to be made again.

        Returns:
            The calls that a new child has to make.
        """
        left = session.end(end.fault, again) if end.fault else []
        if not self.has_run:
            self.has_run = True
            self.take_first(session, end)
        for number, _ in calls:
            self.readings[number] = session.reading(number)
        self.usage = Usage(
            cpu_s=self.usage.cpu_s + end.cpu_s, max_rss_mib=max(self.usage.max_rss_mib, end.max_rss_mib)
        )
        if end.killed == "wall" and not again:
            self.readings.update((number, CallReading(fault=NO_TIME_LEFT)) for number, _ in left)
            return ()
        return tuple(left)

    def take_first(self, session: Session, end: End) -> None:
        """Add what only the first child can give: a later one loads the same files again."""
        self.output = clean(end.output.decode("utf-8", "replace"), MAX_SHOWN)
        if session.loaded is not None:
            self.faults += session.loaded.faults
            self.notes = session.loaded.notes
            self.seen.update(session.loaded.seen)
        for name, (index, value) in session.names.items():
            self.add(index, {name: value})
        if end.fault and not session.all_read:
            self.faults.append(end.fault)

    def result(self, wall_s: float, protection: Protection) -> RunResult:
        """Everything that was read, as step 5 takes it."""
        files = [set(names) for index, names in self.seen.items() if index not in self.typed]
        names = dict.fromkeys(name for _, names in sorted(self.seen.items()) for name in names)
        twice = tuple(name for name in names if sum(name in file for file in files) > 1)
        return RunResult(
            names={name: self.found[name][1] for name in self.reads if name in self.found},
            seen=tuple(names)[: caps.MAX_NAMES],
            calls=tuple(self.readings[number] for number, _ in self.calls),
            faults=tuple(self.faults),
            notes=self.notes,
            output=self.output,
            usage=Usage(cpu_s=self.usage.cpu_s, wall_s=wall_s, max_rss_mib=self.usage.max_rss_mib),
            protection=protection,
            given_twice=twice[: caps.MAX_NAMES],
        )


def read_data(submission: Submission, probes: Sequence[Probe]) -> RunResult:
    """What is read of a submission without code; no process is needed.

    Args:
        submission: It has .json files only.
        probes: What to read.
    """
    started = time.monotonic()
    readings = Readings(submission, probes)
    return readings.result(time.monotonic() - started, Protection(level="no-code"))
