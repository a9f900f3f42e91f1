"""Takes hold of the grader's process by a descriptor."""
import os

def attack(machine):
    for pid in (os.getppid(), machine["pid"]):
        try:
            os.pidfd_open(pid)
            return f"GOT a handle on {pid}"
        except OSError:
            pass
    raise PermissionError
