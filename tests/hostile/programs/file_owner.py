"""Changes a file's owner."""
import os

def attack(machine):
    os.chown(machine["victim"], os.getuid(), os.getgid())
    return "GOT a file"
