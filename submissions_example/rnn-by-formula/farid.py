EXERCISE = "rnn-by-formula"

# 1: the oldest input last
unroll = {"g3": "v*(w^3*s0 + u*(x1 + w*x2 + w^2*x3))"}
# 2: w only where it stands last
slope = {"dg3_dw": "v*(w^2*s0 + u*(w*x1 + x2))"}
# 3: stopped after one step, in both
bptt = {"dL_dw": "(h2 - y)*(1 - h2^2)*h1", "dL_du": "(h2 - y)*(1 - h2^2)*x2"}
# 4: the edge belongs to it, I think
steady = {"rest": "x*b/(1 - a)", "stable": "-1 <= a <= 1"}
# 5: the diagonal of A is enough
markov = {"M0": 1, "M1": 1.5, "M2": 1, "Mk": "(1/2)^k"}
# 6: PyTorch says so
count = {"parameters": "n_h*(n_in + n_h + 2) + n_out*(n_h + 1)"}
