# title: One gate
# verdict: incorrect
# diagnoses: one-gate-only

packed = dict(W=416, b=16, parameters=432)
