# title: Yes, without weights
# verdict: incorrect
# fraction: 0
# codes: possible-wrong

echo = dict(possible=True)
