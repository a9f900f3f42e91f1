"""Makes the file that catches the output large."""
import os

def attack(machine):
    os.ftruncate(1, 1 << 30)
    return "GOT a large file"
