"""Gives a file an attribute."""
import os

def attack(machine):
    os.setxattr(machine["victim"], "user.mark", b"was here")
    return "GOT an attribute"
