# title: Yes, without weights
# verdict: incorrect
# fraction: 0

echo = dict(possible=True)
