# title: No, with a least state that is too small
# verdict: partial
# fraction: 1/4

echo = dict(possible=False, state_size=2)
