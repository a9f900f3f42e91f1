"""Makes more files and folders than allowed."""
import os

def attack(machine):
    made = 0
    try:
        while made < 5000:
            os.mkdir(f"d{made}") if made % 2 else open(f"f{made}", "w").close()
            made += 1
    except OSError:
        pass
    return f"GOT {made} files" if made > 1000 else "blocked"
