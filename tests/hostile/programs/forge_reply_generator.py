"""Hands back what may only be an argument, and a number that is a bomb."""
import json, os, struct

def f(x):
    for value in ({"t": "generator", "seed": 1}, {"t": "number", "text": "1e999999999", "kind": "float"}):
        body = json.dumps({"k": "result", "call": 0, "value": value}).encode()
        os.write(3, struct.pack("<I", len(body)) + body)
    return x * 0
