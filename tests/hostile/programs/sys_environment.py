"""Reads the environment, its own and as it was at the start."""
import ctypes, os

def attack(machine):
    names = [name for name in os.environ if "SECRET" in name or name in ("PATH", "USER")]
    names += [name for name in ("HOME", "TMPDIR") if not os.environ.get(name, "/answer").startswith("/answer")]
    return f"GOT {names}" if names else "blocked"
