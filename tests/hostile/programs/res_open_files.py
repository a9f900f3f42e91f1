"""Opens a file again and again."""
import os

def attack(machine):
    fds = [os.dup(0) for _ in range(2000)]
    return "GOT 2000 descriptors"
