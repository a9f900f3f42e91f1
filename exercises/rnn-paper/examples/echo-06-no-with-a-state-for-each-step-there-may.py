# title: No, with a state for each step there may be
# verdict: partial
# fraction: 1/4

echo = dict(possible=False, state_size=5)
