"""Step 4 without a sandbox: names of the caller's own program, whose functions are called where they are.

For a notebook, in which the code that is marked is the code that asks. Never for a stranger's answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from grader.grading.mark import Runner
from grader.model.exercise import Limits
from grader.model.run import Call, CallReading, Fault, Probe, Protection, Read, RunResult
from grader.model.submission import Submission
from grader.model.value import Value
from grader.sandbox.inside import faults
from grader.sandbox.inside.answers import Answers, Definition, is_public
from grader.sandbox.inside.calls import Instances, NotThere, called, resolve
from grader.sandbox.inside.encode import plain
from grader.sandbox.inside.objects import STUDENT_MODULES

PROTECTION = Protection(level="in-process")


def runner(names: Mapping[str, Any], module: str = "__main__") -> Runner:
    """Reads and calls what stands under these names, in place of a submission's files.

    Args:
        names: Of the caller, with what they stand for.
        module: In which the caller's own classes are defined.
    """

    def run(submission: Submission, probes: Sequence[Probe], limits: Limits) -> RunResult:
        STUDENT_MODULES.add(module)
        return _read(names, probes)

    return run


def _read(names: Mapping[str, Any], probes: Sequence[Probe]) -> RunResult:
    answers = Answers([], 0.0)
    answers.names = {name: Definition(0, value) for name, value in names.items()}
    instances = Instances()
    wanted = (probe.name for probe in probes if isinstance(probe, Read))
    return RunResult(
        names={name: _value(plain(names[name], True)) for name in wanted if name in names},
        seen=tuple(name for name, value in names.items() if is_public(name, value)),
        calls=tuple(_call(probe, answers, instances) for probe in probes if isinstance(probe, Call)),
        protection=PROTECTION,
    )


def _call(call: Call, answers: Answers, instances: Instances) -> CallReading:
    results: list[Value] = []
    request = msgspec.to_builtins(call)
    try:
        function = resolve(call.function, answers, instances, len(call.args) + len(call.kwargs))
        for _ in range(call.times):
            results.append(_value(called(function, request)))
    except NotThere as error:
        kind, message = error.args
        return CallReading(fault=Fault(kind=kind, message=message))
    except Exception as error:
        fault = faults.from_exception(error, set(), 0.0)
        return CallReading(results=tuple(results), fault=msgspec.convert(fault, Fault))
    return CallReading(results=tuple(results))


def _value(found: dict[str, Any]) -> Value:
    value: Value = msgspec.json.decode(json.dumps(found), type=Value)
    return value
