# title: The sum starts from 1
# verdict: partial
# fraction: 71/80
# codes: starts-from-nonzero

c_ii = {
    "s0": [1, 0],
    "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
}
