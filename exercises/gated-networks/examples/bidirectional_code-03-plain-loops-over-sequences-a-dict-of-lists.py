# title: Plain loops over sequences, a dict of lists comes back
# verdict: correct
# fraction: 1

from math import tanh

def direction(x, U, W, b):
    h, out = [0.0] * len(b), []
    for x_t in x:
        h = [tanh(b[j] + sum(U[j][i] * a for i, a in enumerate(x_t)) + sum(W[j][k] * a for k, a in enumerate(h))) for j in range(len(b))]
        out.append(h)
    return out

def bidirectional(x, U_f, W_f, b_f, U_b, W_b, b_b):
    sequences = [[list(x_t[n]) for x_t in x] for n in range(x.shape[1])]
    fs = [direction(one, U_f, W_f, b_f) for one in sequences]
    bs = [direction(one[::-1], U_b, W_b, b_b)[::-1] for one in sequences]
    h = [[f[t] + b[t] for f, b in zip(fs, bs)] for t in range(len(x))]
    return {"h": h, "f": [f[-1] for f in fs], "b": [b[0] for b in bs]}
