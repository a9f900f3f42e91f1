# title: No, by the number of units
# verdict: correct
# fraction: 1

echo = dict(possible=False, state_size=3, reason="3 inputs can still be heard, each differently")
