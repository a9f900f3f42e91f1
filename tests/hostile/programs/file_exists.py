"""Learns whether a file exists."""
# promised by: full
import os

def attack(machine):
    return "GOT " + str(os.stat(machine["secret"]).st_size)
