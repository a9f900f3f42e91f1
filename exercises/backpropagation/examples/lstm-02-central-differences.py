# title: Central differences
# verdict: correct
# fraction: 1

import numpy as np

def cost(x, y, h, c, Wi, Ui, bi, Wf, Uf, bf, Wo, Uo, bo, Wg, Ug, bg):
    for one in x:
        i = 1 / (1 + np.exp(-Wi @ one - Ui @ h - bi))
        f = 1 / (1 + np.exp(-Wf @ one - Uf @ h - bf))
        o = 1 / (1 + np.exp(-Wo @ one - Uo @ h - bo))
        c = f * c + i * np.tanh(Wg @ one + Ug @ h + bg)
        h = o * np.tanh(c)
    return np.sum((h - y) ** 2) / 2

def lstm_bptt(x, y, h0, c0, *weights):
    # central differences, entry by entry
    params = [np.array(a, dtype=float) for a in (h0, c0, *weights,)]
    gradients = []
    for array in params:
        gradient = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + 1e-5
            above = cost(x, y, *params)
            array[index] = kept - 1e-5
            below = cost(x, y, *params)
            array[index] = kept
            gradient[index] = (above - below) / 2e-5
        gradients.append(gradient)
    h0, c0, *others = gradients
    names = "Wi Ui bi Wf Uf bf Wo Uo bo Wg Ug bg".split()
    return dict(zip(names, others), h0=h0, c0=c0)
