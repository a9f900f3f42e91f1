"""What works on Windows, tried where the modules and calls that Windows lacks are taken away."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

WITHOUT_POSIX = '''
import ctypes, os, platform, select, shutil, signal, socket, subprocess, sys, tempfile

MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "spwd", "crypt", "nis"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
for name in MODULES:
    sys.modules.pop(name, None)

# Availability in the standard library's reference: "Unix" or "Linux".
for name in """
    O_NOFOLLOW O_DIRECTORY O_NONBLOCK O_CLOEXEC O_SYNC O_DSYNC O_PATH O_TMPFILE fork forkpty getuid
    geteuid getgid getegid getgroups setuid setgid setsid getsid getpgid getpgrp killpg nice chown lchown
    fchown chroot fchdir fchmod mkfifo mknod wait wait3 wait4 waitid WIFSIGNALED WTERMSIG WIFEXITED
    WEXITSTATUS pread pwrite readv writev sendfile posix_spawn getloadavg sched_getaffinity sched_yield
    memfd_create statvfs fstatvfs sync fdatasync pipe2 set_blocking get_blocking getpriority getresuid
    setresuid setresgid setgroups posix_fallocate confstr sysconf ctermid openpty ttyname
""".split():
    if hasattr(os, name):
        delattr(os, name)
for module, names in (
    (select, "poll epoll"),
    (signal, "SIGKILL SIGALRM SIGPROF SIGCHLD SIGHUP SIGPIPE SIGUSR1 setitimer alarm pthread_kill"),
    (socket, "AF_UNIX send_fds recv_fds"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)

for name in ("supports_dir_fd", "supports_fd"):
    setattr(os, name, set())

def windows(real):
    """No descriptor of a folder, neither to look in nor to have."""
    def call(path=".", *args, **more):
        if more.pop("dir_fd", None) is not None or (isinstance(path, int) and real is not os_fstat):
            raise NotImplementedError("dir_fd unavailable on this platform")
        if real is os_open and os.path.isdir(path):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *args, **more)
    return call

os_open, os_fstat = os.open, os.fstat
os.open, os.listdir, os.scandir, os.unlink = map(windows, (os.open, os.listdir, os.scandir, os.unlink))
os_stat = os.stat
os.stat = lambda path, *, dir_fd=None, follow_symlinks=True: windows(os_stat)(
    path, dir_fd=dir_fd, follow_symlinks=follow_symlinks
)

from grader.cli import main
sys.exit(main(sys.argv[1:]))
'''

ANSWER = '{"EXERCISE": "mit-6390-recitation-8", "a_ii": {"g1": [6, 6, 6, 6]}}'


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", WITHOUT_POSIX, *arguments]
    return subprocess.run(program, input=text, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "ada.json"
    path.write_text(ANSWER)
    return path


def test_json_answers_are_marked(answer: Path):
    for arguments, text in (([str(answer)], ""), ([str(answer.parent)], ""), (["-"], ANSWER)):
        done = run("submit", *arguments, "--question", "a_ii", text=text)
        assert done.stderr == ""
        assert done.returncode == 0
        assert "4 of 4 points" in done.stdout


def test_report_is_written_to_a_file(answer: Path, tmp_path: Path):
    output = tmp_path / "report.json"
    done = run("submit", str(answer), "--question", "a_ii", "--output", str(output))
    assert done.returncode == 0, done.stderr
    assert '"points": 4.0' in output.read_text()


@pytest.mark.parametrize("name", ["ada.py", "ada.ipynb"])
def test_answer_with_code_is_told_what_to_do(tmp_path: Path, name: str):
    (tmp_path / name).write_text("a_ii = dict(g1=[6, 6, 6, 6])\n")
    done = run("submit", str(tmp_path / name), "--exercise", "mit-6390-recitation-8")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "WSL2" in done.stderr
    assert ".json" in done.stderr


def test_commands_for_a_class_are_told_to_need_more_than_windows(answer: Path, tmp_path: Path):
    pytest.importorskip("sqlalchemy", reason="NOT TESTED: needs rnngrade[instructor]")
    asked = ["--exercise", "mit-6390-recitation-8"]
    packed, book = tmp_path / "class.zip", str(tmp_path / "g.db")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(answer, "ada.json")
    marked_elsewhere = [sys.executable, "-m", "rnngrade", "batch", str(packed), *asked, "--gradebook", book]
    subprocess.run(marked_elsewhere, check=True, capture_output=True, timeout=120)
    result = ["--submission", str(answer.parent), "--results", str(tmp_path / "r.json")]
    for arguments in (
        ["batch", str(answer.parent), *asked, "--gradebook", str(tmp_path / "new.db")],
        ["batch", str(packed), *asked, "--gradebook", str(tmp_path / "new.db")],
        ["feedback", str(answer.parent), *asked, "-o", str(tmp_path / "f.zip"), "--gradebook", book],
        ["regrade", "--gradebook", book],
        ["harness", "gradescope", *asked, *result],
    ):
        done = run(*arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), arguments
        assert "on Windows itself" in done.stderr, arguments
        assert "WSL2" in done.stderr, arguments


def test_gradebook_of_elsewhere_can_be_shown(tmp_path: Path):
    pytest.importorskip("sqlalchemy", reason="NOT TESTED: needs rnngrade[instructor]")
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.json").write_text(ANSWER)
    book = ["--gradebook", str(tmp_path / "g.db")]
    asked = ["--exercise", "mit-6390-recitation-8"]
    marked_elsewhere = [sys.executable, "-m", "rnngrade", "batch", str(tmp_path / "class"), *asked, *book]
    subprocess.run(marked_elsewhere, check=True, capture_output=True, timeout=120)
    done = run("gradebook", "show", *book)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].split()[:4] == ["ada", "4", "/", "34"]
    by_hand = ["--question", "a_i", "--points", "3", "--why", "said so", "--who", "Dr B"]
    assert run("gradebook", "override", "ada", *asked, *by_hand, *book).returncode == 0


@pytest.mark.parametrize("arguments", [["list"], ["show", "ntu-cz4042-tutorial-8"], ["--version"]])
def test_exercises_can_be_read(arguments: list[str]):
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")


def test_answer_file_is_started(tmp_path: Path):
    path = tmp_path / "answer.py"
    assert run("start", "mit-6390-recitation-8", "--output", str(path)).returncode == 0
    assert "EXERCISE" in path.read_text()
