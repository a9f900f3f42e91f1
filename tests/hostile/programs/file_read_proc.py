"""Reads what the kernel tells of processes."""
import os

def attack(machine):
    for pid in ("self", os.getppid(), machine["pid"]):
        for name in ("environ", "cmdline", "maps", "mem"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    return f"GOT {pid} {name} {file.read(20)!r}"
            except OSError:
                pass
    raise PermissionError
