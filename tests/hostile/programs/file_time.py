"""Changes a file's time."""
import os

def attack(machine):
    os.utime(machine["victim"], (1, 1))
    return "GOT another time"
