"""Makes another process."""
import os

def attack(machine):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "GOT a process"
