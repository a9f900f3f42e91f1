# title: Sequence by sequence in columns and float32, the cost first
# verdict: correct
# fraction: 1

import numpy as np

class q2_bptt:
    def bptt(x, y, U, W, V, b, c):
        # columns: one sequence after the other, in float32; the gradients come as columns too
        x, y, U, W, V, b, c = (np.float32(a) for a in (x, y, U, W, V, b, c))
        n, T, _ = x.shape
        dU, dW, dV, db, dc = (np.zeros_like(a.T) for a in (U, W, V, b, c))
        loss = 0.0
        for s in range(n):
            h = [np.zeros(len(b), np.float32)]
            for t in range(T):
                h.append(np.tanh(U.T @ x[s, t] + W.T @ h[-1] + b))
            dh = 0
            for t in range(T, 0, -1):
                e = V.T @ h[t] + c - y[s, t - 1]
                loss += float(e @ e) / (n * T)
                e = 2 * e / (n * T)
                dz = (1 - h[t] * h[t]) * (V @ e + dh)
                dU += np.outer(dz, x[s, t - 1])
                dW += np.outer(dz, h[t - 1])
                dV += np.outer(e, h[t])
                db += dz
                dc += e
                dh = W @ dz
        return loss, {"dU": dU, "dW": dW, "dV": dV, "db": db, "dc": dc}
