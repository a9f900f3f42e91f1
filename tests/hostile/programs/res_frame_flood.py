"""Sends answers without end."""
import os, struct
body = b'{"k": "loaded", "faults": [], "seen": []}'
while True:
    os.write(3, (struct.pack("<I", len(body)) + body) * 1000)
