# title: Central differences, a tuple
# verdict: correct
# fraction: 1

import numpy as np

def cost(x, d, U, W, b, V, c):
    h, total = np.zeros((len(x), len(b))), 0
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U + h @ W + b)
        s = h @ V + c
        total -= np.sum(d[:, t] * (s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))))
    return total / (x.shape[0] * x.shape[1])

def tagger_bptt(x, d, U, W, b, V, c):
    # central differences, entry by entry
    params = [np.array(a, dtype=float) for a in (U, W, b, V, c,)]
    gradients = []
    for array in params:
        gradient = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + 1e-5
            above = cost(x, d, *params)
            array[index] = kept - 1e-5
            below = cost(x, d, *params)
            array[index] = kept
            gradient[index] = (above - below) / 2e-5
        gradients.append(gradient)
    return tuple(gradients)
