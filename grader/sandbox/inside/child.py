"""One child's process, from fork to exit."""

import json
import os
import resource
import signal
import sys

from . import output
from .control import FAILED, Order
from .frames import Reply
from .jail import Jail
from .job import work
from .probes import run_probes
from .requests import Requests

REPLY_FD, REQUEST_FD = 3, 4


def run_child(order: Order, fds: list[int], jail: Jail) -> None:
    """Become the process of one submission; never returns.

    Args:
        order: Its limits.
        fds: Where requests are read, replies are written and printed text goes.
        jail: Put on before the first byte of a request is read.
    """
    try:
        settle(order, fds, jail)
        output.capture(order.output_bytes)
        sys.argv = ["answer"]
        work(Requests(REQUEST_FD), Reply(REPLY_FD))
        os._exit(0)
    finally:
        # Whatever happens: never back into the zygote's loop.
        os._exit(FAILED)


def run_probe_child(order: Order, fds: list[int], jail: Jail, copies: list[str]) -> None:
    """Become a process that tries its jail and writes what it could do; never returns.

    Args:
        order: Its limits.
        fds: As for `run_child`.
        jail: As for `run_child`.
        copies: Where the grader's own packages lie.
    """
    try:
        settle(order, fds, jail)
        os.write(REPLY_FD, json.dumps(run_probes(copies)).encode())
        os._exit(0)
    finally:
        os._exit(FAILED)


def settle(order: Order, fds: list[int], jail: Jail) -> None:
    """Keep only what a submission may have, and put the jail on."""
    os.setsid()
    arrange_descriptors(fds, jail.rules)
    signal.set_wakeup_fd(-1)
    jail.put_on(order)


def arrange_descriptors(fds: list[int], keep: int | None) -> None:
    """Nothing on 0, printed text on 1 and 2, replies on 3, requests on 4; else only what the jail needs.

    An answer that asks for input finds none: a request on 0 would be taken for it.
    """
    requests, reply, printed = fds
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.dup2(reply, REPLY_FD)
    os.dup2(requests, REQUEST_FD)
    end = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if keep is not None:
        os.closerange(REQUEST_FD + 1, keep)
    os.closerange(REQUEST_FD + 1 if keep is None else keep + 1, end)
