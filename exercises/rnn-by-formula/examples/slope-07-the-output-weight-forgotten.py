# title: The output weight forgotten
# verdict: incorrect
# diagnoses: state-for-output

slope = {"dg3_dw": "3*w^2*s0 + u*(2*w*x1 + x2)"}
