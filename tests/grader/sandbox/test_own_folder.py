"""The folder that an answer starts in: files work there, nowhere else, and are gone afterwards."""

import pytest

from grader.model.exercise import Limits
from grader.model.run import Call, Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Items, Number, Text
from grader.sandbox import Sandbox
from grader.sandbox.inside.isolation import own_folder

ONE = Number("1", "int")


@pytest.fixture
def needs_folder(sandbox):
    if sandbox.protection().level not in ("full", "limits"):
        pytest.skip("NOT TESTED: at this level an answer has no folder of its own")


LINES = [
    "os.chdir(os.path.dirname(os.path.abspath(__file__)))",
    "with open(os.devnull, 'w') as f, contextlib.redirect_stdout(f): print('x')",
    "os.makedirs('out/figures', exist_ok=True)\nassert os.listdir('out') == ['figures']",
    "np.save('w.npy', np.eye(300)); assert (np.load('w.npy') == np.eye(300)).all()",
    "np.savez('w.npz', a=np.eye(2)); assert np.load('w.npz')['a'].sum() == 2",
    "np.savetxt('w.txt', np.eye(2)); assert np.loadtxt('w.txt').sum() == 2",
    "json.dump([1], open('a.json', 'w')); assert json.load(open('a.json')) == [1]",
    "pickle.dump({1: 2}, open('a.pkl', 'wb')); assert pickle.load(open('a.pkl', 'rb')) == {1: 2}",
    "open('log.txt', 'a').write('a'); open('log.txt', 'a').write('b'); assert open('log.txt').read() == 'ab'",
    "with tempfile.TemporaryDirectory() as d: Path(d, 'x').write_text('x')\nassert not os.path.exists(d)",
    "with tempfile.NamedTemporaryFile('w+') as f: f.write('x'); f.seek(0); assert f.read() == 'x'",
    "with tempfile.TemporaryFile() as f: f.write(b'x')",
    "Path('a').touch(); os.mkdir('b'); os.rename('a', 'b/c'); shutil.rmtree('b')\nassert os.listdir() == []",
    "m = np.memmap('m', dtype=float, mode='w+', shape=(10,)); m[:] = 1; m.flush()",
    "Path('mine.py').write_text('a = 1'); import mine; assert mine.a == 1",
    "(Path.home() / '.cache').mkdir(); assert Path.home() == Path.cwd()",
    "assert os.listdir('.') == []",
]


@pytest.mark.usefixtures("needs_folder")
@pytest.mark.parametrize("lines", LINES)
def test_files_work_as_on_a_students_machine(run, lines):
    code = "import contextlib, json, os, pickle, shutil, tempfile, numpy as np\nfrom pathlib import Path\n"
    result = run(f"{code}{lines}\nvalue = 1", Read("value"))
    assert (result.names, result.faults, result.notes) == ({"value": ONE}, (), ())


@pytest.mark.usefixtures("needs_folder")
def test_functions_find_what_was_written_when_the_file_was_loaded(run):
    code = "open('a', 'w').write('1')\ndef f(): return int(open('a').read())"
    assert run(code, Call(question="q", function=(("f",),))).calls[0].results == (ONE,)


@pytest.mark.usefixtures("needs_folder")
def test_nothing_is_left_for_the_next_answer(run):
    """Not a file, and not how many there were: inode numbers go up with each."""
    code = "import os\nopen('a', 'w').close()\nvalue = [os.listdir('.'), os.stat('a').st_ino]"
    first = run(code, Read("value")).names
    run("for k in range(50): open(str(k), 'w').close()\nopen('.hidden', 'w').close()")
    if own_folder.FOLDER in str(run("import os\nvalue = os.getcwd()", Read("value")).names):
        assert run(code, Read("value")).names == first
    assert run("import os\nvalue = os.listdir('.')", Read("value")).names == {"value": Items(())}


def test_what_does_not_fit_the_folder_is_told_its_size(run, sandbox):
    if sandbox.protection().level != "full":
        pytest.skip("NOT TESTED: only at level full the folder is in memory")
    (fault,) = run("for k in range(40): open(str(k), 'wb').write(bytes(1 << 20))").faults
    assert "holds 16 MiB" in fault.message
    (fault,) = run("for k in range(2000): open(str(k), 'w').close()").faults
    assert "1000 files" in fault.message


@pytest.mark.parametrize("level", ["kernel", "sealed"])
def test_where_there_is_no_folder_that_is_told_and_changing_to_it_works(level):
    with Sandbox(level=level) as made:
        if made.protection().level != level:
            pytest.skip(f"NOT TESTED: no level {level} here")
        code = "import os\nos.chdir(os.path.dirname(os.path.abspath(__file__)))\nvalue = 1\nopen('a', 'w')"
        handed_in = Submission(
            student="a", files=(AnswerFile("answer.py", code.encode()),), digest="sha256:0"
        )
        result = made.run(handed_in, [Read("value")], Limits())
    assert result.names == {"value": ONE}
    assert "on this machine an answer may not use files" in result.faults[0].message


def test_place_outside_is_told_to_be_outside(run, sandbox):
    if sandbox.protection().level != "full":
        pytest.skip("NOT TESTED: only at level full everything else is read-only")
    (fault,) = run("open('/etc/x', 'w')").faults
    assert fault.kind in ("forbidden", "exception")
    (fault,) = run("import os, numpy\nopen(numpy.__file__, 'a')").faults
    assert fault.kind == "forbidden"
    assert "may write files where it starts" in fault.message


def test_file_name_is_still_bare(run):
    assert run("value = __file__", Read("value")).names == {"value": Text("answer.py")}
