"""Starts a program."""
import subprocess

def attack(machine):
    return "GOT " + subprocess.run(["/bin/echo", "hello"], capture_output=True, text=True).stdout
