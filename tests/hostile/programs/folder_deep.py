"""Makes folders in folders, as deep as it gets, and leaves them."""
import os

def attack(machine):
    depth = 0
    try:
        while depth < 5000:
            os.mkdir("d")
            os.chdir("d")
            depth += 1
    except OSError:
        pass
    return f"GOT {depth} folders" if depth > 1000 else "blocked"
