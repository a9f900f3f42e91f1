"""Removes a file."""
import os

def attack(machine):
    os.unlink(machine["victim"])
    return "GOT rid of it"
