"""Makes a pipe with a name."""
import os

def attack(machine):
    os.mkfifo(machine["folder"] + "/" + machine["mark"])
    return "GOT a pipe"
