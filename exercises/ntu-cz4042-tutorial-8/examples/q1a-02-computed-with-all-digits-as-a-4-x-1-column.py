# title: Computed, with all digits, as a 4 x 1 column, the hidden values beside it
# verdict: correct
# fraction: 1

import numpy as np
U = np.array([[-1, .5], [.5, .1], [.2, -2]]); W = np.array([[2, 1.3], [1.5, 0]])
V = np.array([[2], [-1.5]]); b = .2; c = .5
X = np.array([[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]])
H = np.zeros((5, 2))
for t in range(4):
    H[t + 1] = np.tanh(X[t] @ U + H[t] @ W + b)

class q1a:
    h = H[1:]
    y = 1 / (1 + np.exp(-(H[1:] @ V + c)))
