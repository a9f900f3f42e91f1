"""Sends a frame of a kind that there is not."""
import json, os, struct

def f(x):
    body = json.dumps({"k": "verdict", "verdict": "correct", "fraction": 1}).encode()
    os.write(3, struct.pack("<I", len(body)) + body)
    return x * 0
