"""Uses a right that only root has: changes the machine's name to what it is."""
import os, socket

def attack(machine):
    socket.sethostname(os.uname().nodename)
    return "GOT a right of root"
