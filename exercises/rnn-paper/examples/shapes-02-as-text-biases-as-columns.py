# title: As text, biases as columns
# verdict: correct
# fraction: 1

shapes = {"U": "7x3", "W": "7 by 7", "b": "7 x 1", "V": "4 × 7", "c": "4 x 1"}
