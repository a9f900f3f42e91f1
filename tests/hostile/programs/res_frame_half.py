"""Announces 4 GB and sends nothing."""
# wall: 1
import os, time
os.write(3, b"\xff\xff\xff\xff")
time.sleep(10**6)
