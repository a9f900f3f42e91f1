# title: No, by ranks
# verdict: correct
# fraction: 1

echo = dict(possible=False, required_rank={lag} + 1, max_rank={lag})
