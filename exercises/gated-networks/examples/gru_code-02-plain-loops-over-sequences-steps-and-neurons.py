# title: Plain loops over sequences, steps and neurons; lists come back
# verdict: correct
# fraction: 1

from math import exp, tanh

def affine(x, W, h, U, b):
    return [b[j] + sum(x[i] * W[i][j] for i in range(len(x))) + sum(h[k] * U[k][j] for k in range(len(h)))
            for j in range(len(b))]

def gru(x, h0, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    out = []
    for sequence, h in zip(x.tolist(), h0.tolist()):
        states = []
        for x_t in sequence:
            z = [1 / (1 + exp(-u)) for u in affine(x_t, Wz, h, Uz, bz)]
            r = [1 / (1 + exp(-u)) for u in affine(x_t, Wr, h, Ur, br)]
            n = [tanh(u) for u in affine(x_t, Wn, [a * b for a, b in zip(r, h)], Un, bn)]
            h = [a * b + (1 - a) * c for a, b, c in zip(z, h, n)]
            states.append(h)
        out.append(states)
    return out
