# title: Four units: the output puts the conditions together
# verdict: correct
# fraction: 1

detector = {
    "U": [[1], [0], [0], [0]],
    "W": [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]],
    "b": [-1, -1, -1, 0],
    "V": [[1, -1, 1, 1]],
    "c": [-3],
}
