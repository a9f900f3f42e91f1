"""Locks a file that all can see: a word to the neighbour."""
import fcntl, os

def attack(machine):
    fd = os.open(os.__file__, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return "GOT a lock"
