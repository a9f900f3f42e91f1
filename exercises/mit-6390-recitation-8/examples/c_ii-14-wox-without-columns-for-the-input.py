# title: Wox without columns for the input
# verdict: invalid
# fraction: 0

c_ii = {
    "possible": True,
    "s0": [0, 0],
    "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    "Wox": [[0, 0], [0, 0], [0, 0], [1, 0]],
}
