"""Becomes root."""
import os

def attack(machine):
    for change in (os.setuid, os.seteuid, os.setgid, os.setegid):
        try:
            change(0)
            return "GOT root"
        except OSError:
            pass
    raise PermissionError
