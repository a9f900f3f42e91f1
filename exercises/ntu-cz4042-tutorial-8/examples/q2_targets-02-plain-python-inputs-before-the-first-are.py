# title: Plain Python, inputs before the first are zero
# verdict: correct
# fraction: 1

def make_targets(x):
    y = []
    for sequence in x.tolist():
        steps = []
        for t, (x1, x2, x3) in enumerate(sequence):
            before = sequence[t - 1] if t >= 1 else [0, 0, 0]
            third = sequence[t - 3] if t >= 3 else [0, 0, 0]
            steps.append([5 * x1 - 0.2 * before[2], 25 * before[1] * third[2]])
        y.append(steps)
    return y
