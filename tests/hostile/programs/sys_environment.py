"""Reads the environment, its own and as it was at the start."""
import ctypes, os

def attack(machine):
    names = [name for name in os.environ if "SECRET" in name or name in ("HOME", "PATH", "USER")]
    return f"GOT {names}" if names else "blocked"
