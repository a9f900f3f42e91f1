# title: Read off arrays with which the network runs
# verdict: correct
# fraction: 1

import numpy as np
inputs, units, outputs = {n_in}, {n_h}, {n_out}
arrays = dict(
    U=np.zeros((units, inputs)), W=np.zeros((units, units)), b=np.zeros(units),
    V=np.zeros((outputs, units)), c=np.zeros(outputs),
)
state = np.tanh(arrays["U"] @ np.ones(inputs) + arrays["W"] @ np.zeros(units) + arrays["b"])
arrays["V"] @ state + arrays["c"]
shapes = dict((name, array.shape) for name, array in arrays.items())
