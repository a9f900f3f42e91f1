# title: Agrees for three steps, departs at the fourth
# verdict: partial
# fraction: 139/160
# codes: counterexample

c_ii = {
    "possible": True,
    "s0": [0, 0],
    "Wssx": [[0, 1, 2, 2, 2], [1, -1, 1, 1, 1]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, -1, -1, -1]],
}
