# title: Input above state: the columns of both matrices in the other order
# verdict: partial
# fraction: 11/32
# codes: possible-right, counterexample

c_ii = {
    "possible": True,
    "s0": [0, 0],
    "Wssx": [[1, 1, 1, 1, 0], [0, 0, 0, 0, 0]],
    "Wox": [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]],
}
