"""Renames a file."""
import os

def attack(machine):
    os.rename(machine["victim"], machine["victim"] + machine["mark"])
    return "GOT another name"
