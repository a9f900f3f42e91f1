# title: A prime for the derivative
# verdict: invalid
# codes: derivative-sign

bptt = dict(dL_dw="(h2 - y)*tanh'(w*h1 + u*x2)*h1")
