# title: In thirds and sevenths
# verdict: correct
# fraction: 1

parity = dict(U=[['1/3'], ['1/7']], W=[['1/3', '-1/3'], ['1/7', '-1/7']], b=['-1/3', '-2/7'], V=[[1, -1]], c=[-1])
