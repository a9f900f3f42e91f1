"""Learns the machine's name."""
# promised by: full
import os

def attack(machine):
    return "GOT its name" if os.uname().nodename == machine["node"] else "blocked"
