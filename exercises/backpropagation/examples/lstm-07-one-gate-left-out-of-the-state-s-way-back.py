# title: One gate left out of the state's way back
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient
# diagnoses: back_h-without-ugt-dz_g-t

import numpy as np

def sigmoid(u):
    return 1 / (1 + np.exp(-u))

def lstm_bptt(x, y, h0, c0, Wi, Ui, bi, Wf, Uf, bf, Wo, Uo, bo, Wg, Ug, bg):
    h, c, gates = [h0], [c0], []
    for t in range(len(x)):
        i, f, o = (sigmoid(W @ x[t] + U @ h[t] + b) for W, U, b in ((Wi, Ui, bi), (Wf, Uf, bf), (Wo, Uo, bo)))
        g = np.tanh(Wg @ x[t] + Ug @ h[t] + bg)
        gates.append((i, f, o, g))
        c.append(f * c[t] + i * g)
        h.append(o * np.tanh(c[t + 1]))
    grads = {k: np.zeros_like(a) for k, a in dict(Wi=Wi, Ui=Ui, bi=bi, Wf=Wf, Uf=Uf, bf=bf, Wo=Wo, Uo=Uo, bo=bo, Wg=Wg, Ug=Ug, bg=bg).items()}
    dh, dc = h[-1] - y, np.zeros_like(c0)
    for t in reversed(range(len(x))):
        i, f, o, g = gates[t]
        squashed = np.tanh(c[t + 1])
        dc = dc + dh * o * (1 - squashed**2)
        dz = {
            "i": dc * g * i * (1 - i),
            "f": dc * c[t] * f * (1 - f),
            "o": dh * squashed * o * (1 - o),
            "g": dc * i * (1 - g**2),
        }
        for k, one in dz.items():
            grads["W" + k] += np.outer(one, x[t])
            grads["U" + k] += np.outer(one, h[t])
            grads["b" + k] += one
        dh = Ui.T @ dz["i"] + Uf.T @ dz["f"] + Uo.T @ dz["o"]
        dc = dc * f
    return {**grads, "h0": dh, "c0": dc}
