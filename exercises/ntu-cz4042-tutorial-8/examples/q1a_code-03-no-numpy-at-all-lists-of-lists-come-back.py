# title: No numpy at all, lists of lists come back
# verdict: correct
# fraction: 1

from math import exp, tanh

def affine(signals, matrix, bias):
    return [float(bias[j]) + sum(s * row[j] for s, row in zip(signals, matrix)) for j in range(len(bias))]

class q1a_code:
    def elman(x, U, W, V, b, c):
        h, ys = [0.0] * len(b), []
        for x_t in x.tolist():
            h = [tanh(u) for u in affine(x_t + h, U.tolist() + W.tolist(), b)]
            ys.append([1 / (1 + exp(-u)) for u in affine(h, V.tolist(), c)])
        return ys
