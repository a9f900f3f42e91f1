# title: Only through the last step
# verdict: incorrect
# diagnoses: direct-path-only

slope = {"dg3_dw": "v*(w^2*s0 + w*u*x1 + u*x2)"}
