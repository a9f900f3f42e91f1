# title: Only the errors of their own step
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient
# diagnoses: truncated-1

import numpy as np

def sigmoid(u):
    return 1 / (1 + np.exp(-u))

def gru_bptt(x, y, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    T, N, _ = x.shape
    h = [np.zeros((N, len(bz)))]
    kept = []
    for t in range(T):
        z = sigmoid(x[t] @ Wz.T + h[t] @ Uz.T + bz)
        r = sigmoid(x[t] @ Wr.T + h[t] @ Ur.T + br)
        n = np.tanh(x[t] @ Wn.T + (r * h[t]) @ Un.T + bn)
        kept.append((z, r, n))
        h.append((1 - z) * n + z * h[t])
    dWz, dUz, dbz, dWr, dUr, dbr, dWn, dUn, dbn = (np.zeros_like(a) for a in (Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn))
    later = np.zeros_like(h[0])
    for t in reversed(range(T)):
        z, r, n = kept[t]
        dh = 2 * (h[t + 1] - y[t]) / y.size
        an = dh * (1 - z) * (1 - n**2)
        drh = an @ Un
        az = dh * (h[t] - n) * z * (1 - z)
        ar = drh * h[t] * r * (1 - r)
        dWz += az.T @ x[t]
        dUz += az.T @ h[t]
        dbz += az.sum(axis=0)
        dWr += ar.T @ x[t]
        dUr += ar.T @ h[t]
        dbr += ar.sum(axis=0)
        dWn += an.T @ x[t]
        dUn += an.T @ (r * h[t])
        dbn += an.sum(axis=0)
        later = dh * z + drh * r + az @ Uz + ar @ Ur
    return dict(dWz=dWz, dUz=dUz, dbz=dbz, dWr=dWr, dUr=dUr, dbr=dbr, dWn=dWn, dUn=dUn, dbn=dbn)
