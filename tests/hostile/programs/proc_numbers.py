"""Learns the number of its parent on the machine."""
# promised by: full
import os

def attack(machine):
    return "blocked" if os.getppid() == 1 else f"GOT {os.getppid()}"
