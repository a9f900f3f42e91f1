"""Calling the student's functions."""

import fcntl
import itertools
import os
import struct
import time

import pytest

from grader.model.exercise import Limits
from grader.model.run import Call, DrawnArguments, Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Array, Fields, Flag, Generator, Items, Nothing, Number, Opaque, Text
from grader.sandbox.host import activity, child, session
from grader.sandbox.host.alone import Alone
from grader.sandbox.host.job import wall_s

ONE = Number("1", "int")
PAIR = Array("<f8", (2,), struct.pack("<2d", 1.0, 2.0))


def asked(name="f", *args, question="q", cpu_s=0.3, drawn=None, **more):
    return Call(question=question, function=((name,),), args=drawn or args, cpu_s=cpu_s, **more)


def test_arguments_arrive_as_what_they_are(call):
    code = "def f(*values): return ', '.join(type(v).__name__ for v in values)"
    half, third = Number("0.5", "float"), Number("1/3", "rational")
    args = (ONE, half, third, PAIR, Fields({"a": ONE}), Items((ONE,)), Generator(1), Text("x"), Flag(True))
    reading = call(code, *args, Nothing())
    expected = "int, float, float, ndarray, dict, list, Generator, str, bool, NoneType"
    assert reading.results == (Text(expected),)


class Drawing:
    """Arguments that say who was drawn for.

    Args:
        takes_s: How far a clock is turned on by each draw.
    """

    def __init__(self, takes_s=0.0):
        self.drawn_for, self.takes_s, self.passed_s = set(), takes_s, 0.0

    def call(self, name):
        def draw():
            self.drawn_for.add(name)
            self.passed_s += self.takes_s
            return (ONE,)

        return asked(name, question=name, drawn=DrawnArguments(1, draw))


def test_arguments_are_drawn_only_for_functions_that_are_there(run):
    drawing = Drawing()
    result = run("def f(x): return x\ng = 3", *map(drawing.call, "fgh"))
    assert [one.fault and one.fault.kind for one in result.calls] == [None, "not-callable", "missing"]
    assert result.calls[0].results == (ONE,)
    assert drawing.drawn_for == {"f"}


def test_the_time_that_arguments_are_drawn_in_is_not_the_answers(sandbox):
    drawing = Drawing(takes_s=1000.0)

    class Clock(Alone):
        def now(self):
            return time.monotonic() + drawing.passed_s

    # What comes after g is called in a new child, which has the time that is left.
    code = b"import os\ndef f(x): return x\ndef g(x): os._exit(0)\ndef h(x): return x"
    answer = Submission(student="ada", files=(AnswerFile("answer.py", code),), digest="sha256:0")
    result = sandbox.run(answer, list(map(drawing.call, "fgh")), Limits(wall_s=20), Clock())
    assert [one.fault and one.fault.kind for one in result.calls] == [None, "exit", None]
    assert drawing.passed_s >= 3000


def test_named_arguments_are_handed_over(call):
    assert call("def f(x, *, lr): return x + lr", ONE, kwargs={"lr": ONE}).results == (Number("2", "int"),)


def test_each_call_gets_its_own_copy_of_the_arguments(call):
    reading = call("def f(x):\n x[0] += 1\n return float(x[0])", PAIR, times=2)
    assert reading.results == (Number("2.0", "float"),) * 2


def test_kept_state_shows_in_the_second_call(call):
    reading = call("seen = []\ndef f(x):\n seen.append(x)\n return len(seen)", ONE, times=2)
    assert reading.results == (Number("1", "int"), Number("2", "int"))


def test_generator_argument_is_seeded_afresh(call):
    first, second = call("def f(rng): return rng.integers(10**9)", Generator(7), times=2).results
    assert first == second


def test_arguments_come_back_as_they_are_after_the_call(call):
    reading = call("def f(x):\n x[0] = 2", PAIR, returns_arguments=True)
    assert reading.results == (Items((Nothing(), Array("<f8", (2,), struct.pack("<2d", 2.0, 2.0)))),)


CLASS = """
class q:
    n = 0
    def __init__(self): self.start = 5
    def with_self(self, x): self.n += 1; return [x + self.start, self.n]
    def other_name(this, x): return x + this.start
    def defaults(self, x=1, y=2): return x + y + self.start
    def plain(x): return x + 10
    def plain_default(x, y=3): return x + y
    @staticmethod
    def static(x): return x + 20
    @classmethod
    def of_class(cls, x): return x + cls.n
    def __call__(self, x): return x + 30
class heir(q): pass
made = q()
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("q", "other_name"), "6"),
        (("q", "defaults"), "8"),
        (("q", "plain"), "11"),
        (("q", "plain_default"), "4"),
        (("q", "static"), "21"),
        (("q", "of_class"), "1"),
        (("q",), "31"),
        (("heir", "other_name"), "6"),
        (("heir", "plain"), "11"),
        (("made", "other_name"), "6"),
        (("made",), "31"),
    ],
)
def test_function_in_a_class_is_called_as_python_calls_it_on_an_object(run, path, text):
    probe = Call(question="q", function=(path,), args=(ONE,))
    assert run(CLASS, probe).calls[0].results == (Number(text, "int"),)


def test_what_a_method_keeps_is_there_at_its_next_call(run):
    probe = Call(question="q", function=(("q", "with_self"),), args=(ONE,), times=2)
    first, second = (Items((Number("6", "int"), Number(str(n), "int"))) for n in (1, 2))
    assert run(CLASS, probe).calls[0].results == (first, second)


def test_class_that_cannot_be_made_without_arguments_is_told_so(run):
    code = "class q:\n def __init__(self, size): pass\n def f(self, x): return x"
    fault = run(code, Call(question="q", function=(("q", "f"),), args=(ONE,))).calls[0].fault
    assert fault.kind == "exception"
    assert "made without arguments" in fault.message
    assert "size" in fault.message


def test_function_is_found_in_a_class_or_dict(run):
    code = "class q:\n def f(x): return x\nd = {'f': lambda x: x}\nm = {'f': 3}"
    paths = [(("q", "f"),), (("d", "f"),), (("nothing", "f"), ("m", "f"))]
    calls = run(code, *(Call(question="q", function=path, args=(ONE,)) for path in paths)).calls
    assert calls[0].results == calls[1].results == (ONE,)
    assert calls[2].fault.message == "f is an object of type int, not a function"


def test_missing_function_is_said(call):
    assert call("g = 1").fault.kind == "missing"


def test_wrong_number_of_arguments_is_said(call):
    fault = call("\ndef f(x): return x", ONE, ONE).fault
    assert fault.message == "TypeError: f() takes 1 positional argument but 2 were given"
    assert fault.where == "answer.py, line 2"


def test_exception_in_a_call_names_the_line(call):
    fault = call("import numpy as np\ndef f(x):\n return np.dot(x, [1, 2, 3])", PAIR).fault
    assert fault.where == "answer.py, line 3"
    assert fault.message.startswith("ValueError: shapes (2,) and (3,) not aligned")


def test_exception_keeps_what_earlier_times_gave(call):
    reading = call("n = []\ndef f(x):\n n.append(1)\n return 1 // (2 - len(n))", ONE, times=3)
    assert reading.results == (ONE,)
    assert reading.fault.message == "ZeroDivisionError: integer division or modulo by zero"


def test_calls_after_an_exception_are_still_made(run):
    calls = run("def f(x): return 1 // x", asked("f", Number("0", "int")), asked("f", ONE)).calls
    assert [bool(c.fault) for c in calls] == [True, False]


def test_exit_in_a_call_keeps_earlier_readings_and_other_questions(run):
    code = "import os\nvalue = 5\ndef f(x): return x\ndef g(x): os._exit(0)"
    questions = [asked("f", ONE, question="a"), asked("g", ONE, question="b"), asked("f", ONE, question="b")]
    result = run(code, Read("value"), *questions, asked("f", ONE, question="c"))
    assert result.names == {"value": Number("5", "int")}
    assert result.calls[0].results == result.calls[3].results == (ONE,)
    assert [c.fault and c.fault.kind for c in result.calls] == [None, "exit", "not-run", None]


def test_call_that_takes_the_time_of_the_answer_keeps_what_was_not_handed_in_missing(run, monkeypatch):
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    code = "import time\ndef f(x): time.sleep(60)\ndef g(x): return x"
    calls = [asked("f", ONE), asked("g", ONE, question="b"), asked("h", ONE, question="c")]
    kinds = [c.fault.kind for c in run(code, *calls, limits=Limits(wall_s=2.0)).calls]
    assert kinds == ["timeout", "timeout", "missing"]


def test_call_that_sleeps_is_a_timeout_of_its_question_only(run, monkeypatch):
    monkeypatch.setattr(session, "LEAST_WALL_S", 0.3)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    code = "import time\nvalue = 1\ndef f(x): time.sleep(60)\ndef g(x): return x"
    # Ten times its CPU limit is what a call may wait: short for the one that sleeps, long for the others.
    calls = [asked("f", ONE, cpu_s=0.03), asked("f", ONE)]
    calls += [asked("g", ONE, question="b", cpu_s=2.0), asked("h", question="c")]
    result = run(code, Read("value"), *calls)
    assert (result.names, result.faults) == ({"value": ONE}, ())
    assert [c.fault and c.fault.kind for c in result.calls] == ["timeout", "not-run", None, "missing"]
    assert result.calls[0].fault.message == "waited for more than 0.3 s and had to be stopped"


def test_call_that_was_kept_waiting_for_a_processor_is_made_once_more(run, monkeypatch):
    monkeypatch.setattr(session, "LEAST_WALL_S", 0.3)
    waited = itertools.count()
    monkeypatch.setattr(child, "waited_s", lambda zygote: next(waited))
    code = "import time\nprint('run')\nvalue = 1\ndef f(x): time.sleep(60)\ndef g(x): return x"
    calls = [asked("g", ONE, question="a", cpu_s=2.0), asked("f", ONE, cpu_s=0.03)]
    result = run(code, Read("value"), *calls)
    assert result.names == {"value": ONE}
    assert [c.fault and c.fault.kind for c in result.calls] == [None, "timeout"]
    assert result.usage.wall_s > 0.6


@pytest.mark.parametrize("end", ["os._exit(0)", "ctypes.string_at(0)", "[0][1]", "sys.exit(1)"])
def test_whatever_a_call_does_what_was_not_handed_in_is_missing(run, end):
    code = f"import ctypes, os, sys\ndef f(x): {end}"
    calls = run(code, asked("f", ONE), asked("g", ONE, question="b")).calls
    assert calls[1].fault.kind == "missing"


def test_built_in_function_that_is_overwritten_disturbs_nothing_else(run):
    code = """
import builtins
def evil(*args): raise RuntimeError
class Odd: __eq__ = __call__ = evil
for name in ("len", "isinstance", "type", "str", "getattr", "next", "dict", "list", "BaseException"):
    setattr(builtins, name, evil)
value = 1
def f(x):
    builtins.isinstance = builtins.len = builtins.next = Odd()
    return x
def g(x):
    builtins.issubclass = builtins.map = evil
    raise ValueError
"""
    result = run(code, Read("value"), asked("f", ONE), asked("g", ONE), asked("f", ONE))
    assert (result.names, result.faults) == ({"value": ONE}, ())
    assert [c.results for c in result.calls] == [(ONE,), (), (ONE,)]
    assert result.calls[1].fault.message == "ValueError"


EVIL = """
def evil(*args): raise RuntimeError
class M(type): __getattribute__ = evil
class W(metaclass=M): pass
class Self: __class__ = __dict__ = property(evil); __getattribute__ = __hash__ = __eq__ = evil
class Error(Exception, metaclass=M): pass
class BadProperty:
    a = property(evil)
first, c_ii, by_self, error, bad = 1, W, Self(), Error("x"), BadProperty()
class Lost(metaclass=M): a = 1
lost = Lost()
value = 2
def f(x): raise Error("x")
def g(x): return x
"""


def test_object_that_raises_whatever_is_asked_costs_only_itself(run):
    names = ("first", "c_ii", "by_self", "error", "bad", "lost", "value")
    result = run(EVIL, *map(Read, names), asked("f", ONE), asked("g", ONE))
    assert result.faults == ()
    assert set(result.names) == set(names)
    assert (result.names["first"], result.names["value"]) == (ONE, Number("2", "int"))
    assert isinstance(result.names["c_ii"], Opaque)
    assert result.calls[0].fault.kind == "exception"
    assert result.calls[1].results == (ONE,)


def test_names_that_are_too_large_together_cost_only_the_last(run):
    code = "a, b, c = (['x' * 9000] * 1300 for _ in 'abc')\nd = 1"
    names = run(code, *map(Read, "abcd")).names
    assert [isinstance(names[name], Opaque) for name in "abcd"] == [False, False, True, False]


def test_segfault_in_a_call_is_a_crash(call):
    assert call("import ctypes\ndef f(): ctypes.string_at(0)").fault.kind == "crash"


def test_endless_loop_in_a_call_is_a_timeout(run):
    code = "def f(x):\n while True: pass\ndef g(x): return x"
    calls = run(code, asked("f", ONE), asked("f", ONE), asked("g", ONE, question="other")).calls
    assert [c.fault and c.fault.kind for c in calls] == ["timeout", "not-run", None]
    assert calls[0].fault.where == "answer.py, line 2"


def test_loop_that_catches_everything_is_killed(run):
    code = (
        "import signal\ndef f():\n signal.signal(signal.SIGPROF, signal.SIG_IGN)\n while True: pass\n"
        "def g(): return 1"
    )
    calls = run(code, asked("f"), asked("f"), asked("g", question="other")).calls
    assert [c.fault and c.fault.kind for c in calls] == ["timeout", "not-run", None]


def test_call_that_needs_too_much_memory_is_told(call):
    assert call("def f(): return len(bytearray(10**9))").fault.kind == "memory"


@pytest.mark.parametrize(
    "body",
    [
        "yield 1\n yield 2",
        "return map(int, '12')",
        "return {1: 1, 2: 2}.values()",
        "return zip(*[(1, 2)])",
        "import itertools\n return itertools.accumulate([1, 1])",
        "import itertools\n return itertools.islice([1, 2, 3], 2)",
    ],
)
def test_what_gives_its_items_one_by_one_is_a_list_of_them(call, body):
    one, two = Number("1", "int"), Number("2", "int")
    pairs = Items((Items((one,)), Items((two,))))
    assert call(f"def f():\n {body}").results == ((pairs if "zip" in body else Items((one, two))),)


def test_a_generator_without_end_stays_one(call):
    code = "def f():\n while True:\n  yield 0"
    assert call(code).results == (Opaque("a generator (the function uses yield)"),)


def test_what_a_generator_raises_ends_the_call(call):
    fault = call("def f():\n yield 1\n 1 / 0").fault
    assert (fault.kind, fault.where) == ("exception", "answer.py, line 3")


def test_sys_exit_in_a_call_is_told(call):
    assert call("import sys\ndef f(): sys.exit(0)").fault.kind == "exit"


def test_calls_of_an_answer_without_code_are_missing(run):
    result = run({"answer.json": "{}"}, asked("f"))
    assert result.calls[0].fault.kind == "missing"
    assert result.protection.level == "no-code"


DRIPS = """
import json, os, struct, sys, threading, time

calls, size = sys.modules["inside.calls"], 50_000

def make_call(call, function, answers, reply):
    os.write(3, struct.pack("<I", size))
    sent, stop = [0], threading.Event()
    def drip():
        while not stop.wait(0.05):
            sent[0] += os.write(3, b" ")
    thread = threading.Thread(target=drip)
    thread.start()
    value = calls.called(function, call)
    stop.set()
    thread.join()
    body = json.dumps({"k": "result", "call": call["index"], "value": value}).encode()
    os.write(3, b" " * (size - sent[0] - len(body)) + body)

for name in ("inside.calls", "inside.child"):
    sys.modules[name].make_call = make_call

def f(x):
    end = time.process_time() + x
    while time.process_time() < end:
        pass
    return x
"""


def test_bytes_of_an_answer_do_not_start_its_clock_again(run):
    quick, slow = Number("0.01", "float"), Number("4.0", "float")
    first, second = run(DRIPS, asked("f", quick), asked("f", slow), limits=Limits(wall_s=60.0)).calls
    assert first.results == (quick,)
    assert second.results == ()
    assert second.fault.kind == "timeout"


def test_an_answer_before_it_was_asked_for_is_refused(run):
    code = """
import json, os, struct, sys
calls = sys.modules["inside.calls"]

def called(function, call):
    for number in (1, 2):
        value = {"t": "number", "kind": "int", "text": "1"}
        body = json.dumps({"k": "result", "call": number, "value": value}).encode()
        os.write(3, struct.pack("<I", len(body)) + body)
    return {"t": "number", "kind": "int", "text": "1"}

calls.called = called
def f(x): return x
"""
    _, *others = run(code, asked("f", ONE), asked("f", ONE), asked("f", ONE, question="b")).calls
    assert [reading.results for reading in others] == [(), ()]
    assert [reading.fault.kind for reading in others] == ["protocol", "protocol"]


def test_an_answer_that_reads_input_finds_none(run):
    result = run("import sys\nvalue = sys.stdin.read()\nother = open(0).read()", Read("value"), Read("other"))
    assert (result.names, result.faults) == ({"value": Text(""), "other": Text("")}, ())


def test_time_for_all_is_what_the_exercise_grants_where_that_is_more():
    usual = [asked(cpu_s=2.0)] * 40
    assert wall_s(Limits(), usual) == Limits().wall_s == 30
    # 5 s for loading, and the longest call of each question that allows more than 2 s.
    long = [asked(question="a", cpu_s=10.0, times=2)] * 3 + [asked(question="b", cpu_s=40.0)]
    assert wall_s(Limits(), usual + long[:3]) == 30
    assert wall_s(Limits(), usual + long) == 55
    assert wall_s(Limits(wall_s=90.0), usual + long) == 90
    assert wall_s(Limits(load_cpu_s=60.0), usual) == 60
    assert wall_s(Limits(wall_s=1.0), usual) == 1


def together(name, *args, **more):
    return asked(name, *args, is_independent=True, **more)


FAULTS_OF_TOGETHER = {
    "n == 2 and 1 // 0": [None, "exception", None, None],
    "n == 2 and sys.exit()": [None, "exit", None, None],
    "n == 2 and os._exit(0)": [None, "exit", "not-run", None],
    "n == 2 and ctypes.string_at(0)": [None, "crash", "not-run", None],
    "n == 2 and list(iter(int, 1))": [None, "memory", "not-run", None],
    "n == 2 and all(iter(lambda: 1, 0))": [None, "timeout", "not-run", None],
}


@pytest.mark.parametrize(("does", "kinds"), FAULTS_OF_TOGETHER.items())
@pytest.mark.parametrize("ask", [asked, together])
def test_calls_that_come_together_fail_as_those_that_come_one_by_one(run, ask, does, kinds):
    code = f"import ctypes, os, sys\ndef f(n): {does}; return n\ndef g(n): return n"
    numbers = [Number(str(n), "int") for n in (1, 2, 3)]
    calls = [ask("f", number, cpu_s=1.0) for number in numbers]
    result = run(code, *calls, ask("g", ONE, question="b"), limits=Limits(memory_mib=64, wall_s=20.0))
    assert [call.fault and call.fault.kind for call in result.calls] == kinds
    assert [call.results for call in result.calls if not call.fault][-1] == (ONE,)


def test_each_of_the_calls_that_come_together_may_take_its_whole_time(run):
    code = "import time\ndef f(n):\n while time.process_time() < n * 0.2: pass\n return n"
    numbers = [Number(str(n), "int") for n in range(1, 7)]
    calls = run(code, *(together("f", number, cpu_s=0.3) for number in numbers)).calls
    assert [call.results for call in calls] == [(number,) for number in numbers]


def test_what_a_pipe_that_holds_little_cannot_hold_comes_all_the_same(run, monkeypatch):
    def narrow(pipe):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
        return 4096

    monkeypatch.setattr(child, "widen", narrow)
    code = "import numpy as np\ndef f(n): return np.full(150_000, float(n))"
    calls = run(code, *(together("f", Number(str(n), "int")) for n in range(3))).calls
    assert [call.results[0].data for call in calls] == [struct.pack("<d", n) * 150_000 for n in range(3)]


def test_functions_that_are_there_are_called_where_as_many_are_not(run):
    calls = run("def f(x): return x", asked("f", ONE), asked("g", ONE, question="b")).calls
    assert [call.fault and call.fault.kind for call in calls] == [None, "missing"]


def test_an_answer_that_comes_while_the_program_is_being_killed_is_too_late(run, monkeypatch):
    kills = child.Child.end

    def kills_late(self):
        time.sleep(0.9)
        kills(self)

    monkeypatch.setattr(child.Child, "end", kills_late)
    monkeypatch.setattr(activity, "HARD_GRACE_S", 0.0)
    code = """
import time
def f(x):
    while True:
        try:
            while time.thread_time() < 0.9: pass
            return x
        except BaseException: pass
"""
    (call,) = run(code, asked("f", ONE, cpu_s=0.1)).calls
    assert (call.results, call.fault and call.fault.kind) == ((), "timeout")


@pytest.fixture
def late(monkeypatch):
    """A grader that gets no processor for long whenever it waits for a child."""
    waits = Alone.wait

    def waits_longer(self, poll, seconds):
        time.sleep(0.6)
        return waits(self, poll, seconds)

    monkeypatch.setattr(Alone, "wait", waits_longer)
    monkeypatch.setattr(activity, "HARD_GRACE_S", 0.05)


DEAF = """
import os, signal, time
def f(x):
    signal.setitimer(signal.ITIMER_PROF, 0)
    end = time.process_time() + x
    while time.process_time() < end: pass
    return x
def g(x): return x
"""
QUICK, SLOW = Number("0.01", "float"), Number("0.4", "float")


@pytest.mark.usefixtures("late")
def test_a_call_that_used_more_than_its_limit_does_not_count_though_nobody_looked_meanwhile(run):
    calls = [asked("f", QUICK, cpu_s=0.1), asked("f", SLOW, cpu_s=0.1), asked("g", ONE, question="b")]
    quick, slow, other = run(DEAF, *calls, limits=Limits(wall_s=60.0)).calls
    assert (quick.results, slow.results, other.results) == ((QUICK,), (), (ONE,))
    assert slow.fault.kind == "timeout"


@pytest.mark.usefixtures("late")
def test_the_last_call_that_used_more_than_its_limit_does_not_count_though_the_program_is_gone(run):
    (slow,) = run(DEAF, asked("f", SLOW, cpu_s=0.1), limits=Limits(wall_s=60.0)).calls
    assert (slow.results, slow.fault and slow.fault.kind) == ((), "timeout")


@pytest.mark.usefixtures("late")
def test_calls_that_come_together_and_used_more_than_all_of_their_limits_do_not_count(run):
    calls = [*(together("f", SLOW, cpu_s=0.1) for _ in range(3)), together("g", ONE, question="b")]
    *slow, other = run(DEAF, *calls, limits=Limits(wall_s=60.0)).calls
    assert [call.results for call in slow] == [(), (), ()]
    assert [call.fault.kind for call in slow] == ["timeout", "not-run", "not-run"]
    assert other.results == (ONE,)


@pytest.mark.usefixtures("late")
def test_a_file_that_used_more_than_its_limit_does_not_count_though_nobody_looked_meanwhile(run, monkeypatch):
    # What reading the names may take is granted, too, once the file has been run.
    monkeypatch.setattr(session, "READ_CPU_S", 0.05)
    found = run(DEAF + "f(0.4)\nvalue = 1", Read("value"), limits=Limits(load_cpu_s=0.1, wall_s=60.0))
    assert found.names == {}
    assert found.faults[0].kind == "timeout"


@pytest.mark.usefixtures("late")
def test_right_answers_count_though_the_grader_looks_late(run):
    calls = [ask("f", QUICK, cpu_s=0.1) for ask in (asked, together, together, asked)]
    found = run(DEAF + "value = 1", Read("value"), *calls, limits=Limits(wall_s=60.0))
    assert found.names == {"value": ONE}
    assert [call.results for call in found.calls] == [(QUICK,)] * 4
