"""What one child has said so far, and what may come next. Pure: frames in, readings out."""

from __future__ import annotations

from collections.abc import Sequence

from grader.model.probe import Call
from grader.model.run import CallReading, Fault
from grader.model.value import Items, Value
from grader.sandbox.frames import AllRead, AnyFrame, CallFault, Done, Loaded, Named, ProtocolError, Result
from grader.sandbox.inside.caps import READ_CPU_S

NOT_RUN = Fault(
    kind="not-run", message="not run, because an earlier call for this question ended the program"
)

LEAST_WALL_S = 5.0
WALL_PER_CPU = 10.0
"""A call that has had less of a processor than a tenth waits for something, or the machine is busy."""


class Session:
    """Follows one child through its job.

    Args:
        load_cpu_s: CPU seconds for loading all its files.
        reads: Names asked for, in order.
        calls: Calls asked for, with their numbers among all calls, in order.
    """

    def __init__(self, load_cpu_s: float, reads: Sequence[str], calls: Sequence[tuple[int, Call]]) -> None:
        self.load_cpu_s = load_cpu_s
        self.reads = list(reads)
        self.asked_for_names = bool(reads)
        self.calls = list(calls)
        self.loaded: Loaded | None = None
        self.all_read = False
        self.names: dict[str, tuple[int, Value]] = {}
        self.results: dict[int, list[Value]] = {number: [] for number, _ in calls}
        self.call_faults: dict[int, Fault] = {}
        self.is_done = False

    def step_cpu_s(self) -> float:
        """CPU seconds within which the next frame must come."""
        if self.loaded is None:
            return self.load_cpu_s
        if not self.all_read:
            return READ_CPU_S
        return self.calls[0][1].cpu_s if self.calls else READ_CPU_S

    def step_wall_s(self) -> float:
        """Wall seconds within which the next frame must come: a busy machine gets ten times as many."""
        return max(LEAST_WALL_S, WALL_PER_CPU * self.step_cpu_s())

    def take(self, frame: AnyFrame) -> None:
        """Take the next frame.

        Raises:
            ProtocolError: If this frame cannot come now.
        """
        match frame:
            case Loaded() if self.loaded is None:
                self.loaded = frame
            case Named() if self.is_reading() and frame.name in self.reads:
                del self.reads[: self.reads.index(frame.name) + 1]
                self.names[frame.name] = (frame.file, frame.value)
            case AllRead() if self.is_reading():
                self.take_absent(frame)
                self.all_read = True
            case Result() if self.is_next(frame.call):
                self.take_result(frame)
            case CallFault() if self.is_next(frame.call):
                self.call_faults[frame.call] = frame.fault
                del self.calls[0]
            case Done() if self.all_read and not self.calls and not self.is_done:
                self.is_done = True
            case _:
                raise ProtocolError("hands back an answer that was not asked for")

    def take_absent(self, frame: AllRead) -> None:
        """Keep what is said of calls that cannot be made."""
        absent = dict(frame.absent)
        if not absent.keys() <= {number for number, _ in self.calls}:
            raise ProtocolError("hands back an answer that was not asked for")
        self.call_faults.update(absent)
        self.calls = [(number, call) for number, call in self.calls if number not in absent]

    def is_next(self, number: int) -> bool:
        """Whether a call is the one that is being made."""
        return self.all_read and bool(self.calls) and self.calls[0][0] == number

    def is_reading(self) -> bool:
        """Whether names are being read."""
        return self.loaded is not None and not self.all_read

    def take_result(self, frame: Result) -> None:
        """Keep a result; the last of the times it was asked for ends the call."""
        if not is_reply(self.calls[0][1], frame.value):
            raise ProtocolError("hands back what is not an answer")
        results = self.results[frame.call]
        results.append(frame.value)
        if len(results) == self.calls[0][1].times:
            del self.calls[0]

    def end(self, fault: Fault, again: bool = False) -> list[tuple[int, Call]]:
        """The child has ended before its job was done: blame the call that was being made.

        Args:
            fault: Why.
            again: Blame no call; the one that was being made is to be made again.

        Returns:
            The calls of other questions, for a new child; none where a new child would end the same way.
        """
        ended_while_reading = self.is_reading() and self.asked_for_names
        if fault.kind == "protocol" or not (self.all_read or ended_while_reading):
            self.call_faults.update({number: fault for number, _ in self.calls})
            return []
        if ended_while_reading:
            return self.calls
        if not self.calls or again:
            return self.calls
        number, call = self.calls[0]
        self.call_faults[number] = fault
        others = [(n, c) for n, c in self.calls[1:] if c.question != call.question]
        for n, c in self.calls[1:]:
            if c.question == call.question:
                self.call_faults[n] = NOT_RUN
        return others

    def reading(self, number: int) -> CallReading:
        """What a call gave."""
        return CallReading(results=tuple(self.results[number]), fault=self.call_faults.get(number))


def is_reply(call: Call, value: Value) -> bool:
    """Whether a value can be what a call gave: with its arguments, where they were to come back too."""
    if not call.returns_arguments:
        return True
    return isinstance(value, Items) and len(value.items) == 1 + len(call.args)
