# title: Perhaps
# verdict: invalid

echo = dict(possible="perhaps")
