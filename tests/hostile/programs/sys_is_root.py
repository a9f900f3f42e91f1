"""Is root from the start."""
# promised by: full
import os

def attack(machine):
    return "GOT root" if os.getuid() == 0 else "blocked"
