# title: The outer tanh is not differentiated in one of the two
# verdict: partial
# fraction: 1/2
# diagnoses: last-tanh-missing

bptt = dict(
    dL_dw="(h2 - y)*(h1 + w*(1 - h1^2)*h0)",
    dL_du="(h2 - y)*(1 - h2^2)*(x2 + w*(1 - h1^2)*x1)",
)
