# title: One state is enough, but the question fixes two
# verdict: partial
# fraction: 5/8
# codes: state-size

c_ii = {
    "possible": True,
    "s0": [0],
    "Wssx": [[1, 1, 1, 1]],
    "Wox": [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]],
}
