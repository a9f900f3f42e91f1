"""Writes, moves and removes around its own folder."""
import os

def attack(machine):
    open("own", "w").close()
    library = os.path.join(machine["library"], "numpy", "__init__.py")
    for step in (
        lambda: open("../" + machine["mark"], "w"),
        lambda: os.rename("own", "../" + machine["mark"]),
        lambda: os.rename("/answer/home", "/answer/other"),
        lambda: os.rename(library, "taken"),
        lambda: os.mkdir("/answer/" + machine["mark"]),
        lambda: os.rmdir("/answer/home"),
        lambda: os.unlink(library),
        lambda: open(library, "r+"),
        lambda: os.open(library, os.O_RDONLY | os.O_TRUNC),
        lambda: os.open("/answer", os.O_TMPFILE | os.O_RDWR),
        lambda: os.truncate(library, 0),
        lambda: open(machine["victim"], "w"),
        lambda: open("/proc/self/mem", "r+b"),
        lambda: open("/dev/urandom", "wb", buffering=0).write(b"x") and os.rename("/dev/urandom", "d"),
    ):
        try:
            step()
            return "GOT out"
        except OSError:
            pass
    raise PermissionError
