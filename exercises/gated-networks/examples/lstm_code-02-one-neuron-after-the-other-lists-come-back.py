# title: One neuron after the other, lists come back
# verdict: correct
# fraction: 1

from math import exp, tanh

def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    H = len(b) // 4
    def gate(n, k):
        return float(b[k]) + sum(x[n][i] * Wx[i][k] for i in range(len(Wx))) + sum(prev_h[n][j] * Wh[j][k] for j in range(H))
    def sigmoid(u):
        return 1 / (1 + exp(-u))
    hs, cs = [], []
    for n in range(len(x)):
        c = [sigmoid(gate(n, H + k)) * prev_c[n][k] + sigmoid(gate(n, k)) * tanh(gate(n, 3 * H + k)) for k in range(H)]
        cs.append(c)
        hs.append([sigmoid(gate(n, 2 * H + k)) * tanh(c[k]) for k in range(H)])
    return [hs, cs]
