"""A worker ends when its parent does, whatever it is doing then."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading


def end_with_parent(channel: socket.socket) -> None:
    """Have this process killed at once when the process at the other end is gone.

    Args:
        channel: To the parent; its loss tells where the kernel does not.
    """
    if sys.platform == "linux":
        from grader.sandbox.inside import kernel

        # The kernel's word comes also while a long computation lets no other thread run. It is for the thread
        # that started this process, which lives as long as its worker.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    elif hasattr(select, "poll"):
        threading.Thread(target=_wait_for_loss, args=(channel.fileno(),), daemon=True).start()


def _wait_for_loss(channel: int) -> None:
    poll = select.poll()
    poll.register(channel, 0)
    # Without any event asked for, only the loss of the other end is told.
    poll.poll()
    os._exit(1)
