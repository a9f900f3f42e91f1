"""Takes four times the CPU time of a call, and sends its answer byte by byte meanwhile."""
import json, os, struct, sys, threading, time

calls = sys.modules["inside.calls"]
SIZE = 50_000

def make_call(call, function, answers, reply):
    os.write(3, struct.pack("<I", SIZE))
    sent, stop = [0], threading.Event()
    def drip():
        while not stop.wait(0.05):
            os.write(3, b" ")
            sent[0] += 1
    thread = threading.Thread(target=drip)
    thread.start()
    value = calls.called(function, call)
    stop.set()
    thread.join()
    body = json.dumps({"k": "result", "call": call["index"], "value": value}).encode()
    os.write(3, b" " * (SIZE - sent[0] - len(body)) + body)

def f(x):
    end = time.process_time() + 1.2
    while time.process_time() < end:
        pass
    return [float(sum(x[: n + 1])) for n in range(len(x))]

for name in ("inside.calls", "inside.child"):
    sys.modules[name].make_call = make_call
