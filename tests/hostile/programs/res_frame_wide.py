"""Sends the largest frames there may be, of the smallest values."""
import os, struct
os.write(3, b"\x2a\x00\x00\x00" + b'{"k": "loaded", "faults": [], "seen": []} ')
body = b'{"k": "name", "file": 0, "name": "value", "value": {"t":"items","items":[' + b",".join([b'{"t":"none"}'] * 1_200_000) + b"]}}"
body = struct.pack("<I", len(body)) + body
while body:
    body = body[os.write(3, body):]
