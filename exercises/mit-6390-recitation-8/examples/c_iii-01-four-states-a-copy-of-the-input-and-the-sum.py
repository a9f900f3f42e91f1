# title: Four states: a copy of the input, and the sum
# verdict: correct
# fraction: 1
# codes: possible-right

c_iii = {
    "possible": True,
    "state_size": 4,
    "s0": [0, 0, 0, 0],
    "Wss": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]],
    "Wsx": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
    "Wo": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
}
