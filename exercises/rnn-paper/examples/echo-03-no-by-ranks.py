# title: No, by ranks
# verdict: correct
# fraction: 1

echo = dict(possible=False, required_rank=3, max_rank=2)
