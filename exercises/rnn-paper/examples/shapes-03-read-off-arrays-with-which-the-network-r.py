# title: Read off arrays with which the network runs
# verdict: correct
# fraction: 1

import numpy as np
n_in, n_h, n_out = 3, 7, 4
U, W, b = np.zeros((n_h, n_in)), np.zeros((n_h, n_h)), np.zeros(n_h)
V, c = np.zeros((n_out, n_h)), np.zeros(n_out)
V @ np.tanh(U @ np.ones(n_in) + W @ np.zeros(n_h) + b) + c
shapes = {name: array.shape for name, array in dict(U=U, W=W, b=b, V=V, c=c).items()}
