"""Starts as many threads as it can."""
import threading, time

def attack(machine):
    threads = [threading.Thread(target=time.sleep, args=(2,), daemon=True) for _ in range(500)]
    for thread in threads:
        thread.start()
    return "GOT 500 threads"
