"""Empties a file."""
import os

def attack(machine):
    os.truncate(machine["victim"], 0)
    return "GOT it empty"
