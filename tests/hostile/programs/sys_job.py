"""Reads its job again, for more than its own files and inputs."""
import os

def attack(machine):
    os.lseek(0, 0, os.SEEK_SET)
    text = os.read(0, 1 << 20).decode()
    words = [word for word in ("expected", "reference", "points", "verdict", "student") if f'"{word}"' in text]
    return f"GOT {words}" if words else "blocked"
