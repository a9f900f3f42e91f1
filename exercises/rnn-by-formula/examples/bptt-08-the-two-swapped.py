# title: The two swapped
# verdict: incorrect
# diagnoses: wrong-variable

bptt = dict(
    dL_du="(h2 - y)*(1 - h2^2)*(h1 + w*(1 - h1^2)*h0)",
    dL_dw="(h2 - y)*(1 - h2^2)*(x2 + w*(1 - h1^2)*x1)",
)
