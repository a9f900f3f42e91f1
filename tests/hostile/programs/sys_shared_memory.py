"""Finds shared memory that somebody left."""
import ctypes

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.shmget(machine["shared_key"], 0, 0) < 0:
        raise PermissionError
    return "GOT shared memory"
