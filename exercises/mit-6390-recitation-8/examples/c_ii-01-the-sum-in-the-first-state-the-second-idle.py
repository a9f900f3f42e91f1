# title: The sum in the first state, the second idle
# verdict: correct
# fraction: 1
# codes: possible-right

c_ii = {
    "possible": True,
    "s0": [0, 0],
    "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
}
