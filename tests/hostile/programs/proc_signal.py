"""Could send signals to the grader, its parent, or all: signal 0 only asks."""
import os

def attack(machine):
    for pid in (machine["pid"], os.getppid(), -1):
        try:
            os.kill(pid, 0)
            return f"GOT a way to signal {pid}"
        except OSError:
            pass
    raise PermissionError
