"""Waits for ever, using nothing."""
# wall: 1
import time
time.sleep(10**6)
