"""What a jailed process tries to do, to prove that it cannot. Each probe ends by itself and harms nothing."""

import ctypes
import errno
import mmap
import os
import resource
import socket
import stat
from collections.abc import Callable

from ..messages import CHILD_DESCRIPTORS
from . import kernel, own_folder
from .namespaces import HOST_NAME

SEEN_EVERYWHERE = "/etc/passwd"
COPIES: list[str] = []
"""Where the grader's own packages lie; set before the probes are run."""

WRITABLE_FOLDERS = ("/tmp", "/dev/shm", "/var/tmp", "/", own_folder.PARENT, os.path.dirname(os.__file__))


class Open(Exception):
    """The probe could do what it tried; the message says what."""


def run_probes(copies: list[str]) -> dict[str, str]:
    """Each probe's name with "" where it was stopped, or what it could do.

    Args:
        copies: Where the grader's own packages lie.
    """
    COPIES[:] = copies
    return {name: attempt(probe) for name, probe in PROBES.items()}


def attempt(probe: Callable[[], None]) -> str:
    """Run one probe."""
    try:
        probe()
    except Open as error:
        return str(error)
    except (OSError, MemoryError):
        return ""
    except Exception as error:
        # A probe that breaks proves nothing.
        return f"the attempt itself failed ({type(error).__name__})"
    return "it was not stopped"


def read_files() -> None:
    """Read a file of the machine."""
    os.close(os.open(SEEN_EVERYWHERE, os.O_RDONLY))


def read_answers() -> None:
    """Read one of the grader's own packages. A folder that is covered is there and empty."""
    for path in COPIES:
        try:
            found = os.listdir(path) if os.path.isdir(path) else read(path)
        except OSError:
            continue
        if found:
            raise Open(f"it could read {path}")
    raise PermissionError


def read(path: str) -> bytes:
    """All of a file."""
    with open(path, "rb") as file:
        return file.read()


def see_files() -> None:
    """Learn that a file exists."""
    os.stat(SEEN_EVERYWHERE)


def write_files() -> None:
    """Make a file outside the own folder."""
    for folder in WRITABLE_FOLDERS:
        path = os.path.join(folder, f"rnngrade-probe-{os.getpid()}")
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            continue
        os.close(fd)
        os.unlink(path)
        raise Open(f"it could write in {folder}")
    raise OSError


def misuse_own_folder() -> None:
    """Find something in the own folder, or make in it what is no file: a device, a way out, a program."""
    if not own_folder.State.is_there:
        raise PermissionError
    if os.listdir("."):
        raise Open("its own folder was not empty")
    with open("file", "xb") as file:
        file.write(bytes(mmap.PAGESIZE))
    tries: dict[str, Callable[[], object]] = {
        "a link": lambda: os.symlink("/", "made"),
        "a second name": lambda: os.link("file", "made"),
        "a pipe": lambda: os.mkfifo("made"),
        "a device": lambda: os.mknod("made", 0o600 | stat.S_IFCHR, os.makedev(1, 3)),
        "a program": lambda: os.chmod("file", 0o4755),
        "code of a file": map_code,
    }
    made = [what for what, attempt in tries.items() if could(attempt)]
    if made:
        raise Open(f"it could make {' and '.join(made)}")
    raise PermissionError


def map_code() -> None:
    """Map a file of one's own as code."""
    with open("file", "rb") as file:
        mmap.mmap(file.fileno(), mmap.PAGESIZE, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC).close()


def could(attempt: Callable[[], object]) -> bool:
    """Whether the system allows an attempt."""
    try:
        attempt()
    except OSError:
        return False
    return True


def use_network() -> None:
    """Make a socket."""
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def start_processes() -> None:
    """Fork."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def start_programs() -> None:
    """Execute a program that is not there: a refusal comes before the program is looked for."""
    try:
        os.execve("/nonexistent", ["x"], {})
    except FileNotFoundError:
        raise Open("it may start programs") from None


def signal_others() -> None:
    """Ask whether the parent could be sent a signal."""
    os.kill(os.getppid(), 0)


def trace() -> None:
    """Trace: PTRACE_TRACEME is 0."""
    kernel.syscall("ptrace", 0, 0, 0, 0)


def be_root() -> None:
    """Be the machine's superuser."""
    if os.getuid() != 0:
        raise PermissionError


def see_machine_name() -> None:
    """Read the machine's name."""
    if os.uname().nodename == HOST_NAME:
        raise PermissionError


def see_process_numbers() -> None:
    """See the machine's own process numbers: process 1 of a namespace is the parent of all in it."""
    if os.getppid() == 1:
        raise PermissionError


def take_memory() -> None:
    """Take more memory than the limit, without touching it."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        raise Open("its memory is not limited")
    bytearray(limit)


def keep_descriptors() -> None:
    """Find a descriptor that is not its own."""
    for fd in range(CHILD_DESCRIPTORS, 1024):
        try:
            os.fstat(fd)
        except OSError as error:
            if error.errno == errno.EBADF:
                continue
        raise Open(f"descriptor {fd} was left open")
    raise OSError


def gain_privileges() -> None:
    """Have gained, or be able to gain, rights: PR_GET_NO_NEW_PRIVS is 39."""
    if ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 0:
        raise Open("it may gain rights")
    raise PermissionError


PROBES: dict[str, Callable[[], None]] = {
    "read-files": read_files,
    "answers": read_answers,
    "see-files": see_files,
    "write-files": write_files,
    "own-folder": misuse_own_folder,
    "network": use_network,
    "processes": start_processes,
    "programs": start_programs,
    "signals": signal_others,
    "tracing": trace,
    "superuser": be_root,
    "privileges": gain_privileges,
    "machine-name": see_machine_name,
    "process-numbers": see_process_numbers,
    "memory": take_memory,
    "descriptors": keep_descriptors,
}
