"""Reading notebooks: cells, magics, and what IPython would do."""

import json

import pytest

from grader.model.run import Call, Read
from grader.model.value import Number

ONE, TWO = Number("1", "int"), Number("2", "int")


def notebook(*cells, **more):
    code = [cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell} for cell in cells]
    return {
        "lab.ipynb": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code, **more})
    }


def test_notebook_names_come_from_all_code_cells(read):
    cells = ["a = 1\n", {"cell_type": "markdown", "source": "value = 3"}, ["b = 1\n", "value = a + b"]]
    assert read(notebook(*cells)) == TWO


def test_failing_cell_does_not_stop_later_ones(run):
    result = run(notebook("a = 1", "x =\n", "\n\n1/0", "b = 2"), Read("a"), Read("b"))
    assert result.names == {"a": ONE, "b": TWO}
    assert [f.where for f in result.faults] == ["lab.ipynb, cell 2, line 1", "lab.ipynb, cell 3, line 3"]


def test_fault_in_a_notebooks_function_names_its_cell(run):
    result = run(notebook("", "def f():\n  return 1/0"), Call(question="q", function=(("f",),)))
    assert result.calls[0].fault.where == "lab.ipynb, cell 2, line 2"


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\nvalue = 1",
        "if True:\n    %pip install x\n    value = 1",
        "!ls\nvalue = 1",
        "value = 1\nvalue?",
        "?len\nvalue = 1",
        "%%time\nvalue = 1",
        "\n%%capture out\nvalue = 1",
        "%time value = 1",
        "value = 1\ns = '''\n%d\n'''\nassert '%d' in s",
        "value = (7\n% 2)",
        "%pip install \\\n    numpy \\\n    scipy\nvalue = 1",
        "value = 1\n!ls \\",
        "files = !ls\nr = %timeit -o f()\nassert files is None and r is None\nvalue = 1",
        "if True:\n    out = !ls *.py | \\\n      head\n    value = 1",
        "value = 1\ndisplay(value)\nget_ipython().run_line_magic('matplotlib', 'inline')",
    ],
)
def test_magics_are_left_out(run, cell):
    result = run(notebook(cell), Read("value"))
    assert (result.names, result.faults) == ({"value": ONE}, ())


LINE_ENDS_OF_STR_ONLY = ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
"""What `str.splitlines` splits at and Python's tokenizer does not (its reference, 2.1.2)."""


@pytest.mark.parametrize("character", LINE_ENDS_OF_STR_ONLY)
def test_only_pythons_own_line_ends_end_a_line(run, character):
    code = f"%matplotlib inline\n# the sheet says:{character}the sum\nt = '{character}'\nvalue = len(t)\n"
    assert len(code.splitlines()) == 6
    for files in (notebook(code), {"answer.py": code.partition("\n")[2]}):
        result = run(files, Read("value"))
        assert (result.names, result.faults) == ({"value": ONE}, ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_of_pythons_line_ends_end_a_line(run, end):
    code = end.join(["%matplotlib inline", "value = 1", "1/0"])
    result = run(notebook(code), Read("value"))
    assert result.names == {"value": ONE}
    assert [fault.where for fault in result.faults] == ["lab.ipynb, cell 1, line 3"]


@pytest.mark.parametrize(
    "way", ["sys.exit('stop')", "exit()", "quit()", "raise SystemExit", "raise KeyboardInterrupt"]
)
def test_ending_the_program_ends_a_notebooks_cell_only(run, way):
    result = run(
        notebook(f"import sys\na = 1\n{way}\nb = 1", "value = 2"), Read("a"), Read("b"), Read("value")
    )
    assert result.names == {"a": ONE, "value": TWO}
    assert [fault.where for fault in result.faults] == ["lab.ipynb, cell 1, line 3"]


# Each cell was run by IPython 9.18 (with memory_profiler 0.61): the values of a and b that it leaves.
AS_IN_IPYTHON = [
    ("%%time\na = 1", {"a": 1}),
    ("%%capture out\na = 1\nprint(3)", {"a": 1}),
    ("%%prun -q\na = 1", {"a": 1}),
    ("%%prun a = 1\nb = 2", {"a": 1, "b": 2}),
    ("%%memit\na = 1", {"a": 1}),
    ("%%time\n%%capture\na = 1", {"a": 1}),
    ("\n\n%%time\na = 1", {"a": 1}),
    ("%%capture?\na = 2", {"a": 2}),
    ("    a = 1\n    b = 2", {"a": 1, "b": 2}),
    (">>> a = 1\n>>> for b in [1]:\n...     pass", {"a": 1, "b": 1}),
    ("d = {}\nd['x'] = %time 3\na = d['x']", {"a": 3}),
    ("a = %time 3 + 4", {"a": 7}),
    ("[a, b] = %time (1, 2)", {"a": 1, "b": 2}),
    ("a: int = %time 3", {"a": 3}),
    ("%time a = (3 + \\\n 4)", {"a": 7}),
    ("%time\na = 1", {"a": 1}),
    ("if True:\n    %time a = 4\n    b = 1", {"a": 4, "b": 1}),
    ("a = 1\n%timeit -n1 -r1 b = 3", {"a": 1}),
    ("time = 3\na = (10\n%time)", {"a": 1}),
    ("a = [%time 3]", {}),
    ("%%script false\na = 1", {}),
    ("%%html\na = 1", {}),
]


@pytest.mark.parametrize(("cell", "names"), AS_IN_IPYTHON)
def test_cell_leaves_the_names_that_it_leaves_in_ipython(run, cell, names):
    result = run(notebook(cell), Read("a"), Read("b"))
    assert result.names == {name: Number(str(value), "int") for name, value in names.items()}


@pytest.mark.parametrize(
    "magic", ["%%timeit", "%%timeit -n 2 -r 3 b = 1", "%%debug", "%%capture --no-stderr out"]
)
def test_cell_magic_that_runs_its_cell_runs_it_once(run, magic):
    result = run(notebook("n = 0", f"{magic}\nn += 1\nvalue = n", "out = 0"), Read("value"))
    assert (result.names, result.faults, result.notes) == ({"value": ONE}, (), ())


@pytest.mark.parametrize("line", ["a, b = !ls", "*a, b = !ls", "d[0] = %timeit f()", "a, (b, d[0]) = %sx ls"])
def test_magic_that_is_assigned_costs_its_line_only(run, line):
    result = run(notebook(f"d = [0]\n{line}\nvalue = 1"), Read("value"))
    assert (result.names, result.faults) == ({"value": ONE}, ())


def test_every_cell_that_is_left_out_is_named(run):
    tagged = {"cell_type": "code", "source": "c = 1", "metadata": {"tags": ["otter_ignore"]}}
    result = run(notebook("a = 1", "%%bash\nls", "%%unheard_of x\nb = 1", tagged, "%%writefile"))
    assert [note.split(":")[0] for note in result.notes] == [f"lab.ipynb, cell {n}" for n in (2, 3, 4, 5)]
    assert "%%bash" in result.notes[0]
    assert "otter_ignore" in result.notes[2]


def test_continued_magic_leaves_line_numbers_as_they_are(run):
    (fault,) = run(notebook("!ls \\\n  x\n1/0")).faults
    assert fault.where == "lab.ipynb, cell 1, line 3"


def test_await_outside_a_function_is_explained(run):
    (fault,) = run(notebook("await f()")).faults
    assert "only a notebook's own kernel takes that" in fault.message


def test_cell_for_another_program_is_left_out(run):
    result = run(notebook("%%bash\nvalue = 1", "value = 2"), Read("value"))
    assert (result.names, result.faults) == ({"value": TWO}, ())


def test_tagged_cell_is_skipped(read):
    tagged = {"cell_type": "code", "source": "value = 2", "metadata": {"tags": ["rnngrade-skip"]}}
    assert read(notebook("value = 1", tagged)) == ONE


@pytest.mark.parametrize(
    "data",
    ["", "[", "[]", "{}", '{"cells": 3}', '{"nbformat": 3, "cells": []}', "[" * 100_000, b"\xff\xfe\x00"],
)
def test_broken_notebook_is_unreadable(run, data):
    (fault,) = run({"lab.ipynb": data}).faults
    assert (fault.kind, fault.where) == ("unreadable", "lab.ipynb")


def test_what_a_notebook_asks_of_rnngrade_is_passed_over(run):
    checking = notebook(
        "import rnngrade\nrnngrade.check('q1')", "report = rnngrade.check('q1')\nreport", "value = 1"
    )
    result = run(checking, Read("value"))
    assert (result.names, result.faults, result.notes) == ({"value": ONE}, (), ())
    assert run("from rnngrade import check\ncheck('q1')\nvalue = 1", Read("value")).names == {"value": ONE}
