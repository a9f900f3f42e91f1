# title: Three gates
# verdict: incorrect
# diagnoses: gate-missing

packed = dict(W=1248, b=48, parameters=1296)
