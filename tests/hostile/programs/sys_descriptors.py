"""Looks for descriptors that were left open."""
import os

def attack(machine):
    left = []
    for fd in range(6, 1024):
        try:
            os.fstat(fd)
            left.append(fd)
        except OSError:
            pass
    return f"GOT {left}" if left else "blocked"
