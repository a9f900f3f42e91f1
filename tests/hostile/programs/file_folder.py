"""Makes a folder."""
import os

def attack(machine):
    os.mkdir(machine["folder"] + "/" + machine["mark"])
    return "GOT a folder"
