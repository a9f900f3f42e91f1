# title: Nothing but spaces
# verdict: missing

why = "   "
