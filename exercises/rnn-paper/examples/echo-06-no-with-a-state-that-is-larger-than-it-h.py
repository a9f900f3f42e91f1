# title: No, with a state that is larger than it has to be
# verdict: partial
# fraction: 1/4
# codes: possible-right, state-size-wrong

echo = dict(possible=False, state_size={lag} + 3)
