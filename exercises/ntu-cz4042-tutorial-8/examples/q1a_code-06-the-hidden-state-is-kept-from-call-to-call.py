# title: The hidden state is kept from call to call
# verdict: incorrect
# fraction: 0

import numpy as np

def elman(x, U, W, V, b, c, state={}):
    h = state.get(len(b), np.zeros(len(b)))
    ys = []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    state[len(b)] = h
    return np.array(ys)
