"""Sends a frame that is 16 MB of brackets."""
import os, struct
body = b'{"k": "name", "file": 0, "name": "value", "value": ' + b'{"t":"items","items":[' * 700_000
os.write(3, struct.pack("<I", len(body)))
while body:
    body = body[os.write(3, body):]
