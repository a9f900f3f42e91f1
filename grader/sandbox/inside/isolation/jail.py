"""The jail: what the zygote prepares once, and what each child puts on before it reads a submission."""

import functools
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..messages import Order
from . import kernel, landlock, namespaces, own_folder, seccomp
from .limits import apply_limits_of_all, limit_steps, open_statm

FIRST_UID = 200_000
UIDS = 50_000
"""User ids that no account has (login.defs gives 1000 to 60000; subuid starts at 100000 with 65536 each)."""

OVERFLOW_ID = 65534
"""Nobody's id: for the group, which is never used to decide anything here."""


@dataclass
class Options:
    """What the grader asks for.

    Args:
        level: The highest to try.
        off: Layers to leave out: for testing that each of them matters.
        readable: Files and folders that imports need.
        hidden: Files and folders in them that a child must not see: the grader's own packages.
        slot: A number that no other zygote of this machine has.
    """

    level: str
    off: list[str]
    readable: list[str]
    hidden: list[str]
    slot: int


class Steps(NamedTuple):
    """What a child has to do to be jailed.

    Args:
        folder: To have a folder of its own; where that is refused, it goes on without.
        with_folder: The rest.
        without: The rest where it has none.
    """

    folder: tuple[kernel.Step, ...]
    with_folder: tuple[kernel.Step, ...]
    without: tuple[kernel.Step, ...]


@dataclass
class Jail:
    """What holds each child.

    Args:
        layers: Names of what is active.
        problems: Why others are not.
        rules: Landlock's descriptor.
        filter: seccomp's program.
        is_sealed: No file may be opened.
        drops_capabilities: Each child has to, where root stays root and its zygote still has them.
            Becoming another user drops them by itself: capabilities(7).
        uid: User to become.
        mapped_bytes: What the memory limit comes on top of.
        statm: Tells the zygote's address space.
        folder_filter: seccomp's program for a child that has a folder of its own.
        has_folders: Whether each child is to have one.
        temporary: Where a child that only limits hold gets a folder on the disk instead.
        folder: That folder, made for the next child.
        proc: Descriptor of /proc, for lanes of a zygote that has a user namespace of its own.
        made: What the last child had to do, and for what it was made ready.
    """

    layers: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    rules: int | None = None
    filter: bytes | None = None
    uid: int | None = None
    mapped_bytes: int = 0
    is_sealed: bool = False
    drops_capabilities: bool = False
    statm: int | None = None
    folder_filter: bytes | None = None
    has_folders: bool = False
    temporary: str = ""
    folder: str = ""
    proc: int | None = None
    made: tuple[object, Steps] | None = None

    def level(self) -> str:
        """The level that the layers make, before any probe has looked."""
        if self.filter is None:
            return "limits"
        if self.is_sealed:
            return "sealed"
        return "full" if {"mount-namespace", "pid-namespace"} <= set(self.layers) else "kernel"

    def put_on_zygote(self) -> None:
        """Give up what neither the zygote nor its children need; the children inherit that."""
        if "rlimits" in self.layers:
            apply_limits_of_all()
        if "no-new-privileges" in self.layers:
            kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        self.give_up_capabilities()
        if sys.platform == "linux":
            kernel.prctl(kernel.PR_SET_DUMPABLE, 0)

    def give_up_capabilities(self) -> None:
        """Those of a user namespace of its own, where no child needs one to mount its folder."""
        if "no-capabilities" in self.layers and os.geteuid() != 0 and not self.has_folders:
            kernel.drop_capabilities()

    def enter_lane(self) -> None:
        """Go on in a new process with namespaces of its own in this zygote's, and so its own children only.

        Raises:
            OSError: If the system does not allow it.
        """
        if sys.platform == "linux":
            # Where no namespace does that, too: a lane ends with its zygote.
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if "user-namespace" in self.layers:
            # The kernel counts threads by user in each: of a lane's own children only. Its files in /proc are
            # this user's while it is dumpable, and no child is there yet.
            kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
            namespaces.enter_user_namespace(self.proc)
        namespaces.enter_again(self.layers)
        if self.proc is not None:
            os.close(self.proc)
        self.give_up_capabilities()
        if sys.platform == "linux":
            kernel.prctl(kernel.PR_SET_DUMPABLE, 0)

    def put_on(self, order: Order) -> None:
        """Jail this process, for good."""
        steps = self.steps(order)
        if self.has_folders:
            own_folder.enter(steps.folder)
        elif self.folder:
            own_folder.settle_in(self.folder)
        kernel.take(steps.with_folder if own_folder.State.is_there else steps.without)

    def steps(self, order: Order) -> Steps:
        """What each child has to do for that; made ready before it is forked.

        Args:
            order: Its limits.
        """
        made_for = (order, self.uid, self.mapped_bytes)
        if self.made is None or self.made[0] != made_for:
            user = (os.getuid(), os.getgid()) if self.uid is None else (self.uid, OVERFLOW_ID)
            folder = own_folder.steps(*user) if self.has_folders else ()
            with_folder, without = (
                tuple(self._last_steps(order, has_folder)) for has_folder in (True, False)
            )
            self.made = made_for, Steps(folder, with_folder, without)
        return self.made[1]

    def _last_steps(self, order: Order, has_folder: bool) -> Iterator[kernel.Step]:
        """The order matters: each step still needs what the next takes away."""
        if "rlimits" in self.layers:
            has_own_count = self.uid is not None or "user-namespace" in self.layers
            yield from limit_steps(order, self.mapped_bytes, has_own_count, has_folder)
        if self.uid is not None:
            yield functools.partial(os.setgroups, [])
            yield functools.partial(os.setresgid, OVERFLOW_ID, OVERFLOW_ID, OVERFLOW_ID)
            yield functools.partial(os.setresuid, self.uid, self.uid, self.uid)
        if sys.platform == "linux":
            # Only now, as who becomes another user loses it: no child outlives what forked it.
            yield kernel.prctl_step(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if self.drops_capabilities:
            yield kernel.capabilities_step()
        if self.rules is not None:
            yield landlock.restrict_step(self.rules)
            yield functools.partial(os.close, self.rules)
        program = self.folder_filter if has_folder else self.filter
        if program is not None:
            yield seccomp.install_step(program)


def prepare(options: Options) -> Jail:
    """Build the best jail this system allows up to the level asked for."""
    jail = Jail(layers=["own-process", "plain-values"])
    if "rlimits" not in options.off:
        jail.layers.append("rlimits")
    if sys.platform != "linux":
        jail.problems.append(
            f"{os.uname().sysname} has no isolation that works here; run in a Linux container or WSL2"
        )
        return jail
    if options.level == "full":
        add_namespaces(jail, options)
    if jail.statm is None:
        jail.statm = open_statm()
    add_process_layers(jail, options)
    return jail


def add_namespaces(jail: Jail, options: Options) -> None:
    """Enter the namespaces; on refusal go on without."""
    wanted = [name for name in (*namespaces.LAYERS, "mount-namespace") if name not in options.off]
    try:
        if os.geteuid() != 0:
            namespaces.enter_user_namespace()
            jail.proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
            jail.layers.append("user-namespace")
        jail.statm = namespaces.enter(wanted, options.readable, options.hidden)
    except OSError as error:
        jail.problems.append(f"no namespaces: {error.strerror or error}")
    else:
        jail.layers += wanted


def add_process_layers(jail: Jail, options: Options) -> None:
    """Prepare the layers that each child puts on by itself."""
    if options.level in ("kernel", "full") and "landlock" not in options.off:
        add_landlock(jail, options)
    if options.level != "limits" and "seccomp" not in options.off:
        add_seccomp(jail)
    if os.geteuid() == 0 and "other-user" not in options.off:
        add_other_user(jail, options)
    jail.layers += [name for name in ("no-capabilities", "no-new-privileges") if name not in options.off]
    keeps_them = jail.uid is None if os.geteuid() == 0 else jail.has_folders
    jail.drops_capabilities = "no-capabilities" in jail.layers and keeps_them


def add_seccomp(jail: Jail) -> None:
    """Make the filter: where no other layer covers files it lets none be opened."""
    if not seccomp.is_available():
        jail.problems.append("no seccomp: the kernel or the processor is not supported")
        return
    jail.is_sealed = jail.rules is None and "mount-namespace" not in jail.layers
    jail.filter = seccomp.program(kernel.MACHINE, jail.is_sealed)
    # Two layers must keep the rest of the files from being written: only then may those of the folder be.
    is_covered_twice = jail.rules is not None and "mount-namespace" in jail.layers
    jail.has_folders = is_covered_twice and os.path.isdir(own_folder.FOLDER)
    if jail.has_folders:
        jail.folder_filter = seccomp.program(kernel.MACHINE, sealed=False, has_folder=True)
    jail.layers.append("seccomp")


def add_other_user(jail: Jail, options: Options) -> None:
    """Choose a user for the children, if that user can read the libraries or need not."""
    if "mount-namespace" in jail.layers or jail.is_sealed or all(map(open_to_all, options.readable)):
        jail.uid = uid_of(options.slot)
        jail.layers.append("other-user")
    else:
        jail.problems.append("no other user: the libraries are in a folder that only root may enter")


def uid_of(slot: int) -> int:
    """The user of a zygote's or lane's children."""
    return FIRST_UID + slot % UIDS


def add_landlock(jail: Jail, options: Options) -> None:
    """Make Landlock's rules."""
    version = landlock.abi()
    if not version:
        jail.problems.append("no Landlock: Linux 5.13 or newer is needed, with lsm=landlock")
        return
    roots = map(os.path.realpath, options.readable)
    has_tree = "mount-namespace" in jail.layers
    # In a tree of its own something else stands in the place of what is hidden, and Landlock lets nobody take
    # that away: no call of mount(2). Rules for its neighbours would be a thousand, copied for each child.
    hidden = [] if has_tree else options.hidden
    readable = [path for root in dict.fromkeys(roots) for path in landlock.without(root, hidden)]
    own = [own_folder.PARENT] if has_tree else []
    jail.rules = landlock.ruleset(readable, [*own, os.devnull])
    jail.layers.append(f"landlock-{version}")


def open_to_all(path: str) -> bool:
    """Whether every user may enter all folders on the way, or there is nothing to enter."""
    path = os.path.realpath(path)
    while path != "/":
        if os.path.exists(path) and not os.stat(path).st_mode & 0o005:
            return False
        path = os.path.dirname(path)
    return True
