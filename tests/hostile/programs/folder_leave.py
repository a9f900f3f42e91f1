"""Looks for what another left in the folder, and leaves something itself."""
import os

found = os.listdir(".") + [name for name in os.listdir("/answer") if name != "home"]
with open("left", "w") as file:
    file.write("for the next one")

def attack(machine):
    return f"GOT {found}" if found else "blocked"
