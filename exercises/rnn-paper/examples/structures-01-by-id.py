# title: By id
# verdict: correct
# fraction: 1

structures = dict(choice=dict(review="last", tagging="both", typing="each", translation="pair"))
