"""Starts a program by posix_spawn."""
import os

def attack(machine):
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    return "GOT a program"
