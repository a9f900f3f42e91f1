# title: Two loops that fill one array, the last states as torch has them
# verdict: correct
# fraction: 1

import numpy as np

def bidirectional(x, U_f, W_f, b_f, U_b, W_b, b_b):
    T, N, n = len(x), x.shape[1], len(b_f)
    h = np.zeros((T + 2, N, 2 * n))
    for t in range(1, T + 1):
        h[t, :, :n] = np.tanh(x[t - 1] @ U_f.T + h[t - 1, :, :n] @ W_f.T + b_f)
    for t in range(T, 0, -1):
        h[t, :, n:] = np.tanh(x[t - 1] @ U_b.T + h[t + 1, :, n:] @ W_b.T + b_b)
    return h[1:-1], (h[T, :, :n], h[1, :, n:])
