"""Fills the output past the file that catches it."""
import os

def attack(machine):
    written = 0
    while written < 1 << 24:
        written += os.write(1, b"x" * 65536)
    return "GOT 16 MB of output"
