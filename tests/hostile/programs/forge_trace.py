"""Traces every function, to see the comparison."""
import sys
seen = []
sys.settrace(lambda frame, event, arg: seen.append(frame.f_code.co_name))
sys.setprofile(lambda frame, event, arg: seen.append(arg))

def f(x):
    return x * 0

def attack(machine):
    words = [str(word) for word in seen]
    return "GOT the comparison" if any("judge" in word or "compare" in word for word in words) else "blocked"
