# title: The gradient stops after one step
# verdict: incorrect
# diagnoses: gradient-stopped

bptt = dict(dL_dw="(h2 - y)*(1 - h2^2)*h1", dL_du="(h2 - y)*(1 - h2^2)*x2")
