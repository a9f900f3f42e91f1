# title: No, with a least state that is too small
# verdict: partial
# fraction: 1/4
# codes: possible-right, state-size-wrong

echo = dict(possible=False, state_size={lag})
