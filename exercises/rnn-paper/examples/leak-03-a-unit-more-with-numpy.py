# title: A unit more, with numpy
# verdict: correct
# fraction: 1

import numpy as np
W = np.zeros((4, 4))
W[0, 0], W[2, 1], W[3, 2] = {rate}, 1, 1
leak = dict(W=W, U=np.array([[1], [1], [0], [0]]), V=np.array([[1, 0, 0, 0], [0, 0, 1, 0]]))
