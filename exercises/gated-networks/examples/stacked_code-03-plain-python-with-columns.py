# title: Plain Python with columns
# verdict: correct
# fraction: 1

from math import exp, tanh

def times(M, v):
    return [sum(float(m) * a for m, a in zip(row, v)) for row in M]

def stacked(x, U1, W1, b1, U2, W2, b2, V, c):
    h1, h2, ys = [0.0] * len(b1), [0.0] * len(b2), []
    for x_t in x:
        h1 = [tanh(a + b + d) for a, b, d in zip(times(U1, x_t), times(W1, h1), b1)]
        h2 = [tanh(a + b + d) for a, b, d in zip(times(U2, h1), times(W2, h2), b2)]
        e = [exp(a + d) for a, d in zip(times(V, h2), c)]
        ys.append(tuple(one / sum(e) for one in e))
    return tuple(ys)
