"""Answers each call twice."""
import json, os, struct

def f(x):
    for value in (0.0, 1.0):
        body = json.dumps({"k": "result", "call": 0, "value": {"t": "number", "text": str(value), "kind": "float"}}).encode()
        os.write(3, struct.pack("<I", len(body)) + body)
    return x * 0
