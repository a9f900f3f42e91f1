"""Reading answer files: code, and several files together."""

import pytest

from grader.model.run import Call, Read
from grader.model.value import Fields, Flag, Items, Number, Text
from grader.sandbox.host import process
from tests.grader.sandbox.test_notebook_files import notebook

ONE, TWO = Number("1", "int"), Number("2", "int")


def fault_of(result):
    (fault,) = result.faults
    return fault.kind, fault.message, fault.where


def test_exception_keeps_the_names_before_it(run):
    result = run("a = 1\n\n1/0\nb = 2", Read("a"), Read("b"))
    assert result.names == {"a": ONE}
    assert fault_of(result) == ("exception", "ZeroDivisionError: division by zero", "answer.py, line 3")


@pytest.mark.parametrize(
    ("code", "kind", "where"),
    [
        ("a = 1\ndef f(:\n", "syntax", "answer.py, line 2"),
        ("if True:\nx = 1", "syntax", "answer.py, line 2"),
        (b"\x00\x01\x02", "syntax", "answer.py, line 1"),
        (b"a = '\xff'", "syntax", "answer.py, line 1"),
        ("(" * 5000, "syntax", "answer.py, line 1"),
        ("import sys\nsys.exit(0)", "exit", "answer.py, line 2"),
        ("raise KeyboardInterrupt", "exception", "answer.py, line 1"),
        ("def f(): import no_such_package\nf()", "exception", "answer.py, line 1"),
        ("input('?')", "exception", "answer.py, line 1"),
        ("def f(): f()\nf()", "exception", "answer.py, line 1"),
        ("import numpy\nnumpy.load('w.npz')", "exception", "answer.py, line 2"),
        ("while True: pass", "timeout", "answer.py, line 1"),
        ("x = 10**9 * 'a'", "memory", "answer.py, line 1"),
        ("import os\nos._exit(0)", "exit", ""),
        ("def f():\n import grader.model\nf()", "forbidden", "answer.py, line 2"),
    ],
)
def test_what_goes_wrong_at_top_level_is_told(run, code, kind, where):
    (fault,) = run(code, Read("a")).faults
    assert (fault.kind, fault.where) == (kind, where)
    assert "/" not in fault.message


@pytest.mark.parametrize("data", [b"\x00\x01", "a = 1\n".encode("utf-16"), "a = 1\n".encode("utf-16-le")])
def test_file_that_is_no_utf_8_is_told_what_to_do(run, data: bytes):
    (fault,) = run(data, Read("a")).faults
    assert fault.message.endswith("it is not text in UTF-8: save it as UTF-8")


@pytest.mark.parametrize(
    "lines",
    [
        "import no_such_package",
        "import no_such_package as lost",
        "import math, no_such_package, numpy as np",
        "from no_such_package.part import lost, more",
        "from math import no_such_name, sqrt",
        "from no_such_package import *",
        "if True:\n    import no_such_package\n    b = 2",
        "for i in range(2):\n    from no_such_package import lost",
        "try:\n    1/0\nexcept ZeroDivisionError:\n    import no_such_package",
        "import grader.model",
        "from . import helper",
    ],
)
def test_import_that_fails_costs_its_own_line_only(run, lines):
    for files in (f"a = 1\n{lines}\nvalue = 1", notebook(f"a = 1\n{lines}\nvalue = 1")):
        result = run(files, Read("value"))
        assert (result.names, result.faults) == ({"value": ONE}, ())
        assert "line " in result.notes[0]


def test_other_names_of_an_import_that_fails_are_there(read):
    code = "import lost, math, lost2.part as p, numpy as np\nfrom math import no_such_name, sqrt\n"
    assert read(code + "value = int(math.floor(sqrt(np.float64(1))))") == ONE


def test_name_that_was_not_imported_says_why_it_is_not_there(run):
    code = "import numpy as np\nfrom no_such_package import expit as sig\ndef f(x):\n    return sig(x)\n"
    fault = run(code, Call(question="q", function=(("f",),), args=(ONE,))).calls[0].fault
    assert fault.where == "answer.py, line 4"
    assert fault.message.startswith("NameError: name 'sig' is not defined (answer.py, line 2: ")
    assert "no no_such_package here" in fault.message
    assert "numpy, sympy" in fault.message


NEEDS_AN_ABSENT_IMPORT = {
    "a call": "table = lost.read('marks.csv')",
    "over two lines": "table = [1,\n  lost.two]",
    "in a block": "for row in range(3):\n    table = lost.row(row)",
    "by a function of one's own": "def f(): return lost\ntable = f()",
    "a decorator": "@lost.compiled\ndef table(): pass",
    "an annotation": "class table(object):\n    x: lost.Kind = 1",
}


@pytest.mark.parametrize("statement", NEEDS_AN_ABSENT_IMPORT.values(), ids=NEEDS_AN_ABSENT_IMPORT)
def test_statement_that_needs_an_absent_import_costs_itself_only(run, statement):
    code = f"import lost\na = 1\n{statement}\nrows = table.rows\nvalue = a"
    for files in (code, notebook(code)):
        result = run(files, Read("value"), Read("rows"))
        assert result.names == {"value": ONE}
        first, second = (fault.message for fault in result.faults)
        assert first.startswith("NameError: name 'lost' is not defined (")
        assert "'table' is not defined (" in second
        assert "left out, as it needs lost" in second


def test_features_of_the_future_hold_for_all_of_a_file(read):
    code = "from __future__ import annotations\nimport lost\nlost.f()\ndef f(x: whatever): 0\n"
    assert read(code + "value = f.__annotations__['x']") == Text("whatever")


def test_any_other_fault_still_ends_the_file(run):
    result = run("import lost\na = 1\nlost.f()\n1/0\nb = 2", Read("a"), Read("b"))
    assert result.names == {"a": ONE}
    assert [fault.message.partition(":")[0] for fault in result.faults] == ["NameError", "ZeroDivisionError"]


def test_student_who_provides_for_an_import_that_fails_is_not_told(run):
    code = "try:\n    from lost import f\nexcept ImportError:\n    f = 1\nvalue = f"
    result = run(code, Read("value"))
    assert (result.names, result.notes) == ({"value": ONE}, ())


def test_future_import_stays_first(read):
    code = '"""Doc."""\nfrom __future__ import annotations\nimport lost\n'
    code += "def f(x: lost): 0\nvalue = f.__annotations__['x']"
    assert read(code) == Text("lost")


def test_own_file_that_fails_gives_what_it_defines_before(run):
    files = {"answer.py": "from helper import a, b\nvalue = a", "helper.py": "a = 1\n1/0\nb = 2"}
    result = run(files, Read("value"))
    assert result.names == {"value": ONE}
    assert fault_of(result) == ("exception", "ZeroDivisionError: division by zero", "helper.py, line 2")
    assert "cannot import name 'b'" in result.notes[0]


def test_own_file_that_does_not_parse_costs_what_it_would_give(run):
    result = run({"answer.py": "import helper\nvalue = 1", "helper.py": "a = ("}, Read("value"))
    assert result.names == {"value": ONE}
    assert [fault.kind for fault in result.faults] == ["syntax"]


def test_deep_sum_and_long_chain_of_conditions_are_run_beside_an_import(read):
    """What a walk through the tree by recursion would not survive."""
    chain = "if n == 0:\n    pass\n" + "".join(f"elif n == {k}:\n    pass\n" for k in range(1, 900))
    assert read(f"from math import sqrt\nn = 1\n{chain}value = {'+'.join(['1'] * 900)} - 899") == ONE


def test_names_before_an_endless_loop_survive(run):
    result = run("a = 1\nwhile True: pass", Read("a"))
    assert result.names == {"a": ONE}
    assert result.faults[0].kind == "timeout"


def test_exit_of_the_process_at_top_level_blames_every_call(run):
    result = run("import os\nos._exit(0)", Call(question="q", function=(("f",),)))
    assert [c.fault.kind for c in result.calls] == ["exit"]


def test_missing_data_file_is_explained(run):
    (fault,) = run("open('weights.npz')").faults
    assert "only the answer itself is there" in fault.message


def test_input_that_nobody_types_is_explained(run):
    (fault,) = run("n = int(input('n? '))").faults
    assert "nobody is there to type what input() asks for" in fault.message


def test_part_below_the_main_guard_is_run(read):
    assert read("if __name__ == '__main__': value = 1") == ONE
    assert read(notebook("if __name__ == '__main__': value = 1")) == ONE


def test_training_below_the_main_guard_that_takes_too_long_costs_what_comes_after(run):
    code = "a = 1\nif __name__ == '__main__':\n    b = 2\n    while True: pass\nc = 3"
    result = run(code, Read("a"), Read("b"), Read("c"))
    assert result.names == {"a": ONE, "b": TWO}
    kind, message, where = fault_of(result)
    assert (kind, where) == ("timeout", "answer.py, line 4")
    assert message.startswith("running the file took more than 0.5 s of CPU time")


def test_part_below_the_main_guard_of_an_imported_file_is_not_run(read):
    files = {
        "answer.py": "from helper import value",
        "helper.py": "value = 1\nif __name__ == '__main__': 1/0",
    }
    assert read(files) == ONE


def test_files_that_import_each_other_are_each_run_once(run):
    code = "import {1}\nprint('ran')\nfrom dataclasses import dataclass\n@dataclass\nclass q{0}: x: int = 1"
    result = run({"a.py": code.format("a", "b"), "b.py": code.format("b", "a")}, Read("qa"), Read("qb"))
    assert (result.names, result.faults) == ({"qa": Fields({"x": ONE}), "qb": Fields({"x": ONE})}, ())
    assert result.output == "ran\n" * 2
    assert (result.seen, result.given_twice) == (("qa", "qb"), ())


def test_file_has_its_bare_name_and_no_path(read):
    assert read("value = __file__") == Text("answer.py")


def test_classes_of_several_files_are_each_readable(run):
    code = "from dataclasses import dataclass\n@dataclass\nclass C{0}:\n x: int = 1\nvalue{0} = C{0}()"
    result = run({"a.py": code.format(1), "b.py": code.format(2)}, Read("value1"), Read("value2"))
    assert result.names == {"value1": Fields({"x": ONE}), "value2": Fields({"x": ONE})}


def test_encoding_line_and_byte_order_mark_are_honoured(read):
    assert read(b"# coding: latin-1\nvalue = 1  # \xe9") == ONE
    assert read(b"\xef\xbb\xbfvalue = 1") == ONE


def test_empty_file_has_no_names(run):
    assert run("", Read("a")).names == {}


def test_dataclasses_and_own_modules_work(read):
    files = {"helper.py": "x = 1", "answer.py": "from helper import x\nvalue = [x]"}
    assert read(files) == Items((ONE,))
    assert read(dict(reversed(files.items()))) == Items((ONE,))


def test_first_file_that_defines_a_name_wins(run):
    files = {"a.py": "value = 1\nw = 1", "b.py": "value = 2\nother = 2"}
    result = run(files, Read("value"), Read("other"))
    assert result.names == {"value": ONE, "other": TWO}
    assert result.given_twice == ("value",)
    assert result.seen == ("value", "w", "other")


def test_json_and_code_together_go_by_the_order_of_files(run):
    files = {"a.json": '{"value": 1}', "b.py": "value = 2"}
    assert run(files, Read("value")).names == {"value": ONE}
    assert run(dict(reversed(files.items())), Read("value")).names == {"value": TWO}


def test_imported_name_is_not_given_twice(run):
    result = run({"helper.py": "x = [1]", "answer.py": "from helper import x\ny = 1"})
    assert result.given_twice == ()


def test_seen_has_public_names_of_the_students_own(run):
    code = "import numpy as np\nfrom math import sqrt\nfrom fractions import Fraction\na=1\n_b=1\ndef f(): 0"
    assert run(code).seen == ("a", "f")


def test_seen_is_capped(run):
    assert len(run("\n".join(f"a{i} = 1" for i in range(500))).seen) == 200


def test_asking_for_help_costs_nothing(read):
    assert read("help(len)\nvalue = 1") == ONE


def test_printed_text_is_kept_apart_capped_and_cleaned(run):
    result = run(
        "import sys\nprint('a\\x1b[31mb\\u202e')\nsys.stderr.write('c')\nprint('x' * 10**6)\nvalue = 1",
        Read("value"),
    )
    assert result.output.startswith("ab\\u202e\ncxxx")
    assert len(result.output) <= 4096 + 10
    assert result.names == {"value": ONE}


def test_path_in_a_message_is_cut_to_its_last_part(run):
    (fault,) = run("raise ValueError('/home/ada/secret/answer.py is bad')").faults
    assert fault.message == "ValueError: answer.py is bad"


def test_environment_holds_nothing_of_the_grader(read):
    allowed = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONHASHSEED", "LANG"}
    allowed |= {"PYTHONDONTWRITEBYTECODE", "LC_CTYPE", "TORCHINDUCTOR_CACHE_DIR", "HOME", "TMPDIR"}
    value = read("import os\nvalue = sorted(os.environ)")
    assert {item.text for item in value.items} <= allowed


def test_answer_leaves_no_compiled_files(read):
    assert read("import sys\nvalue = sys.dont_write_bytecode") == Flag(True)


@pytest.mark.parametrize(("keeps_none", "elsewhere"), [(True, None), (False, "/cache"), (True, "/cache")])
def test_program_inside_keeps_its_compiled_files_where_this_process_does(monkeypatch, keeps_none, elsewhere):
    monkeypatch.setattr("sys.dont_write_bytecode", keeps_none)
    monkeypatch.setattr("sys.pycache_prefix", elsewhere)
    assert process.environment()["PYTHONDONTWRITEBYTECODE"] == "1"
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    assert "PYTHONDONTWRITEBYTECODE" not in process.environment()


PYLAB = """
from {0} import *
t = linspace(0, 1, 5)
figure(figsize=(4, 3)); plot(t, sin(t), label="x"); legend(); show()
W = randn(2, 2); W = inv(eye(2)) @ W; F = fft(t)
assert norm(W) > 0 and type(abs(-1)) is int and rand(2).shape == (2,) and np.pi == pi
value = int(dot(ones(2), array([0.5, 0.5])))
"""


@pytest.mark.parametrize("name", ["pylab", "matplotlib.pylab"])
def test_pylab_gives_numpys_functions_and_draws_nothing(run, name):
    """As pylab.py of matplotlib says: pyplot's names, then numpy's, fft's, random's and linalg's."""
    result = run(PYLAB.format(name), Read("value"))
    assert (result.names, result.faults, result.notes) == ({"value": ONE}, (), ())
    notebook_with_magic = notebook("%pylab inline", "value = int(dot(ones(1), ones(1))); plt.plot([1])")
    assert run(notebook_with_magic, Read("value")).names == {"value": ONE}


def test_star_of_pyplot_gives_what_is_drawn_with(run):
    result = run("from matplotlib.pyplot import *\nplot([1]); xlabel('t')\nvalue = 1", Read("value"))
    assert (result.names, result.faults) == ({"value": ONE}, ())


PLOT = """
import matplotlib.pyplot as plt
from matplotlib import cm
import seaborn as sns
from mpl_toolkits.mplot3d import Axes3D
from tqdm import tqdm, trange
import tqdm.notebook as notebook
sns.set()
plt.rcParams["figure.figsize"] = (8, 6)
fig, ax = plt.subplots()
ax.plot([1, 2], label="x")
fig, (a, b, c) = plt.subplots(1, 3)
fig, grid = plt.subplots(2, 2, figsize=(5, 5))
for axes in grid.flat:
    axes.set_title("t")
with plt.style.context("ggplot"):
    plt.show()
bar = tqdm(range(2))
bar.set_description("loss")
value = [sum(bar), sum(trange(3))]
"""


def test_plots_and_progress_bars_are_taken_and_nothing_is_drawn(run):
    result = run(PLOT, Read("value"))
    assert result.faults == ()
    assert result.names == {"value": Items((ONE, Number("3", "int")))}
    assert result.seen.count("plt") == 0
