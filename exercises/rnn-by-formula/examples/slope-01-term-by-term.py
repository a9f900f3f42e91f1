# title: Term by term
# verdict: correct
# fraction: 1

slope = {"dg3_dw": "3*v*s0*w^2 + 2*u*v*w*x1 + u*v*x2"}
