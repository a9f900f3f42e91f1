"""What one child has sent, what to ask it next, what its end means. Pure: frames in, readings out."""

from __future__ import annotations

import os
import signal
from typing import Literal, TypeAlias

import msgspec

from grader.model.run import Call, CallReading, Fault
from grader.model.value import Items, Value
from grader.sandbox.host.frames import AllRead, AnyFrame, CallFault, Loaded, Named, ProtocolError, Result
from grader.sandbox.host.job import Job, NumberedCall, function_of
from grader.sandbox.inside.caps import READ_CPU_S
from grader.sandbox.inside.messages import ENDS_QUESTION, FAILED

Killed: TypeAlias = Literal["cpu", "wall", "step", "protocol"]

TOO_LONG_TO_LOAD = (
    "running the file took more than {:g} s of CPU time and could not be ended gently: nothing in it counts. "
    "What takes longer, as training may, is run beforehand: hand in what came out"
)
TOO_LONG = "took too long in all; the program waits for something or is slow"

NOT_RUN = Fault(
    kind="not-run", message="not run, because an earlier call for this question ended the program"
)
USED_UP = Fault(
    kind="not-run", message="not run, because an earlier call for this question used up its limit"
)
NOT_ASKED_FOR = "hands back an answer that was not asked for"

READS_IN_TIME = 5
"""Names that may each take all of their time; the others must be as quick as names are."""

LEAST_WALL_S = 5.0
WALL_PER_CPU = 10.0
"""A call that has had less of a processor than a tenth waits for something, or the machine is busy."""


class Session:
    """Follows one child through its job.

    Args:
        job: What it is to do.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.files = {file["index"] for file in job.files}
        self.reads = list(job.reads)
        self.calls = list(job.calls)
        self.loaded: Loaded | None = None
        self.all_read = False
        self.names: dict[str, tuple[int, Value]] = {}
        self.results: dict[int, list[Value]] = {number: [] for number, _ in job.calls}
        self.call_faults: dict[int, Fault] = {}
        self.asked = 0
        self.asked_calls: list[NumberedCall] = []
        self.steps = 0
        self.granted = [job.load_cpu_s]

    @property
    def is_done(self) -> bool:
        """Whether all that was asked for has come."""
        return self.all_read and not self.calls

    def next_request(self) -> msgspec.Raw | None:
        """The calls to ask for now; None while there is an answer to wait for, or nothing more to ask."""
        if self.asked or not self.all_read or not self.calls:
            return None
        self.asked, request = self.job.asked.next_request(self.calls)
        self.asked_calls = self.calls[: self.asked]
        self.granted = [self.step_cpu_s()]
        return request

    def step_cpu_s(self) -> float:
        """CPU seconds for the step that is being made: loading, reading all names, one time of a call."""
        if self.loaded is None:
            return self.job.load_cpu_s
        if not self.all_read:
            return READ_CPU_S * max(1, min(READS_IN_TIME, len(self.job.reads)))
        return self.calls[0][1].cpu_s if self.calls else READ_CPU_S

    def step_wall_s(self) -> float:
        """Wall seconds for the step that is being made: a busy machine gets ten times as many."""
        return max(LEAST_WALL_S, WALL_PER_CPU * self.step_cpu_s())

    def take(self, frame: AnyFrame) -> None:
        """Take the next frame; `steps` counts those that end a step.

        `granted` has the CPU seconds of each step that was begun since the child was asked.

        Raises:
            ProtocolError: If this frame cannot come now.
        """
        if isinstance(frame, Result):
            # Nearly all of them, and of nearly all answers: one for each call.
            self.take_result(frame)
        elif not self.take_other(frame):
            return
        self.steps += 1
        if self.asked or self.is_reading():
            self.granted.append(self.step_cpu_s())

    def take_other(self, frame: AnyFrame) -> bool:
        """Take a frame that holds no result; whether it ends a step.

        Raises:
            ProtocolError: If this frame cannot come now.
        """
        match frame:
            case Loaded() if self.loaded is None:
                self.take_loaded(frame)
            case Named() if self.is_reading() and frame.name in self.reads and frame.file in self.files:
                del self.reads[: self.reads.index(frame.name) + 1]
                self.names[frame.name] = (frame.file, frame.value)
                return False
            case AllRead() if self.is_reading():
                self.take_absent(frame)
                self.all_read = True
            case CallFault() if self.is_next(frame.call):
                self.take_fault(frame)
            case _:
                raise ProtocolError(NOT_ASKED_FOR)
        return True

    def take_loaded(self, frame: Loaded) -> None:
        """Keep what was found in the files."""
        if not {file for file, _ in frame.seen} <= self.files:
            raise ProtocolError(NOT_ASKED_FOR)
        self.loaded = frame

    def take_absent(self, frame: AllRead) -> None:
        """Keep why functions cannot be called."""
        absent = dict(frame.absent)
        if not absent.keys() <= set(range(len(self.job.asked.functions))):
            raise ProtocolError(NOT_ASKED_FOR)
        faults = {self.job.asked.functions[number]: fault for number, fault in absent.items()}
        if not faults:
            return
        asked, self.calls = self.calls, []
        for number, call in asked:
            if function_of(call) in faults:
                self.call_faults[number] = faults[function_of(call)]
            else:
                self.calls.append((number, call))

    def is_next(self, number: int) -> bool:
        """Whether a call is the one that is being made."""
        return self.asked > 0 and self.calls[0][0] == number

    def is_reading(self) -> bool:
        """Whether names are being read."""
        return self.loaded is not None and not self.all_read

    def take_result(self, frame: Result) -> None:
        """Keep a result; the last of the times it was asked for ends the call.

        Raises:
            ProtocolError: If this call is not the one that is being made, or gives no such thing.
        """
        if not self.is_next(frame.call):
            raise ProtocolError(NOT_ASKED_FOR)
        call = self.calls[0][1]
        if call.returns_arguments and not is_reply(call, frame.value):
            raise ProtocolError("hands back what is not an answer")
        results = self.results[frame.call]
        results.append(frame.value)
        if len(results) == call.times:
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
        self.asked -= 1

    def give_up(self, question: str, fault: Fault) -> None:
        """Make no more calls of a question."""
        self.call_faults.update((n, fault) for n, call in self.calls if call.question == question)
        self.calls = [(n, call) for n, call in self.calls if call.question != question]
        self.asked = 0

    def take_back(self) -> None:
        """Forget what came since the child was asked: it took longer than all of that was granted."""
        if not self.asked_calls:
            Session.__init__(self, self.job)
            return
        numbers = {number for number, _ in self.asked_calls}
        self.results.update((number, []) for number in numbers)
        self.call_faults = {n: fault for n, fault in self.call_faults.items() if n not in numbers}
        self.calls = self.asked_calls + [one for one in self.calls if one[0] not in numbers]
        self.asked = len(self.asked_calls)

    def end(self, fault: Fault, again: bool = False) -> list[NumberedCall]:
        """The child has ended before its job was done: blame the call that was being made.

        Args:
            fault: Why.
            again: Blame no call; the one that was being made is to be made again.

        Returns:
            The calls of other questions, for a new child; none where a new child would end the same way.
        """
        ended_while_reading = self.is_reading() and bool(self.job.reads)
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


def is_reply(call: Call, value: Value) -> bool:
    """Whether a value can be what a call gave: with its arguments, where they were to come back too."""
    if not call.returns_arguments:
        return True
    return isinstance(value, Items) and len(value.items) == 1 + len(call.args)


def ended_by(
    status: int, killed: Killed | None, problem: str | None, session: Session, is_used_up: bool
) -> Fault:
    """The fault of a child that ended before its job was done.

    Args:
        status: As `os.wait4` gives it.
        killed: Why the grader killed it, if it did.
        problem: What was wrong with its frames.
        session: How far it came.
        is_used_up: Whether its CPU time reached the kernel's limit, which ends it by SIGKILL.
    """
    if killed == "protocol":
        return Fault(kind="protocol", message=f"the program {problem}")
    if killed == "wall" or (killed is None and is_used_up and os.WIFSIGNALED(status)):
        return Fault(kind="timeout", message=TOO_LONG)
    if killed == "step":
        return Fault(
            kind="timeout", message=f"waited for more than {session.step_wall_s():g} s and had to be stopped"
        )
    if killed == "cpu" and session.loaded is None:
        return Fault(kind="timeout", message=TOO_LONG_TO_LOAD.format(session.step_cpu_s()))
    if killed == "cpu" or is_signal(status, "SIGXCPU"):
        return Fault(kind="timeout", message=f"took more than {session.step_cpu_s():g} s of CPU time")
    if is_signal(status, "SIGSYS"):
        return Fault(kind="forbidden", message="asked the system for what an answer may not use")
    if os.WIFSIGNALED(status):
        return Fault(
            kind="crash", message=f"the program crashed ({signal.Signals(os.WTERMSIG(status)).name})"
        )
    if os.WEXITSTATUS(status) == FAILED:
        return Fault(kind="crash", message="the program ended unexpectedly")
    return Fault(kind="exit", message="the code ends the program (os._exit)")


def is_signal(status: int, name: str) -> bool:
    """Whether a process was ended by the signal of this name, where the platform has it."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == getattr(signal, name, None)
