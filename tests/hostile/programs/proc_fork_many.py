"""Makes 40 processes that live for two seconds."""
import os, time

def attack(machine):
    for _ in range(40):
        if os.fork() == 0:
            time.sleep(2)
            os._exit(0)
    return "GOT 40 processes"
