"""Becomes another program."""
import os

def attack(machine):
    os.execv("/bin/echo", ["echo", "GOT"])
