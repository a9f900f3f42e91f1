"""Has text that is no Unicode."""
globals()["\udc80name"] = 1
value = ["\ud800", "\udfff" * 10, {"\udcff": "\udcff"}]
print("\ud800")

def f(x):
    raise ValueError("\udcff")
