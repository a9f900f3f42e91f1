# title: No, by the number of units
# verdict: correct
# fraction: 1

echo = dict(possible=False, state_size={lag} + 1, reason="{lag} inputs before this one can still be heard, each differently")
