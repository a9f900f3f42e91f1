# title: The direct path from the input is dropped
# verdict: partial
# fraction: 3/20
# codes: counterexample

def to_rnn_a(s0, Wssx, Wox):
    n = len(s0)
    return s0, Wssx[:, :n], Wssx[:, n:], Wox[:, :n]
