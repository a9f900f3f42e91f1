"""The sandbox itself: levels, restarts, other people's code."""

import os
import signal
import threading

import pytest

from grader import sandbox as sandbox_module
from grader.errors import SandboxError
from grader.model.exercise import Limits
from grader.model.run import Call, Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Number
from grader.sandbox import Sandbox
from grader.sandbox.host import child
from grader.sandbox.host import sandbox as host_sandbox
from grader.sandbox.host.levels import Unprotected, failed_probes, proven_level, refusal
from grader.sandbox.host.zygote import JailReport, Zygote

QUICK = Limits(load_cpu_s=0.5, call_cpu_s=0.3, wall_s=5.0, memory_mib=256, output_kib=4)


def answer(code: str) -> Submission:
    return Submission(student="ada", files=(AnswerFile("answer.py", code.encode()),), digest="sha256:0")


def value_of(sandbox: Sandbox, code: str = "value = 1", limits: Limits = QUICK):
    return sandbox.run(answer(code), [Read("value")], limits).names.get("value")


def counted_runs(monkeypatch) -> list[int]:
    """One entry for each child that this thread runs from now on; another test's may still be about."""
    runs: list[int] = []
    original, own = host_sandbox.Sandbox._run_child, threading.get_ident()

    def counted(self, *args):
        if threading.get_ident() == own:
            runs.append(1)
        return original(self, *args)

    monkeypatch.setattr(host_sandbox.Sandbox, "_run_child", counted)
    return runs


@pytest.mark.parametrize("level", ["full", "kernel", "sealed", "limits"])
def test_level_that_was_asked_for_is_the_highest(level):
    order = ("limits", "sealed", "kernel", "full")
    with Sandbox(level=level) as made:
        assert order.index(made.protection().level) <= order.index(level)
        assert value_of(made) == Number("1", "int")


def test_sealed_answers_import_what_is_common_and_nothing_else():
    with Sandbox(level="sealed") as made:
        if made.protection().level != "sealed":
            pytest.skip("NOT TESTED: no seccomp here")
        assert value_of(made, "import math, sympy, statistics\nvalue = sympy.Integer(1)") == Number(
            "1", "int"
        )
        # Whether the file may not be opened or not even be found depends on whose the interpreter is.
        (note,) = made.run(answer("import ftplib"), [], QUICK).notes
        assert "ftplib" in note


def test_zygote_that_was_killed_is_replaced():
    with Sandbox() as made:
        assert value_of(made) == Number("1", "int")
        os.kill(made._zygote.pid, signal.SIGKILL)
        assert value_of(made) == Number("1", "int")


def test_zygote_that_hangs_is_replaced_and_costs_the_answer_no_time(monkeypatch):
    monkeypatch.setattr(child, "DIE_S", 0.2)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))  # no second try for a busy machine's sake
    with Sandbox(level="kernel") as made:
        assert value_of(made) == Number("1", "int")
        os.kill(made._zygote.pid, signal.SIGSTOP)
        waits = "import time\ntime.sleep(0.2)\nvalue = 1"
        assert value_of(made, waits, Limits(wall_s=1.5)) == Number("1", "int")


def test_sandbox_that_cannot_start_says_so(monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(SandboxError, match="does not start"):
        value_of(Sandbox())


def test_sandbox_starts_again_after_it_was_closed():
    made = Sandbox()
    assert value_of(made) == Number("1", "int")
    made.close()
    made.close()
    assert value_of(made) == Number("1", "int")
    made.close()


def test_closing_leaves_no_process():
    made = Sandbox().start()
    assert value_of(made) == Number("1", "int")
    pid = made._zygote.pid
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_start_does_not_wait(monkeypatch):
    monkeypatch.setattr(Zygote, "receive_bytes", lambda self, size: pytest.fail("it waits for an answer"))
    Sandbox().start().close()


def test_threads_take_turns(sandbox):
    values = []
    threads = [threading.Thread(target=lambda: values.append(value_of(sandbox))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == [Number("1", "int")] * 4


def test_zygote_outlives_the_thread_that_started_it():
    made = Sandbox()
    thread = threading.Thread(target=made.jail_report)
    thread.start()
    thread.join()
    assert value_of(made) == Number("1", "int")
    made.close()


def test_answers_share_nothing(sandbox):
    code = "import math, sys\nvalue = getattr(math, 'mark', 0)\nmath.mark = sys.mark = 7"
    assert [value_of(sandbox, code) for _ in range(2)] == [Number("0", "int")] * 2


@pytest.mark.parametrize(("waited_s", "load"), [(None, 0.0), (0.1, 99.0)])
def test_wall_timeout_of_a_program_that_sleeps_is_the_answers(monkeypatch, sandbox, waited_s, load):
    monkeypatch.setattr(child, "waited_s", lambda zygote: waited_s)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    runs = counted_runs(monkeypatch)
    result = sandbox.run(answer("import time\ntime.sleep(60)"), [], Limits(wall_s=0.3))
    assert [fault.kind for fault in result.faults] == ["timeout"]
    assert len(runs) == 1


# Far more than half: on a busy machine the end of a child takes time, too.
@pytest.mark.parametrize(("waited_s", "load"), [(None, 99.0), (30.0, 0.0)])
def test_wall_timeout_for_want_of_a_processor_is_tried_once_more(monkeypatch, sandbox, waited_s, load):
    monkeypatch.setattr(child, "waited_s", lambda zygote: waited_s)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    runs = counted_runs(monkeypatch)
    result = sandbox.run(answer("import time\ntime.sleep(60)"), [], Limits(wall_s=0.3))
    assert [fault.kind for fault in result.faults] == ["timeout"]
    assert len(runs) == 2


def test_usage_is_reported(run):
    usage = run("import numpy as np\nx = np.ones(10**7)\nfor _ in range(10**5): pass").usage
    assert 0 < usage.cpu_s < 5
    assert 0 < usage.wall_s < 20
    assert 80 < usage.max_rss_mib < 200


def test_level_is_proven_by_probes():
    layers = ("rlimits", "seccomp")
    stopped = dict.fromkeys(("read-files", "see-files", "network"), "")
    assert proven_level(JailReport(level="full", layers=layers, could=stopped)) == "full"
    seen = {**stopped, "see-files": "it was not stopped"}
    assert proven_level(JailReport(level="kernel", layers=layers, could=seen)) == "kernel"
    assert proven_level(JailReport(level="full", layers=layers, could=seen)) == "limits"
    assert proven_level(JailReport(level="full", layers=layers, could={})) == "limits"
    assert failed_probes(JailReport(level="full", could=seen), "full") == {"see-files": "it was not stopped"}


def test_other_peoples_code_needs_isolation():
    assert refusal(JailReport(level="sealed", could={"network": ""})) is None
    assert "no seccomp" in str(refusal(JailReport(level="limits", problems=("no seccomp",))))
    with Sandbox(level="limits") as made:
        made.require_isolation(unsafe_ok=True)
        with pytest.raises(Unprotected, match="unsafe-ok"):
            made.require_isolation()


def test_everybody_asks_for_isolation_in_the_same_way(monkeypatch):
    with Sandbox(level="limits") as made:
        monkeypatch.setattr(sandbox_module, "_shared", lambda: made)
        sandbox_module.require_isolation(unsafe_ok=True)
        with pytest.raises(sandbox_module.Unprotected):
            sandbox_module.require_isolation()


def test_call_limit_is_each_calls_own(sandbox):
    # 1.2 s in all, on any machine.
    code = """
import time
def f():
    end = time.process_time() + 0.15
    while time.process_time() < end:
        pass
    return 1
"""
    call = Call(question="q", function=(("f",),), times=8, cpu_s=0.5)
    (reading,) = sandbox.run(answer(code), [call], Limits(load_cpu_s=0.5, wall_s=60.0)).calls
    assert reading.fault is None
    assert len(reading.results) == 8
