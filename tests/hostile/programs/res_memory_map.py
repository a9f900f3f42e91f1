"""Maps memory."""
import mmap

def attack(machine):
    kept = [mmap.mmap(-1, 1 << 28) for _ in range(4)]
    for area in kept:
        area[:: 1 << 20] = b"x" * 256
    return "GOT a gigabyte"
