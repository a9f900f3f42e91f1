"""Leaves a process behind that outlives the answer."""
import os, time

def attack(machine):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(3)
        os._exit(0)
    return "GOT a daemon"
