"""The zygote: numpy imported, nothing else known; forks one child for each submission.

It never reads a submission: the descriptor of the requests goes to the child unread. What it holds, every
child could find in its own memory.
"""

import fcntl
import functools
import gc
import importlib
import importlib.util
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress

from . import clock
from .forked import cpu_of, kill, kill_rest, tell
from .isolation import own_folder
from .isolation.jail import Jail, Options, prepare, uid_of
from .isolation.limits import mapped_bytes
from .messages import (
    CHILD_DESCRIPTORS,
    CPU,
    ENDED,
    FAILED,
    GO_ON,
    KILL,
    LANE,
    READY,
    RUN,
    STOP,
    Order,
    Requests,
    ZygoteEvent,
    receive_order,
    send_event,
)

Run = Callable[[Order, list[int], Jail], None]


PROBE_ORDER = Order(RUN, memory_mib=64, cpu_s=5, output_bytes=1024, processes=16)


def main(options_text: str) -> None:
    """Warm up, make the jail, prove it, report it, and serve until the grader is gone.

    Args:
        options_text: What to import; of what the jail is made comes on the control socket.
    """
    control = own_control()
    options = json.loads(options_text)
    sys.path.extend(options["path"])
    # Every folder is listed now: in the jail one that has something hidden in it cannot be.
    importlib.util.find_spec("no_module_of_this_name")
    # In each child it would look for threads that this process never had, and copy 170 pages of memory.
    import_without_fork_handler("threading")
    problems = preload(options["preload"])
    # Imported here, as it needs numpy; and before the namespaces, in which this folder is not there.
    from . import rehearsal
    from .child import prepare_output, run_child, run_probe_child

    # All of this folder is compiled by now, and that was kept: it takes a third as long as importing numpy.
    sys.dont_write_bytecode = True
    made_of = Requests(control.fileno()).next()
    if made_of is None:
        os._exit(0)
    jail = prepare(Options(**made_of["jail"]))
    jail.problems += problems
    if jail.is_sealed:
        jail.problems += preload(made_of["preload_sealed"])
    jail.put_on_zygote()
    # What every child would do at its start is done once, here: each page that a child touches is a copy.
    prepare_output()
    clock.install()
    choose_temporary(jail)
    if jail.has_folders:
        own_folder.announce(own_folder.FOLDER)
    gc.freeze()
    gc.enable()
    jail.mapped_bytes = mapped_bytes(jail.statm)
    server = ZygoteServer(control, run_child, jail, rehearsal.prepare_for_many)
    report(control, jail, server.probe(functools.partial(run_probe_child, copies=made_of["copies"])))
    server.serve()
    wait_for_lanes()
    os._exit(0)


def choose_temporary(jail: Jail) -> None:
    """Where answers may have temporary files: nowhere but where only limits hold them."""
    # Without seccomp other layers may still be there: then there is no place for temporary files.
    if jail.level() == "limits":
        with suppress(OSError):
            jail.temporary = tempfile.gettempdir()
    # PyTorch only asks where temporary files would go; with no folder to write in there is no answer.
    tempfile.tempdir = "/"


def report(control: socket.socket, jail: Jail, could: dict[str, str]) -> None:
    """Tell the grader that the zygote is ready, and how its children are held.

    Args:
        control: The socket to the grader.
        jail: Put on.
        could: What a child in it could do that it should not, by probe.
    """
    found = {"level": jail.level(), "layers": jail.layers, "problems": jail.problems, "could": could}
    body = json.dumps(found).encode()
    send_event(control, ZygoteEvent(READY, len(body)))
    control.sendall(body)


def wait_for_lanes() -> None:
    """Reap the lanes: they end for the same reason, and what they used is this process's then."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def own_control() -> socket.socket:
    """The socket to the grader, which comes on descriptor 1; in its place, and in a child's, nothing."""
    control = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, CHILD_DESCRIPTORS)
    # Below are a child's: the zygote opens nothing of its own there.
    for fd in (1, *range(3, CHILD_DESCRIPTORS)):
        os.dup2(0, fd)
    return socket.socket(fileno=control)


def import_without_fork_handler(name: str) -> None:
    """Import a module of the standard library without what it would do in every process that is forked.

    Args:
        name: What it does there must change nothing where the only thread forks.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **handlers: None
    try:
        importlib.import_module(name)
    finally:
        os.register_at_fork = register


def preload(names: list[str]) -> list[str]:
    """Import what every child is to find imported; returns the problems of what cannot be."""
    problems = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            problems.append(f"{name} cannot be imported: {error}")
    return problems


class ZygoteServer:
    """Serves orders, one child at a time; more live at once in lanes, each a fork of this that serves, too.

    Args:
        control: Socket to the grader.
        run_child: Called in the child; never returns.
        jail: For every child.
        prepare: Called once, before the first lane: there will be many children.
    """

    def __init__(
        self, control: socket.socket, run_child: Run, jail: Jail, prepare: Callable[[], None] | None = None
    ) -> None:
        self.control = control
        self.run_child = run_child
        self.jail = jail
        self.prepare = prepare
        self.wakeup, writing = os.pipe()
        os.set_blocking(self.wakeup, False)
        os.set_blocking(writing, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        # Made once, as all that is: between two forks each page that is written to is a copy, here too.
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.poll.register(self.wakeup, select.POLLIN)

    def serve(self) -> None:
        """Take orders until the socket closes."""
        while (received := receive_order(self.control)) is not None:
            order, fds = received
            if order.word == RUN:
                self.run(order, fds)
            elif order.word == CPU:
                send_event(self.control, ZygoteEvent(CPU))
            elif order.word == LANE:
                self.open_lane(*fds)

    def open_lane(self, control: int) -> None:
        """Fork a process that serves orders beside this one; where it cannot, its socket closes.

        Args:
            control: The socket to it.
        """
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        if self.prepare is not None:
            self.prepare()
            self.prepare = None
            # What it took is not the answers'.
            self.jail.mapped_bytes = mapped_bytes(self.jail.statm)
        try:
            is_lane = os.fork() == 0
        except OSError:
            is_lane = False
        if is_lane:
            try:
                self.control.close()
                os.close(self.wakeup)
                os.close(signal.set_wakeup_fd(-1))
                self.jail.enter_lane()
                lane = ZygoteServer(socket.socket(fileno=control), self.run_child, self.jail)
                send_event(lane.control, ZygoteEvent(READY))
                lane.serve()
                os._exit(0)
            finally:
                os._exit(FAILED)
        os.close(control)

    def probe(self, run_probe_child: Run) -> dict[str, str]:
        """What a jailed child can do that it should not, by probe; a child that fails proves nothing."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            run_probe_child(PROBE_ORDER, [0, writing, 0, 0], self.jail)
        os.close(writing)
        with open(reading, "rb") as replies:
            findings = replies.read()
        _, status = os.waitpid(pid, 0)
        kill_rest(pid)
        if status:
            return {"all": f"the probing child failed with status {status}"}
        could: dict[str, str] = json.loads(findings)
        return could

    def run(self, order: Order, fds: list[int]) -> None:
        """Fork a child, watch over it, report its end."""
        if order.slot and self.jail.uid is not None:
            self.jail.uid = uid_of(order.slot)
        if self.jail.temporary:
            self.jail.folder = own_folder.make_temporary(self.jail.temporary, self.jail.uid)
        self.jail.steps(order)
        pid = os.fork()
        if pid == 0:
            self.run_child(order, fds, self.jail)
        for fd in fds:
            os.close(fd)
        status, usage = self.watch(pid)
        kill_rest(pid)
        if self.jail.folder:
            own_folder.remove(self.jail.folder)
        cpu_s = usage.ru_utime + usage.ru_stime
        scale = 1024 if sys.platform == "darwin" else 1
        send_event(self.control, ZygoteEvent(ENDED, status, cpu_s, usage.ru_maxrss // scale))

    def watch(self, pid: int) -> tuple[int, resource.struct_rusage]:
        """Wait for the child's end; meanwhile kill it or report its CPU time when asked."""
        while True:
            for fd, _ in self.poll.poll():
                if fd != self.wakeup:
                    self.obey(pid)
                    continue
                os.read(fd, 512)
                # Only now: the signal of its end comes in any case.
                ended, status, usage = os.wait4(pid, os.WNOHANG)
                if ended:
                    return status, usage

    def obey(self, pid: int) -> None:
        """Take one order while a child runs. A grader that is gone wants it killed."""
        received = receive_order(self.control)
        if received is None or received[0].word == KILL:
            kill(pid)
        elif received[0].word == STOP:
            tell(pid, signal.SIGSTOP)
        elif received[0].word == GO_ON:
            tell(pid, signal.SIGCONT)
        elif received[0].word == CPU:
            send_event(self.control, ZygoteEvent(CPU, cpu_s=cpu_of(pid)))
