"""Writes answers of its own on the reply pipe, and says that all is done."""
import json, os, struct

def frame(**content):
    body = json.dumps(content).encode()
    os.write(3, struct.pack("<I", len(body)) + body)

frame(k="loaded", faults=[], seen=[])
for call in range(20):
    frame(k="result", call=call, value={"t": "flag", "value": True})
frame(k="all-read", verdict="correct")
os._exit(0)
