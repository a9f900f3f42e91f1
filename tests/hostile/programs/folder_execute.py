"""Writes a program and starts it, as a process or as code of its own."""
import ctypes, mmap, os, sys

def attack(machine):
    with open("program", "wb") as file:
        file.write(b"#!/bin/sh\necho GOT\n" + bytes(8192))
    with open("program", "rb") as file:
        for start in (
            lambda: os.chmod("program", 0o755),
            lambda: os.fchmod(file.fileno(), 0o4755),
            lambda: os.execv("program", ["program"]),
            lambda: os.posix_spawn("program", ["program"], {}),
            lambda: mmap.mmap(file.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC),
            lambda: os.setxattr("program", "user.x", b"1"),
        ):
            try:
                start()
                return "GOT a program"
            except OSError:
                pass
    raise PermissionError
