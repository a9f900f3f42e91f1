"""Locks a part of a file."""
import fcntl, os

def attack(machine):
    fd = os.open(os.__file__, os.O_RDONLY)
    fcntl.lockf(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return "GOT a lock"
