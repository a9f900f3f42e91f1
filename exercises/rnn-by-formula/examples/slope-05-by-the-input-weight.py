# title: By the input weight
# verdict: incorrect
# diagnoses: wrong-variable

slope = {"dg3_dw": "v*(w^2*x1 + w*x2 + x3)"}
