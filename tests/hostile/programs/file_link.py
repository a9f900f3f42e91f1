"""Links to a file."""
import os

def attack(machine):
    for make in (os.link, os.symlink):
        try:
            make(machine["secret"], machine["folder"] + "/" + machine["mark"])
            return "GOT a link"
        except OSError:
            pass
    raise PermissionError
