# title: The sum is one step late
# verdict: partial
# fraction: 139/160
# codes: counterexample

c_iii = {
    "possible": True,
    "state_size": 4,
    "s0": [0, 0, 0, 0],
    "Wss": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]],
    "Wsx": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]],
    "Wo": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
}
