# title: By name, in 32 bits, in columns
# verdict: correct
# fraction: 1

import numpy as np

def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (np.asarray(one, dtype=np.float32) for one in (x, prev_h, prev_c, Wx, Wh, b))
    a = (Wx.T @ x.T + Wh.T @ h.T + b[:, None]).reshape(4, h.shape[1], len(x))
    i, f, o = 1 / (1 + np.exp(-a[:3]))
    new = f * c.T + i * np.tanh(a[3])
    return {"c": new.T, "h": (o * np.tanh(new)).T}
