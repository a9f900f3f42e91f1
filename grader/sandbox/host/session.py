"""What one child has said so far, what it is asked, and what may come next. Pure: frames in, readings out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

from grader.model.probe import Call
from grader.model.run import CallReading, Fault
from grader.model.value import Items, Value
from grader.sandbox.host.frames import AllRead, AnyFrame, CallFault, Loaded, Named, ProtocolError, Result
from grader.sandbox.inside.caps import READ_CPU_S

NOT_RUN = Fault(
    kind="not-run", message="not run, because an earlier call for this question ended the program"
)
USED_UP = Fault(
    kind="not-run", message="not run, because an earlier call for this question used up its limit"
)
ENDS_QUESTION = ("timeout", "memory")
"""After these the other calls of the question would only wait as long again."""

NOT_ASKED_FOR = "hands back an answer that was not asked for"

Wanted: TypeAlias = tuple[tuple[tuple[str, ...], ...], int]
"""A function: where it may be found, best first, and how many arguments it gets."""

READS_IN_TIME = 5
"""Names that may each take all of their time; the others must be as quick as names are."""

LEAST_WALL_S = 5.0
WALL_PER_CPU = 10.0
"""A call that has had less of a processor than a tenth waits for something, or the machine is busy."""


class Session:
    """Follows one child through its job.

    Args:
        load_cpu_s: CPU seconds for loading all its files.
        files: Their numbers.
        reads: Names asked for, in order.
        calls: Calls asked for, with their numbers among all calls, in order.
    """

    def __init__(
        self,
        load_cpu_s: float,
        files: Collection[int],
        reads: Sequence[str],
        calls: Sequence[tuple[int, Call]],
    ) -> None:
        self.load_cpu_s = load_cpu_s
        self.files = files
        self.reads = list(reads)
        self.asked_for = len(self.reads)
        self.calls = list(calls)
        self.functions = functions(calls)
        self.loaded: Loaded | None = None
        self.all_read = False
        self.names: dict[str, tuple[int, Value]] = {}
        self.results: dict[int, list[Value]] = {number: [] for number, _ in calls}
        self.call_faults: dict[int, Fault] = {}
        self.is_asked = False
        self.steps = 0

    @property
    def is_done(self) -> bool:
        """Whether all that was asked for has come."""
        return self.all_read and not self.calls

    def next_request(self) -> dict[str, Any] | None:
        """The call to ask for now; None while there is an answer to wait for, or nothing more to ask."""
        if self.is_asked or not self.all_read or not self.calls:
            return None
        self.is_asked = True
        number, call = self.calls[0]
        return {"index": number, **as_request(call, self.functions.index(wanted(call)))}

    def step_cpu_s(self) -> float:
        """CPU seconds for the step that is being made: loading, reading all names, one time of a call."""
        if self.loaded is None:
            return self.load_cpu_s
        if not self.all_read:
            return READ_CPU_S * max(1, min(READS_IN_TIME, self.asked_for))
        return self.calls[0][1].cpu_s if self.calls else READ_CPU_S

    def step_wall_s(self) -> float:
        """Wall seconds for the step that is being made: a busy machine gets ten times as many."""
        return max(LEAST_WALL_S, WALL_PER_CPU * self.step_cpu_s())

    def take(self, frame: AnyFrame) -> None:
        """Take the next frame; `steps` counts those that end a step.

        Raises:
            ProtocolError: If this frame cannot come now.
        """
        match frame:
            case Loaded() if self.loaded is None:
                self.take_loaded(frame)
            case Named() if self.is_reading() and frame.name in self.reads and frame.file in self.files:
                del self.reads[: self.reads.index(frame.name) + 1]
                self.names[frame.name] = (frame.file, frame.value)
                return
            case AllRead() if self.is_reading():
                self.take_absent(frame)
                self.all_read = True
            case Result() if self.is_next(frame.call):
                self.take_result(frame)
            case CallFault() if self.is_next(frame.call):
                self.take_fault(frame)
            case _:
                raise ProtocolError(NOT_ASKED_FOR)
        self.steps += 1

    def take_loaded(self, frame: Loaded) -> None:
        """Keep what was found in the files."""
        if not {file for file, _ in frame.seen} <= set(self.files):
            raise ProtocolError(NOT_ASKED_FOR)
        self.loaded = frame

    def take_absent(self, frame: AllRead) -> None:
        """Keep what is said of functions that cannot be called."""
        absent = dict(frame.absent)
        if not absent.keys() <= set(range(len(self.functions))):
            raise ProtocolError(NOT_ASKED_FOR)
        faults = {self.functions[number]: fault for number, fault in absent.items()}
        self.call_faults.update((n, faults[wanted(c)]) for n, c in self.calls if wanted(c) in faults)
        self.calls = [(n, c) for n, c in self.calls if wanted(c) not in faults]

    def is_next(self, number: int) -> bool:
        """Whether a call is the one that is being made."""
        return self.is_asked and self.calls[0][0] == number

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
            self.end_call()

    def take_fault(self, frame: CallFault) -> None:
        """Keep why a call gave nothing, or nothing more."""
        self.call_faults[frame.call] = frame.fault
        question = self.calls[0][1].question
        self.end_call()
        if frame.fault.kind in ENDS_QUESTION:
            self.give_up(question, USED_UP)

    def end_call(self) -> None:
        """The call is answered; the next may be asked for."""
        del self.calls[0]
        self.is_asked = False

    def give_up(self, question: str, fault: Fault) -> None:
        """Make no more calls of a question."""
        self.call_faults.update((n, fault) for n, call in self.calls if call.question == question)
        self.calls = [(n, call) for n, call in self.calls if call.question != question]

    def end(self, fault: Fault, again: bool = False) -> list[tuple[int, Call]]:
        """The child has ended before its job was done: blame the call that was being made.

        Args:
            fault: Why.
            again: Blame no call; the one that was being made is to be made again.

        Returns:
            The calls of other questions, for a new child; none where a new child would end the same way.
        """
        ended_while_reading = self.is_reading() and bool(self.asked_for)
        if fault.kind == "protocol" or not (self.all_read or ended_while_reading):
            self.call_faults.update({number: fault for number, _ in self.calls})
            return []
        if ended_while_reading:
            return self.calls
        if not self.calls or again:
            return self.calls
        number, call = self.calls[0]
        self.call_faults[number] = fault
        self.end_call()
        self.give_up(call.question, NOT_RUN)
        return self.calls

    def reading(self, number: int) -> CallReading:
        """What a call gave."""
        return CallReading(results=tuple(self.results[number]), fault=self.call_faults.get(number))


def functions(calls: Sequence[tuple[int, Call]]) -> list[Wanted]:
    """The functions that are called, each once."""
    return list(dict.fromkeys(wanted(call) for _, call in calls))


def wanted(call: Call) -> Wanted:
    """The function of a call: nothing of what it is called with but the number of its arguments."""
    return call.function, len(call.args) + len(call.kwargs)


def as_request(call: Call, function: int) -> dict[str, Any]:
    """A call as the program inside reads it; its function by number."""
    return {
        "function": function,
        "args": call.args,
        "kwargs": call.kwargs,
        "times": call.times,
        "cpu_s": call.cpu_s,
        "returns_arguments": call.returns_arguments,
    }


def is_reply(call: Call, value: Value) -> bool:
    """Whether a value can be what a call gave: with its arguments, where they were to come back too."""
    if not call.returns_arguments:
        return True
    return isinstance(value, Items) and len(value.items) == 1 + len(call.args)
