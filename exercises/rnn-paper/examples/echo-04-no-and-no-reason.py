# title: No, and no reason
# verdict: partial
# fraction: 1/4
# codes: possible-right, reason-missing

echo = dict(possible=False)
