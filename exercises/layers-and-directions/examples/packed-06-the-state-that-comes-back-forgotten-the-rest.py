# title: The state that comes back forgotten; the rest follows
# verdict: partial
# fraction: 2/3
# codes: follows-from-own
# diagnoses: recurrent-weights-missing

packed = dict(W=640, b=64, parameters=704)
