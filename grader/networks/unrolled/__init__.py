"""Networks of single numbers run for a few steps in symbols: values and derivatives as exact formulas."""
