# title: Text, with all the working
# verdict: correct
# fraction: 1
# codes: working-right

lstm_hand = dict(
    i=[".82", ".29", ".34", ".53"], f=[".39", ".81", ".69", ".71"],
    o=[".76", ".78", ".26", ".91"], g=[".72", ".92", "-.78", ".99"],
    c=[".59", ".74", ".25", ".70"], h=[".40", ".49", ".06", ".55"],
)
