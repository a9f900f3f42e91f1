# title: The derivative of the sigmoid
# verdict: incorrect
# diagnoses: sigmoid-derivative

bptt = dict(
    dL_dw="(h2 - y)*h2*(1 - h2)*(h1 + w*h1*(1 - h1)*h0)",
    dL_du="(h2 - y)*h2*(1 - h2)*(x2 + w*h1*(1 - h1)*x1)",
)
