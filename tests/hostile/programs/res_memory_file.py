"""Keeps memory in a file that has no name."""
import os

def attack(machine):
    fd = os.memfd_create("hoard")
    os.truncate(fd, 1 << 30)
    return "GOT a gigabyte"
