"""Changes who gets the processor."""
import os

def attack(machine):
    os.setpriority(os.PRIO_PROCESS, 0, 10)
    return "GOT another priority"
