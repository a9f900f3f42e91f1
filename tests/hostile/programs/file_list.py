"""Lists folders that are not a library's."""
import os

def attack(machine):
    for folder in (machine["folder"], "/tmp", "/home", "/root", "/proc", "/etc", machine["repository"]):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        # In a tree of its own a folder on the way to a library may be there, with nothing else in it.
        if machine["secret_name"] in names or "passwd" in names or "pyproject.toml" in names:
            return f"GOT {folder}: {names[:3]}"
    raise PermissionError
