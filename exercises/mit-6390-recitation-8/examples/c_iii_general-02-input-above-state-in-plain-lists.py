# title: Input above state, in plain lists
# verdict: correct
# fraction: 1

def to_rnn_a(s0, Wssx, Wox):
    n, m = len(s0), len(Wssx[0]) - len(s0)
    Wss = [[0.0] * (m + n) for _ in range(m)] + [[0.0] * m + [float(a) for a in row[:n]] for row in Wssx]
    Wsx = [[float(i == j) for j in range(m)] for i in range(m)] + [[float(b) for b in row[n:]] for row in Wssx]
    Wo = [[float(d) for d in row[n:]] + [float(c) for c in row[:n]] for row in Wox]
    return [123.0] * m + [float(s) for s in s0], Wss, Wsx, Wo      # the 123s are overwritten at once
