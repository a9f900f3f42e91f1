# title: s0 taken as zero
# verdict: incorrect
# codes: counterexample, terms-missing

unroll = {"g3": "v*u*(w^2*x1 + w*x2 + x3)"}
