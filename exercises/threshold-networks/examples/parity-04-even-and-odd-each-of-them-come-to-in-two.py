# title: Even and odd, each of them come to in two ways, from a unit that is off at the start
# verdict: correct
# fraction: 1

parity = dict(U=[[1], [-1]], W=[[-1, -1], [1, 1]], b=[-1, -1], V=[[1, 1]], c=[-1])
