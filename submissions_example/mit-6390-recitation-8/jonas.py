import sys

EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": "2x2", "Wsx": "2x3", "Wo": "4x2", "z1": "2x1", "z2": "4x1"}
a_ii = {"g1": ["6", "6", "6", "6"]}

if len(sys.argv) < 2:
    print("usage: jonas.py b|c")
    sys.exit(2)

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
