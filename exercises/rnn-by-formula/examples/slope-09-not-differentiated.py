# title: Not differentiated
# verdict: incorrect
# diagnoses: not-differentiated

slope = {"dg3_dw": "v*(w^3*s0 + u*(w^2*x1 + w*x2 + x3))"}
