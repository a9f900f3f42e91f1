"""Stops itself."""
# wall: 1
import os, signal, time

def attack(machine):
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(10**6)
