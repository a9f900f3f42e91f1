"""Reads the exercise files."""
import pathlib

def attack(machine):
    for path in pathlib.Path(machine["repository"]).rglob("*.toml"):
        return "GOT " + path.read_text()[:50]
    raise OSError
