"""Fills the folder with files that have no name any more, and keeps them open."""
import os

kept = []

def attack(machine):
    size = 0
    try:
        for _ in range(60):
            kept.append(os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600))
            size += os.write(kept[-1], bytes(1 << 20))
    except OSError:
        pass
    return f"GOT {size} bytes" if size > 16 << 20 else "blocked"
