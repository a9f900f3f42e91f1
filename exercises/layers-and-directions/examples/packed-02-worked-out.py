# title: Worked out
# verdict: correct
# fraction: 1

packed = {"W": "4*16*(10 + 16)", "b": "4*16", "parameters": "4*16*(10 + 16 + 1)"}
