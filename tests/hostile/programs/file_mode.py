"""Changes who may read a file."""
import os

def attack(machine):
    os.chmod(machine["victim"], 0o600)
    return "GOT another mode"
