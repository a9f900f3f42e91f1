"""Announces a frame and sends it byte by byte."""
# wall: 1
import os, time
os.write(3, b"\xff\x00\x00\x00")
while True:
    os.write(3, b" ")
    time.sleep(0.05)
