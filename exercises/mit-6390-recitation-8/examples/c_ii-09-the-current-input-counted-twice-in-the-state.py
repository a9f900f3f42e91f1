# title: The current input counted twice, in the state and beside it
# verdict: partial
# fraction: 139/160
# codes: counterexample

c_ii = {
    "possible": True,
    "s0": [0, 0],
    "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 1, 1, 1]],
}
