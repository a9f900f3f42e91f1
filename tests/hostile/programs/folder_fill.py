"""Fills its own folder past what is allowed, in many files."""
def attack(machine):
    written = 0
    try:
        for number in range(64):
            with open(f"file{number}", "wb", buffering=0) as file:
                written += file.write(bytes(1 << 20))
    except OSError:
        pass
    return f"GOT {written} bytes" if written > 16 << 20 else "blocked"
